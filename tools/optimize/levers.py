"""Every lever there is, in the order in which a person would read them."""

from tools.optimize.gpu.autoscale import Autoscale
from tools.optimize.gpu.idle_gpu import IdleGpu
from tools.optimize.gpu.quota import Quota
from tools.optimize.gpu.region import Region
from tools.optimize.gpu.restarts import Restarts
from tools.optimize.gpu.rightsize import Rightsize
from tools.optimize.gpu.schedule import Schedule
from tools.optimize.gpu.sharing import Sharing
from tools.optimize.gpu.spot import Spot
from tools.optimize.lever import Lever
from tools.optimize.llm.batch import Batch

LEVERS: tuple[Lever, ...] = (
    IdleGpu(),
    Rightsize(),
    Schedule(),
    Autoscale(),
    Sharing(),
    Quota(),
    Restarts(),
    Spot(),
    Region(),
    Batch(),
)

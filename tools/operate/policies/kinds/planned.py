"""planned: what a plan would start, judged by `outlay check` before it runs; the store holds none of it."""

from tools.operate.policies.resource import Number, ResourceKind

COST, HOURLY, HOURS, GPUS, CLOCK = "Cost", "HourlyCost", "GpuHours", "Gpus", "Hours"

PLANNED = ResourceKind(
    name="planned",
    says="what a plan would start",
    numbers={
        COST: Number("cost, the high end of its range", None),
        HOURLY: Number("cost of an hour, the high end of its range", None),
        HOURS: Number("GPU-hours", "GPU-hours"),
        GPUS: Number("GPUs at a time", "GPUs"),
        CLOCK: Number("hours", "hours"),
    },
    measure=GPUS,
    texts=("Card", "Instance", "Kind", "Format", "Market", "HostProviderName", "RegionId", "x_Team"),
    read=None,
)

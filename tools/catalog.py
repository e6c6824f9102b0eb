"""The tools that the agent may call."""

from tools.inform.anomalies.explain import explain_anomaly
from tools.inform.anomalies.find import find_anomalies
from tools.inform.data import describe_data
from tools.inform.playbooks import search_playbooks
from tools.inform.prices import lookup_prices
from tools.inform.spend import query_costs
from tools.inform.sql import run_sql
from tools.registry import Tool

CATALOG: tuple[Tool, ...] = (
    query_costs,
    describe_data,
    lookup_prices,
    search_playbooks,
    run_sql,
    find_anomalies,
    explain_anomaly,
)

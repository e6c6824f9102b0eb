"""The tools that the agent may call."""

from tools.inform.allocation.tool import allocate
from tools.inform.allocation.unowned import find_unowned
from tools.inform.anomalies.explain import explain_anomaly
from tools.inform.anomalies.find import find_anomalies
from tools.inform.anomalies.running import find_runaway_spend
from tools.inform.change.tool import explain_change
from tools.inform.data import describe_data
from tools.inform.economics.tool import unit_economics
from tools.inform.forecast.tool import forecast_costs
from tools.inform.gpus.fleet import gpu_fleet
from tools.inform.playbooks import search_playbooks
from tools.inform.prices import lookup_prices
from tools.inform.reconciliation.tool import reconcile
from tools.inform.scenario.compare import compare_scenarios
from tools.inform.scenario.simulate import simulate
from tools.inform.serving import serving_costs
from tools.inform.spend import query_costs
from tools.inform.sql import run_sql
from tools.operate.budgets import budget_status
from tools.operate.health.tool import health_check
from tools.operate.policies.tool import policy_violations
from tools.operate.proof.tool import realised_savings
from tools.operate.remediation.list_proposals import list_proposals
from tools.operate.remediation.propose import propose_remediation
from tools.optimize.commitments.tool import commitments
from tools.optimize.find_savings import find_savings
from tools.registry import Tool

CATALOG: tuple[Tool, ...] = (
    query_costs,
    explain_change,
    find_anomalies,
    explain_anomaly,
    find_runaway_spend,
    forecast_costs,
    describe_data,
    lookup_prices,
    reconcile,
    serving_costs,
    gpu_fleet,
    search_playbooks,
    allocate,
    find_unowned,
    run_sql,
    budget_status,
    unit_economics,
    simulate,
    compare_scenarios,
    find_savings,
    health_check,
    commitments,
    propose_remediation,
    list_proposals,
    realised_savings,
    policy_violations,
)

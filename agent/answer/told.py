"""What is told of rows with more figures than a sentence holds: a few in text, some in the table, all in JSON."""

from agent.answer.facts import dimensions, metrics
from tools.domain.result import Column, ToolResult

_FIGURES: dict[str, tuple[str, ...]] = {
    "budget_status": ("Amount", "Spent", "Projected", "Variance"),
    "find_savings": ("MonthlySaving", "Recommendations"),
    "health_check": ("Score",),
    "unit_economics": ("EffectiveCost", "Units", "UnitCost", "MarginalCost", "Benefit", "Net", "ReturnOnInvestment",
                       "PaybackDays", "Value", "Runs", "CostPerRun", "CostPerGpuHour",
                       "CostPerEpoch", "CostPerPoint", "FailedCost", "Mfu"),
    "commitments": ("Coverage", "Utilization", "SavingsRate", "Unused", "Committed", "Rise", "Saving", "SavingLow",
                    "SavingHigh", "Balance", "Projected", "Shortfall"),
    "gpu_fleet": ("IdleHours", "IdleCost", "EffectiveCost", "IdleShare", "SmActive", "GpuUtilization", "Allocated",
                  "MemoryUnusedGiB", "MemoryHeldGiB", "UnusedShare", "EnergyKwh", "PowerWatts"),
}  # fmt: skip
"""Metric columns that the text tells of each of several rows, by tool."""
_FIGURES_ALONE: dict[str, tuple[str, ...]] = {
    "budget_status": ("Amount", "Spent", "UsedShare", "Remaining", "BurnRate", "Projected", "ProjectedLow",
                      "ProjectedHigh", "Variance", "Production", "Experiment"),
    "find_savings": ("MonthlySaving", "AloneSaving", "LowSaving", "HighSaving", "Confidence"),
}  # fmt: skip
"""The same where there is one row."""
_TABLES: dict[str, tuple[str, ...]] = {
    "commitments": ("Commitment", "Machine", "Account", "Provider", "Coverage", "Utilization", "BreakEven",
                    "SavingsRate", "Saved", "Unused", "Ends", "DaysLeft", "Committed", "OnDemand", "Rise", "Term",
                    "Buy", "Saving", "SavingLow", "SavingHigh", "Cost", "Upfront", "Agreement", "Status", "Balance",
                    "Amount", "Spent", "BurnRate", "Projected", "Shortfall", "NeededRate", "UsedUpOn"),
    "budget_status": ("Budget", "Status", "Owner", "Amount", "Spent", "UsedShare", "Projected", "Variance",
                      "ExhaustedOn"),
    "find_savings": ("Recommendation", "Lever", "Owner", "MonthlySaving", "Recommendations", "Cash", "Confidence",
                     "Effort", "Id"),
    "health_check": ("Part", "Score", "Share", "Measures", "Ask"),
    "propose_remediation": ("Proposal", "Action", "Target", "Environment", "Before", "After", "MonthlySaving",
                            "LowSaving", "HighSaving"),
    "list_proposals": ("Proposal", "Action", "Status", "Targets", "Environment", "MonthlySaving", "ApprovedBy",
                       "RejectedBy", "UndoneBy", "Expires"),
    "policy_violations": ("Rule", "Target", "Limited", "Observed", "Limit", "Owner", "Severity", "Action"),
    "realised_savings": ("Proposal", "Target", "Time", "Action", "AppliedOn", "Estimated", "Counterfactual", "Actual",
                         "Realised", "RealisedLow", "RealisedHigh", "Kept", "DriftedBack", "Days", "Status",
                         "CostsAgain", "CostsAgainOn", "UndoneOn", "Saves"),
    "gpu_fleet": ("Gpu", "Host", "ModelName", "Owner", "x_Team", "Verdict", "IdleHours", "IdleCost", "EffectiveCost",
                  "IdleShare", "WaitingCost", "UnsampledCost", "SmActive", "GpuUtilization", "DramActive",
                  "TensorActive", "Allocated", "MemoryUnusedGiB", "MemoryHeldGiB", "MemoryTotalGiB", "UnusedShare",
                  "EnergyKwh", "PowerWatts", "GpuHours", "Gpus"),
}  # fmt: skip


def said(result: ToolResult) -> tuple[Column, ...]:
    """The metric columns that a sentence about a row tells; what no row has is left out."""
    names = _FIGURES_ALONE.get(result.tool) if len(result.rows) == 1 else None
    names = names or _FIGURES.get(result.tool)
    if names is None:
        return metrics(result)
    wanted = tuple(column for column in metrics(result) if column.name in names and is_set(result, column))
    return wanted or metrics(result)


def is_wider_than_told(result: ToolResult) -> bool:
    """Whether the table has figures of which the text tells none."""
    return bool(dimensions(result)) and len(said(result)) < len(metrics(result))


def table_columns(result: ToolResult) -> tuple[Column, ...]:
    """The columns of a table on a screen: of wide results the ones that matter, if any row has them."""
    names = _TABLES.get(result.tool)
    if names is None:
        return result.columns
    return tuple(column for column in result.columns if column.name in names and is_set(result, column))


def is_set(result: ToolResult, column: Column) -> bool:
    position = result.column_index(column.name)
    return any(row[position] is not None for row in result.rows)

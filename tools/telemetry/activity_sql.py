"""The verdict on every hour of `gpu_hours` as SQL: the same rules as tools.telemetry.activity, for whole fleets."""

from collections.abc import Collection

from tools.telemetry.limits import ActivityRules

SERVES = "lower(COALESCE(\"x_Workload\", '')) IN ('inference', 'serving')"


def verdict_sql(rules: ActivityRules, columns: Collection[str]) -> str:
    """A CASE over the columns of `gpu_hours`; `columns` are those that it has besides the known ones."""
    limits, mig = rules.limits, "\"Mig\" <> ''"
    quiet_watts = quiet_watts_sql(rules)
    sm, dram = (_share(name, limits.active_mean, limits.active_peak) for name in ("SmActive", "DramActive"))
    power = f'(CASE WHEN {mig} THEN NULL ELSE "PowerWattsMax" > {quiet_watts} END)'
    kernels = f'(CASE WHEN {mig} THEN NULL ELSE "GpuUtilizationMax" > {_real(limits.utilization_peak)} END)'
    work = f'{sm} OR {dram} OR "TensorActiveMax" >= {_real(limits.tensor_peak)} OR "RequestsMax" > 0'
    rests = f'(CASE WHEN {mig} THEN NULL ELSE "MemoryUtilizationMax" <= {_real(limits.utilization_peak)} END)'
    held = f'"MemoryUsedGiBMean" > {limits.held_gib}'
    no_sm, no_dram, no_power, no_kernels = (f"COALESCE(NOT {one}, false)" for one in (sm, dram, power, kernels))
    no_traffic = f"({no_dram} OR COALESCE({rests}, false))"
    serves = SERVES if "x_Workload" in columns else "false"
    return (
        "CASE WHEN COALESCE(\"Gpus\", 1) > 1 THEN 'insufficient evidence' "
        f"WHEN COALESCE({work}, false) THEN 'working' "
        f"WHEN {power} THEN CASE WHEN {sm} IS NULL AND {dram} IS NULL AND COALESCE({kernels}, true) THEN 'working' "
        "ELSE 'insufficient evidence' END "
        f'WHEN "CoveredSeconds" < {3600 * limits.coverage} OR COALESCE({kernels}, false) '
        f'OR "MemoryUsedGiBMean" IS NULL OR NOT ({no_sm} OR {no_kernels}) '
        f"OR NOT ({no_traffic} OR ({no_power} AND NOT {held})) OR NOT ({no_sm} OR {no_dram} OR {no_power}) "
        "THEN 'insufficient evidence' "
        f"WHEN NOT {held} THEN 'idle' "
        f"WHEN \"RequestsMax\" IS NOT NULL OR {serves} THEN 'waiting' ELSE 'zombie' END"
    )


def quiet_watts_sql(rules: ActivityRules) -> str:
    """What a GPU of its model does not exceed without work; NULL for an unknown model."""
    name = "lower(COALESCE(\"ModelName\", ''))"
    whens = " ".join(f"WHEN contains({name}, '{one.model.lower()}') THEN {one.quiet_watts}" for one in rules.power)
    return f"(CASE {whens} END)"


def _share(metric: str, mean: float, peak: float) -> str:
    return f'("{metric}Mean" >= {mean} OR "{metric}Max" >= {_real(peak)})'


def _real(value: float) -> str:
    """A limit in the precision of the samples, so that a value at the limit compares alike."""
    return f"CAST({value} AS FLOAT)"

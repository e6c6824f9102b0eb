"""The 36 published FOCUS use cases: a natural question, the query, and the truth or the column that is missing.

`synthetic` is May 2026 (FOCUS 1.2 and 1.3, generated), `sample` is September 2024 (FOCUS 1.0, real). Use cases about
budgets, forecasts and anomalies are answered with the actual side that they are fed with.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from evals.focus_use_cases.truth import Key, Row, Value, grouped, number
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.scope import Filter

Dataset = Literal["synthetic", "sample"]
MAY = Period(start=date(2026, 5, 1), end=date(2026, 6, 1))
SEPTEMBER = Period(start=date(2024, 9, 1), end=date(2024, 10, 1))
EFFECTIVE, BILLED, LIST, CONTRACTED = map(number, ("EffectiveCost", "BilledCost", "ListCost", "ContractedCost"))
APPLICATION = "PrimeManagerDrive"


@dataclass(frozen=True)
class UseCase:
    """`truth` gives, per names of a group, its values in the order of the query's metrics; none: `no_data` expected."""

    id: str
    question: str
    query: CostQuery
    truth: Callable[[list[Row]], dict[Key, tuple[Decimal | None, ...]]] | None
    missing: str | None = None
    data: Dataset = "synthetic"


def column(name: str) -> Callable[[Row], str | None]:
    return lambda row: row.get(name) or None


def provider(row: Row) -> str | None:
    return row.get("HostProviderName") or row["ProviderName"]


def vendor(row: Row) -> str | None:
    return row.get("ServiceProviderName") or row["PublisherName"]


def inside(json_column: str, key: str) -> Callable[[Row], str | None]:
    def find(row: Row) -> str | None:
        try:
            found = json.loads(row.get(json_column) or "{}").get(key)
        except ValueError:
            return None
        return None if found is None else str(found)

    return find


def month(row: Row) -> str | None:
    return row["ChargePeriodStart"][:7] + "-01"


def billing_month(row: Row) -> str | None:
    return row["BillingPeriodStart"][:7] + "-01"


def day(row: Row) -> str | None:
    return row["ChargePeriodStart"][:10]


def one(row: Row) -> Decimal:
    return Decimal(1)


def usage(row: Row) -> bool:
    return row["ChargeCategory"] == "Usage"


def is_(name: str, *values: str) -> Callable[[Row], bool]:
    return lambda row: row.get(name) in values


def both(*tests: Callable[[Row], bool]) -> Callable[[Row], bool]:
    return lambda row: all(test(row) for test in tests)


def sums(*numbers: Callable[[Row], Decimal | None]) -> tuple[Value, ...]:
    return tuple(Value(one) for one in numbers)


def groups(
    keys: tuple[Callable[[Row], str | None], ...], values: tuple[Value, ...], where: Callable[[Row], bool] | None = None
) -> Callable[[list[Row]], dict[Key, tuple[Decimal | None, ...]]]:
    return lambda rows: grouped(rows, keys, values, where or (lambda row: True))


def ask(period: Period = MAY, **query: Any) -> CostQuery:
    return CostQuery.model_validate({"period": period, **query})


def only(dimension: str, *values: str) -> Filter:
    return Filter(dimension=dimension, values=values)


def not_unused(amount: Callable[[Row], Decimal | None]) -> Callable[[Row], Decimal | None]:
    return lambda row: None if row["CommitmentDiscountStatus"] == "Unused" else amount(row)


def saved(row: Row) -> Decimal:
    return (not_unused(CONTRACTED)(row) or Decimal(0)) - (EFFECTIVE(row) or Decimal(0))


def core_hours(row: Row) -> Decimal:
    return Decimal(row["ConsumedQuantity"]) * Decimal(inside("SkuPriceDetails", "CoreCount")(row) or 0)


def has_cores(row: Row) -> bool:
    return usage(row) and row["ConsumedUnit"] == "Hours" and inside("SkuPriceDetails", "CoreCount")(row) is not None


def in_september(row: Row) -> bool:
    return row["BillingPeriodStart"].startswith("2024-09")


def of_application(row: Row) -> bool:
    return inside("Tags", "application")(row) == APPLICATION


def half(first: bool) -> Callable[[Row], Decimal | None]:
    """Consumed quantity of the first half of September, or of the second."""
    return lambda row: number("ConsumedQuantity")(row) if (row["ChargePeriodStart"][8:10] <= "15") is first else None


def of_usage(amount: Callable[[Row], Decimal | None]) -> Callable[[Row], Decimal | None]:
    return lambda row: amount(row) if usage(row) else None


def priced(amount: Callable[[Row], Decimal | None]) -> Callable[[Row], Decimal | None]:
    return lambda row: amount(row) if usage(row) and row["PricingUnit"] else None


COMPUTE = only("ServiceCategory", "Compute")
RATE = Value(priced(EFFECTIVE), priced(number("PricingQuantity")))
ESR = Value(saved, not_unused(CONTRACTED))

CASES: tuple[UseCase, ...] = (
    UseCase(
        "understand_the_billing_account_or_sub_account_entity",
        "How many charges are there by provider, billing account id, billing account, billing account type, "
        "sub-account id, sub-account and sub-account type in May 2026?",
        ask(
            metrics=("Rows",),
            group_by=(
                "HostProviderName",
                "BillingAccountId",
                "BillingAccountName",
                "BillingAccountType",
                "SubAccountId",
                "SubAccountName",
                "SubAccountType",
            ),
        ),
        groups(
            (
                provider,
                column("BillingAccountId"),
                column("BillingAccountName"),
                column("BillingAccountType"),
                column("SubAccountId"),
                column("SubAccountName"),
                column("SubAccountType"),
            ),
            sums(one),
        ),
    ),
    UseCase(
        "identify_sources_of_billed_cost",
        "What is the billed cost by provider, service provider and invoice issuer in May 2026?",
        ask(metrics=("BilledCost",), group_by=("HostProviderName", "ServiceProviderName", "InvoiceIssuerName")),
        groups((provider, vendor, column("InvoiceIssuerName")), sums(BILLED)),
    ),
    UseCase(
        "verify_accuracy_of_provider_invoices_aka_invoice_reconciliation",
        "What was billed by invoice issuer and invoice number in May 2026?",
        ask(metrics=("BilledCost",), group_by=("InvoiceIssuerName", "InvoiceId")),
        groups((column("InvoiceIssuerName"), column("InvoiceId")), sums(BILLED)),
    ),
    UseCase(
        "calculate_average_rate_of_a_component_resource",
        "What is the average cost per core by instance series and region id in May 2026?",
        ask(metrics=("CostPerCoreHour",), group_by=("InstanceSeries", "RegionId")),
        groups(
            (inside("SkuPriceDetails", "InstanceSeries"), column("RegionId")),
            (Value(EFFECTIVE, core_hours),),
            has_cores,
        ),
    ),
    UseCase(
        "calculate_unit_economics",
        "What is the cost per consumed unit of Storage by service and consumed unit in May 2026?",
        ask(
            metrics=("CostPerConsumedUnit",),
            group_by=("ServiceName", "ConsumedUnit"),
            filters=(only("ServiceCategory", "Storage"),),
        ),
        groups(
            (column("ServiceName"), column("ConsumedUnit")),
            (Value(EFFECTIVE, number("ConsumedQuantity")),),
            both(usage, is_("ServiceCategory", "Storage"), lambda row: bool(row["ConsumedUnit"])),
        ),
    ),
    UseCase(
        "calculate_consumption_of_virtual_currency_within_a_billing_period",
        "How much virtual currency did we consume in September 2024?",
        ask(SEPTEMBER, metrics=("VirtualCurrencyConsumption",)),
        None,
        missing="PricingCurrency",
        data="sample",
    ),
    UseCase(
        "analyze_effective_cost_by_pricing_currency",
        "What is the effective cost in pricing currency by pricing currency in May 2026?",
        ask(metrics=("PricingCurrencyEffectiveCost",), group_by=("PricingCurrency",)),
        groups((column("PricingCurrency"),), sums(number("PricingCurrencyEffectiveCost"))),
    ),
    UseCase(
        "analyze_purchase_of_virtual_currency",
        "What did we purchase by pricing currency in September 2024?",
        ask(SEPTEMBER, metrics=("Purchases",), group_by=("PricingCurrency",)),
        None,
        missing="PricingCurrency",
        data="sample",
    ),
    UseCase(
        "analyze_tag_coverage",
        "What is our spend by tag Environment in May 2026, with shares?",
        ask(group_by=("tag:Environment",), with_share=True),
        groups((inside("Tags", "Environment"),), sums(EFFECTIVE)),
    ),
    UseCase(
        "analyze_the_different_metered_costs_for_a_particular_sku",
        "What are the effective cost and list cost by SKU and meter in May 2026?",
        ask(metrics=("EffectiveCost", "ListCost"), group_by=("SkuId", "SkuMeter")),
        groups((column("SkuId"), column("SkuMeter")), sums(EFFECTIVE, LIST)),
    ),
    UseCase(
        "analyze_capacity_reservations_on_compute_costs",
        "What does service category Compute cost by capacity reservation status in May 2026?",
        ask(group_by=("CapacityReservationStatus",), filters=(COMPUTE,)),
        None,
        missing="CapacityReservationStatus",
    ),
    UseCase(
        "identify_unused_capacity_reservations",
        "What do unused capacity reservations cost by capacity reservation in May 2026?",
        ask(group_by=("CapacityReservationId",), filters=(only("CapacityReservationStatus", "Unused"),)),
        None,
        missing="CapacityReservationId",
    ),
    UseCase(
        "recurring_commitment_charges",
        "What are our purchases by commitment id and commitment type with charge frequency Recurring in May 2026?",
        ask(
            metrics=("Purchases",),
            group_by=("CommitmentDiscountId", "CommitmentDiscountType"),
            filters=(only("ChargeFrequency", "Recurring"),),
        ),
        groups(
            (column("CommitmentDiscountId"), column("CommitmentDiscountType")),
            sums(BILLED),
            both(is_("ChargeCategory", "Purchase"), is_("ChargeFrequency", "Recurring")),
        ),
    ),
    UseCase(
        "costs_service_name",
        "What is our spend by service by month in May 2026?",
        ask(group_by=("ServiceName",), granularity="month"),
        groups((column("ServiceName"), month), sums(EFFECTIVE)),
    ),
    UseCase(
        "analyze_service_costs_by_region",
        "What is our spend by provider, region and service in May 2026?",
        ask(group_by=("HostProviderName", "RegionName", "ServiceName")),
        groups((provider, column("RegionName"), column("ServiceName")), sums(EFFECTIVE)),
    ),
    UseCase(
        "report_service_costs_by_providers_subaccount",
        "What is our spend by provider, service and sub-account in May 2026?",
        ask(group_by=("HostProviderName", "ServiceName", "SubAccountName")),
        groups((provider, column("ServiceName"), column("SubAccountName")), sums(EFFECTIVE)),
    ),
    UseCase(
        "application_cost",
        f"What is the effective cost of tag application {APPLICATION} by month in September 2024?",
        ask(SEPTEMBER, filters=(only("tag:application", APPLICATION),), granularity="month"),
        groups((month,), sums(EFFECTIVE), of_application),
        data="sample",
    ),
    UseCase(
        "resource_component_costs",
        "What does resource type Virtual Machine cost by resource id and meter in May 2026?",
        ask(group_by=("ResourceId", "SkuMeter"), filters=(only("ResourceType", "Virtual Machine"),)),
        groups((column("ResourceId"), column("SkuMeter")), sums(EFFECTIVE), is_("ResourceType", "Virtual Machine")),
    ),
    UseCase(
        "report_corrections",
        "What is the billed cost of charge class Correction by service in September 2024?",
        ask(
            SEPTEMBER, metrics=("BilledCost",), group_by=("ServiceName",), filters=(only("ChargeClass", "Correction"),)
        ),
        None,
        missing="ChargeClass",
        data="sample",
    ),
    UseCase(
        "effective_cost_compute",
        "What is our spend on service category Compute by provider and commitment type in May 2026?",
        ask(group_by=("HostProviderName", "CommitmentDiscountType"), filters=(COMPUTE,)),
        groups((provider, column("CommitmentDiscountType")), sums(EFFECTIVE), is_("ServiceCategory", "Compute")),
    ),
    UseCase(
        "effective_savings_rate_services",
        "What is the effective savings rate by service in May 2026?",
        ask(metrics=("EffectiveSavingsRate",), group_by=("ServiceName",)),
        groups((column("ServiceName"),), (ESR,), usage),
    ),
    UseCase(
        "effective_savings_rate",
        "What is our effective savings rate in May 2026?",
        ask(metrics=("EffectiveSavingsRate",)),
        groups((), (ESR,), usage),
    ),
    UseCase(
        "marketplace_vendors_costs",
        "What is our spend by provider and service provider by month in May 2026?",
        ask(group_by=("HostProviderName", "ServiceProviderName"), granularity="month"),
        groups((provider, vendor, month), sums(EFFECTIVE)),
    ),
    UseCase(
        "cost_compute_subaccount",
        "What did sandbox-dev spend on service category Compute by service by day in May 2026?",
        ask(group_by=("ServiceName",), filters=(COMPUTE, only("SubAccountName", "sandbox-dev")), granularity="day"),
        groups(
            (column("ServiceName"), day),
            sums(EFFECTIVE),
            both(is_("ServiceCategory", "Compute"), is_("SubAccountName", "sandbox-dev")),
        ),
    ),
    UseCase(
        "daily_anomaly_services",
        "What is the daily spend by sub-account, region and service in May 2026?",
        ask(group_by=("SubAccountName", "RegionName", "ServiceName"), granularity="day"),
        groups((column("SubAccountName"), column("RegionName"), column("ServiceName"), day), sums(EFFECTIVE)),
    ),
    UseCase(
        "daily_anomaly_region",
        "What is the daily spend by sub-account and region in May 2026?",
        ask(group_by=("SubAccountName", "RegionName"), granularity="day"),
        groups((column("SubAccountName"), column("RegionName"), day), sums(EFFECTIVE)),
    ),
    UseCase(
        "update_application_budgets",
        "What was billed by tag application in September 2024?",
        ask(SEPTEMBER, metrics=("BilledCost",), group_by=("tag:application",)),
        groups((inside("Tags", "application"),), sums(BILLED), in_september),
        data="sample",
    ),
    UseCase(
        "update_budgets",
        "What was billed by provider by month in September 2024?",
        ask(SEPTEMBER, metrics=("BilledCost",), group_by=("HostProviderName",), granularity="month"),
        groups((provider, billing_month), sums(BILLED), in_september),
        data="sample",
    ),
    UseCase(
        "forecast_costs",
        "What are the usage cost, pricing quantity and average effective unit price by service, region and "
        "pricing unit in May 2026?",
        ask(
            metrics=("UsageCost", "PricingQuantity", "AverageEffectiveUnitPrice"),
            group_by=("ServiceName", "RegionName", "PricingUnit"),
        ),
        groups(
            (column("ServiceName"), column("RegionName"), column("PricingUnit")),
            (*sums(of_usage(EFFECTIVE), number("PricingQuantity")), RATE),
        ),
    ),
    UseCase(
        "forecast_cashflow",
        "What was billed by service by month in May 2026?",
        ask(metrics=("BilledCost",), group_by=("ServiceName",), granularity="month"),
        groups((column("ServiceName"), billing_month), sums(BILLED)),
    ),
    UseCase(
        "verify_discounts_applied",
        "What are the list cost, contracted cost and effective cost by service in May 2026?",
        ask(metrics=("ListCost", "ContractedCost", "EffectiveCost"), group_by=("ServiceName",)),
        groups((column("ServiceName"),), sums(LIST, CONTRACTED, EFFECTIVE)),
    ),
    UseCase(
        "verify_service_charges",
        "What was billed by provider and service in September 2024?",
        ask(SEPTEMBER, metrics=("BilledCost",), group_by=("HostProviderName", "ServiceName")),
        groups((provider, column("ServiceName")), sums(BILLED), in_september),
        data="sample",
    ),
    UseCase(
        "compare_usage_month_over_month",
        "What is the consumed quantity by service and consumed unit from 16 to 30 September 2024 compared with "
        "1 to 15 September 2024?",
        ask(
            Period(start=date(2024, 9, 16), end=date(2024, 10, 1)),
            metrics=("ConsumedQuantity",),
            group_by=("ServiceName", "ConsumedUnit"),
            compare_to=Period(start=date(2024, 9, 1), end=date(2024, 9, 16)),
        ),
        groups(
            (column("ServiceName"), column("ConsumedUnit")),
            sums(lambda row: half(False)(row) or Decimal(0), lambda row: half(True)(row) or Decimal(0)),
            usage,
        ),
        data="sample",
    ),
    UseCase(
        "service_costs_subaccount",
        "What did prod-platform spend by service in May 2026?",
        ask(group_by=("ServiceName",), filters=(only("SubAccountName", "prod-platform"),)),
        groups((column("ServiceName"),), sums(EFFECTIVE), is_("SubAccountName", "prod-platform")),
    ),
    UseCase(
        "allocate_application_multi_currency",
        f"What are the effective cost and billed cost of tag application {APPLICATION} by billing currency in "
        "September 2024?",
        ask(
            SEPTEMBER,
            metrics=("EffectiveCost", "BilledCost"),
            group_by=("BillingCurrency",),
            filters=(only("tag:application", APPLICATION),),
        ),
        groups((column("BillingCurrency"),), sums(EFFECTIVE, BILLED), of_application),
        data="sample",
    ),
    UseCase(
        "compare_billed_budget",
        "What was billed by sub-account in May 2026?",
        ask(metrics=("BilledCost",), group_by=("SubAccountName",)),
        groups((column("SubAccountName"),), sums(BILLED)),
    ),
)

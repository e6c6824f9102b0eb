"""The columns of the store: FOCUS 1.4 CostAndUsage, and what FOCUS lacks.

Source of the first table: the FOCUS specification, datasets/cost_and_usage (1.0 to 1.4), focus.finops.org, CC-BY-4.0.
"""

from typing import Literal, NamedTuple

Kind = Literal["cost", "price", "quantity", "text", "json", "time"]
Level = Literal["mandatory", "conditional", "recommended", "extension"]


class Focus(NamedTuple):
    """One column: its kind decides its type in the store, its level what counts as a conformance defect."""

    name: str
    kind: Kind
    level: Level
    nullable: bool = True
    since: str = "1.0"


FOCUS_COLUMNS: tuple[Focus, ...] = (
    Focus("AllocatedMethodDetails", "json", "recommended", nullable=True, since="1.3"),
    Focus("AllocatedMethodId", "text", "conditional", nullable=True, since="1.3"),
    Focus("AllocatedResourceId", "text", "conditional", nullable=True, since="1.3"),
    Focus("AllocatedResourceName", "text", "conditional", nullable=True, since="1.3"),
    Focus("AllocatedTags", "json", "conditional", nullable=True, since="1.3"),
    Focus("AvailabilityZone", "text", "recommended", nullable=True, since="1.0"),
    Focus("BilledCost", "cost", "mandatory", nullable=False, since="1.0"),
    Focus("BillingAccountId", "text", "mandatory", nullable=False, since="1.0"),
    Focus("BillingAccountName", "text", "mandatory", nullable=True, since="1.0"),
    Focus("BillingAccountType", "text", "conditional", nullable=False, since="1.2"),
    Focus("BillingCurrency", "text", "mandatory", nullable=False, since="1.0"),
    Focus("BillingPeriodEnd", "time", "mandatory", nullable=False, since="1.0"),
    Focus("BillingPeriodStart", "time", "mandatory", nullable=False, since="1.0"),
    Focus("CapacityReservationId", "text", "conditional", nullable=True, since="1.1"),
    Focus("CapacityReservationStatus", "text", "conditional", nullable=True, since="1.1"),
    Focus("ChargeCategory", "text", "mandatory", nullable=False, since="1.0"),
    Focus("ChargeClass", "text", "mandatory", nullable=True, since="1.0"),
    Focus("ChargeDescription", "text", "mandatory", nullable=True, since="1.0"),
    Focus("ChargeFrequency", "text", "recommended", nullable=False, since="1.0"),
    Focus("ChargePeriodEnd", "time", "mandatory", nullable=False, since="1.0"),
    Focus("ChargePeriodStart", "time", "mandatory", nullable=False, since="1.0"),
    Focus("CommitmentDiscountCategory", "text", "conditional", nullable=True, since="1.0"),
    Focus("CommitmentDiscountId", "text", "conditional", nullable=True, since="1.0"),
    Focus("CommitmentDiscountName", "text", "conditional", nullable=True, since="1.0"),
    Focus("CommitmentDiscountQuantity", "quantity", "conditional", nullable=True, since="1.1"),
    Focus("CommitmentDiscountStatus", "text", "conditional", nullable=True, since="1.0"),
    Focus("CommitmentDiscountType", "text", "conditional", nullable=True, since="1.0"),
    Focus("CommitmentDiscountUnit", "text", "conditional", nullable=True, since="1.1"),
    Focus("CommitmentProgramEligibilityDetails", "json", "conditional", nullable=True, since="1.4"),
    Focus("ConsumedQuantity", "quantity", "conditional", nullable=True, since="1.0"),
    Focus("ConsumedUnit", "text", "conditional", nullable=True, since="1.0"),
    Focus("ContractApplied", "json", "conditional", nullable=True, since="1.3"),
    Focus("ContractedCost", "cost", "mandatory", nullable=False, since="1.0"),
    Focus("ContractedUnitPrice", "price", "conditional", nullable=True, since="1.0"),
    Focus("EffectiveCost", "cost", "mandatory", nullable=False, since="1.0"),
    Focus("HostProviderName", "text", "mandatory", nullable=True, since="1.3"),
    Focus("InvoiceDetailId", "text", "conditional", nullable=True, since="1.4"),
    Focus("InvoiceId", "text", "conditional", nullable=True, since="1.2"),
    Focus("InvoiceIssuerName", "text", "mandatory", nullable=False, since="1.0"),
    Focus("ListCost", "cost", "mandatory", nullable=False, since="1.0"),
    Focus("ListUnitPrice", "price", "conditional", nullable=True, since="1.0"),
    Focus("PricingCategory", "text", "conditional", nullable=True, since="1.0"),
    Focus("PricingCurrency", "text", "conditional", nullable=False, since="1.2"),
    Focus("PricingCurrencyContractedUnitPrice", "price", "conditional", nullable=True, since="1.2"),
    Focus("PricingCurrencyEffectiveCost", "cost", "conditional", nullable=False, since="1.2"),
    Focus("PricingCurrencyListUnitPrice", "price", "conditional", nullable=True, since="1.2"),
    Focus("PricingQuantity", "quantity", "mandatory", nullable=True, since="1.0"),
    Focus("PricingUnit", "text", "mandatory", nullable=True, since="1.0"),
    Focus("RegionId", "text", "conditional", nullable=True, since="1.0"),
    Focus("RegionName", "text", "conditional", nullable=True, since="1.0"),
    Focus("ResourceId", "text", "conditional", nullable=True, since="1.0"),
    Focus("ResourceName", "text", "conditional", nullable=True, since="1.0"),
    Focus("ResourceType", "text", "conditional", nullable=True, since="1.0"),
    Focus("ServiceCategory", "text", "mandatory", nullable=False, since="1.0"),
    Focus("ServiceName", "text", "mandatory", nullable=False, since="1.0"),
    Focus("ServiceProviderName", "text", "mandatory", nullable=False, since="1.3"),
    Focus("ServiceSubcategory", "text", "recommended", nullable=False, since="1.1"),
    Focus("SkuId", "text", "conditional", nullable=True, since="1.0"),
    Focus("SkuMeter", "text", "conditional", nullable=True, since="1.1"),
    Focus("SkuPriceDetails", "json", "conditional", nullable=True, since="1.1"),
    Focus("SkuPriceId", "text", "conditional", nullable=True, since="1.0"),
    Focus("SubAccountId", "text", "conditional", nullable=True, since="1.0"),
    Focus("SubAccountName", "text", "conditional", nullable=True, since="1.0"),
    Focus("SubAccountType", "text", "conditional", nullable=True, since="1.2"),
    Focus("Tags", "json", "conditional", nullable=True, since="1.0"),
)

EXTENSION_COLUMNS: tuple[Focus, ...] = (
    Focus("x_CostBasis", "text", "extension"),
    Focus("x_Source", "text", "extension"),
    Focus("x_Dataset", "text", "extension"),
    Focus("x_Model", "text", "extension"),
    Focus("x_ModelDeveloper", "text", "extension"),
    Focus("x_TokenType", "text", "extension"),
    Focus("x_ServiceTier", "text", "extension"),
    Focus("x_Workload", "text", "extension"),
    Focus("x_Team", "text", "extension"),
    Focus("x_Project", "text", "extension"),
    Focus("x_Environment", "text", "extension"),
    Focus("x_UseCase", "text", "extension"),
    Focus("x_Customer", "text", "extension"),
    Focus("x_Status", "text", "extension"),
    Focus("x_Requests", "quantity", "extension"),
    Focus("x_PriceSource", "text", "extension"),
)
"""Outlay's own columns. Any other `x_` column of a file is kept as text under its own name.

`x_PriceSource` says what priced a usage row; `unpriced` marks usage whose cost is unknown (NULL, never 0).
"""

COLUMNS: tuple[Focus, ...] = FOCUS_COLUMNS + EXTENSION_COLUMNS
BY_NAME: dict[str, Focus] = {column.name: column for column in COLUMNS}
RENAMED: dict[str, str] = {"ProviderName": "HostProviderName", "PublisherName": "ServiceProviderName"}
"""FOCUS 1.0–1.3 names → 1.4 names (version migration guidance, 1.3)."""

SQL_TYPES: dict[Kind, str] = {
    "cost": "DECIMAL(38,24)",
    "price": "DECIMAL(38,24)",
    "quantity": "DECIMAL(38,18)",
    "text": "VARCHAR",
    "json": "VARCHAR",
    "time": "TIMESTAMP",
}

ROLLUP_DIMENSIONS: tuple[str, ...] = (
    "BillingPeriodStart",
    "BillingCurrency",
    "PricingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "PricingCategory",
    "CommitmentDiscountCategory",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CapacityReservationStatus",
    "HostProviderName",
    "ServiceProviderName",
    "InvoiceIssuerName",
    "BillingAccountId",
    "BillingAccountName",
    "SubAccountId",
    "SubAccountName",
    "ServiceCategory",
    "ServiceSubcategory",
    "ServiceName",
    "RegionId",
    "RegionName",
    "ConsumedUnit",
    "PricingUnit",
    "x_CostBasis",
    "x_Source",
    "x_Dataset",
    "x_Model",
    "x_ModelDeveloper",
    "x_TokenType",
    "x_ServiceTier",
    "x_Workload",
    "x_Team",
    "x_Project",
    "x_Environment",
    "x_UseCase",
    "x_Customer",
    "x_PriceSource",
)
"""What the daily rollup keeps apart, besides the day of ChargePeriodStart (`ChargeDay`)."""

ROLLUP_SUMS: tuple[str, ...] = (
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "PricingCurrencyEffectiveCost",
    "ConsumedQuantity",
    "PricingQuantity",
    "x_Requests",
)
"""What it sums; `x_Rows` counts the rows behind each group."""

COST_BASES: tuple[str, ...] = ("invoice", "provider_usage", "estimate", "allocated")
TOKEN_TYPES: tuple[str, ...] = ("input", "cached_input", "cache_write", "output", "reasoning")

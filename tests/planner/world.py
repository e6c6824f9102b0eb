"""A lexicon like a real store's: four clouds, two model providers, 15 models, 6 teams, and names that look alike."""

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 23)
"""A Monday."""

VALUES: dict[str, tuple[str, ...]] = {
    "HostProviderName": ("AWS", "Microsoft", "Google Cloud", "Oracle", "OpenAI", "Anthropic"),
    "ServiceProviderName": ("AWS", "Microsoft", "Google Cloud", "Oracle", "OpenAI", "Anthropic"),
    "InvoiceIssuerName": ("AWS", "Microsoft", "Google Cloud", "Oracle", "OpenAI", "Anthropic"),
    "x_ModelDeveloper": ("OpenAI", "Anthropic", "Meta", "Google", "DeepSeek"),
    "x_Model": (
        "gpt-5.5", "gpt-5.5-mini", "gpt-4.1", "gpt-4.1-mini", "o4-mini", "claude-opus-4.5", "claude-sonnet-4.5",
        "claude-haiku-4.5", "gemini-3-pro", "gemini-3-flash", "llama-4-70b", "llama-4-8b", "deepseek-r1", "m-large",
        "text-embedding-3-large",
    ),
    "x_Team": ("search", "docflow", "discovery", "insights", "platform", "research"),
    "x_Project": ("semantic-search", "extractor", "recommender", "report-writer", "sql-helper", "assistant"),
    "x_Environment": ("production", "staging", "development"),
    "x_UseCase": ("extraction", "ranking", "reporting", "code-assist", "embeddings"),
    "x_Customer": ("Aldgate Bank", "Norrland Health", "Pinecrest Retail", "Umbra Logistics", "client-language-61"),
    "x_Workload": ("inference", "training", "fine_tuning"),
    "x_ServiceTier": ("standard", "batch"),
    "x_TokenType": ("input", "cached_input", "cache_write", "output", "reasoning"),
    "ServiceName": (
        "Amazon Elastic Compute Cloud", "Amazon Simple Storage Service", "Amazon Bedrock", "Amazon SageMaker",
        "Azure OpenAI Service", "Virtual Machines", "BigQuery", "Vertex AI", "Compute Engine", "OpenAI", "Anthropic",
    ),
    "ServiceCategory": ("Compute", "Storage", "AI and Machine Learning", "Networking", "Databases", "Analytics"),
    "RegionId": ("us-east-1", "us-west-2", "eu-west-1", "eastus", "europe-west4"),
    "RegionName": ("US East (N. Virginia)", "US West (Oregon)", "EU (Ireland)", "East US", "Netherlands"),
    "SubAccountId": ("112233445566", "998877665544"),
    "SubAccountName": ("ml-production", "data-lake", "sandbox"),
    "BillingAccountName": ("Fernhill Group",),
    "ChargeCategory": ("Usage", "Purchase", "Tax", "Credit"),
    "PricingCategory": ("Standard", "Committed", "Dynamic"),
    "BillingCurrency": ("USD",),
    "tag:cost-center": ("cc-100", "cc-200"),
    "tag:team": ("search", "platform"),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """What the lexicon reads of a store."""

    loaded_from: date | None = date(2025, 10, 23)
    loaded_through: date | None = date(2026, 11, 22)

    def values(self, dimension: str) -> tuple[str, ...]:
        return VALUES.get(dimension, ())

    def tag_keys(self) -> tuple[str, ...]:
        return ("team", "cost-center", "owner")

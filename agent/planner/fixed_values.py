"""Words for values that FOCUS or the x_ columns fix, which are understood whether or not the data has them."""

from agent.planner.senses import Names

_FIXED: tuple[tuple[str, str, str], ...] = (
    ("x_Workload", "training", "training|model training|pretraining|pre-training"),
    ("x_Workload", "fine_tuning", "fine tuning|fine-tuning|finetuning|fine tune"),
    ("x_Workload", "inference", "inference|inferencing|serving"),
    ("x_Workload", "evaluation", "evaluation|evals|evaluations"),
    ("x_ServiceTier", "batch", "batch|batch api|batch tier"),
    ("x_ServiceTier", "priority", "priority|priority tier"),
    ("x_ServiceTier", "flex", "flex|flex tier"),
    ("x_ServiceTier", "standard", "standard tier"),
    ("x_Environment", "production", "production|prod|prd"),
    ("x_Environment", "staging", "staging|stage|stg|preprod|pre-production"),
    ("x_Environment", "development", "development environment|dev|dev environment|development"),
    ("x_Environment", "test", "test environment|testing|qa"),
    ("ChargeCategory", "Usage", "usage charges|usage charge"),
    ("ChargeCategory", "Purchase", "purchase charges|upfront charges|up-front charges|upfront fees|prepayments"),
    ("ChargeFrequency", "Recurring", "recurring"),
    ("ChargeFrequency", "One-Time", "one-time charges|one time charges|one-time fees|one-time"),
    ("PricingCategory", "Standard", "on-demand|on demand|ondemand|pay as you go|payg"),
    ("PricingCategory", "Dynamic", "spot|spot instances|preemptible|spot usage"),
    ("PricingCategory", "Committed", "committed|commitment spend|reserved|under commitment|covered by commitments"),
    ("CommitmentDiscountStatus", "Unused", "unused commitments only|unused commitment charges"),
    ("CapacityReservationStatus", "Unused", "unused capacity reservations|unused capacity|unused reservations"),
    ("CapacityReservationStatus", "Used", "used capacity reservations|used reservations"),
    ("ServiceCategory", "Compute", "compute"),
    ("ServiceCategory", "Storage", "storage"),
    ("ServiceCategory", "Networking", "networking|network|data transfer|egress"),
    ("ServiceCategory", "Databases", "databases|database|dbs"),
    ("ServiceCategory", "AI and Machine Learning", "ai and machine learning|machine learning|ml|ai|ai and ml"),
    ("ServiceCategory", "Analytics", "analytics"),
    ("ServiceCategory", "Security", "security"),
    ("ServiceCategory", "Management and Governance", "management and governance"),
    ("ServiceSubcategory", "Generative AI", "generative ai|genai|gen ai|generative ai services"),
    ("x_TokenType", "input,cached_input,cache_write", "input|prompt|prompts|inputs"),
    ("x_TokenType", "output,reasoning", "output|completion|completions|outputs"),
    ("x_TokenType", "cached_input", "cached|cache read"),
    ("x_TokenType", "cache_write", "written to cache"),
    ("x_TokenType", "reasoning", "reasoning|thinking"),
    ("x_CostBasis", "invoice", "invoice basis"),
    ("x_CostBasis", "provider_usage", "provider usage basis"),
    ("x_CostBasis", "estimate", "estimates only"),
)  # fmt: skip

EXCLUDED_METRICS: dict[str, Names] = {
    "Credits": Names("ChargeCategory", ("Credit",)),
    "Taxes": Names("ChargeCategory", ("Tax",)),
    "Purchases": Names("ChargeCategory", ("Purchase",)),
    "Refunds": Names("ChargeClass", ("Correction",)),
    "CachedInputTokens": Names("x_TokenType", ("cached_input",)),
    "CacheWriteTokens": Names("x_TokenType", ("cache_write",)),
    "InputTokens": Names("x_TokenType", ("input", "cached_input", "cache_write")),
    "UncachedInputTokens": Names("x_TokenType", ("input",)),
    "OutputTokens": Names("x_TokenType", ("output", "reasoning")),
    "ReasoningTokens": Names("x_TokenType", ("reasoning",)),
}
"""What a metric's word leaves out, or narrows to: "without credits", "the cost of output tokens"."""


def fixed_phrases() -> list[tuple[str, str, str]]:
    """Phrase, dimension and value."""
    return [(phrase, dimension, value) for dimension, value, text in _FIXED for phrase in text.split("|")]

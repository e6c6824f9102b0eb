"""Who calls which model, for what, and how much: the company's token streams."""

from dataclasses import dataclass, replace

from tools.demo.prices import PREVIEW_MODEL
from tools.demo.rhythm import Rhythm

CUSTOMERS = (
    "Aldgate Bank",
    "Norrland Health",
    "Pinecrest Retail",
    "Umbra Logistics",
    "Quayside Insurance",
    "Tessera Travel",
)
_SHARES = (0.29, 0.22, 0.18, 0.13, 0.11, 0.07)
DEVELOPERS = {
    "gpt": "OpenAI",
    "o4-": "OpenAI",
    "tex": "OpenAI",
    "ft:": "OpenAI",
    "cla": "Anthropic",
    "lla": "Meta",
    "gem": "Google",
    "qwe": "Alibaba",
    "dee": "DeepSeek",
}
SELF_HOSTED = "Nordhaven Compute"


@dataclass(frozen=True)
class Stream:
    """One caller of one model. Tokens are means a request; `cached`, `written` are parts of the input, `reasoning` of
    the output. `begins`, `ends` are (month, day of that month) in the world's months, with a ramp of `ramp` days."""

    provider: str
    model: str
    team: str
    project: str
    environment: str
    use_case: str
    usd_per_day: float
    input: int
    output: int
    cached: float = 0.0
    written: float = 0.0
    reasoning: float = 0.0
    customer: str | None = None
    workload: str = "inference"
    tier: str = "standard"
    rhythm: Rhythm = "office"
    growth: float = 1.35
    begins: tuple[int, int] | None = None
    ends: tuple[int, int] | None = None
    ramp: int = 1
    region: str | None = None
    tagged: bool = True

    @property
    def developer(self) -> str:
        return DEVELOPERS[self.model[:3]]

    @property
    def is_batch(self) -> bool:
        return self.tier == "batch"


def for_customers(stream: Stream, count: int) -> tuple[Stream, ...]:
    """The stream split over the first customers; larger customers have larger shares."""
    shares = _SHARES[:count]
    return tuple(
        replace(stream, customer=name, usd_per_day=stream.usd_per_day * share / sum(shares))
        for name, share in zip(CUSTOMERS, shares, strict=False)
    )


def _openai(model: str, team: str, project: str, environment: str, use_case: str, usd: float, **more: object) -> Stream:
    values: dict[str, object] = {"input": 2400, "output": 420, "cached": 0.3, **more}
    return Stream("OpenAI", model, team, project, environment, use_case, usd, **values)  # type: ignore[arg-type]


def _anthropic(
    model: str, team: str, project: str, environment: str, use_case: str, usd: float, **more: object
) -> Stream:
    values: dict[str, object] = {"input": 5200, "output": 380, "cached": 0.55, "written": 0.08, **more}
    return Stream("Anthropic", model, team, project, environment, use_case, usd, **values)  # type: ignore[arg-type]


def openai_streams() -> tuple[Stream, ...]:
    """Extraction moves from gpt-4.1 to gpt-5.5-mini over ten days in the world's seventh month."""
    prod, small = "production", "gpt-5.5-mini"
    extract = ("docflow", "extractor", prod, "extraction")
    return (
        *for_customers(_openai("gpt-4.1", *extract, 720, input=6100, output=700, ends=(6, 19), ramp=10), 6),
        *for_customers(_openai(small, *extract, 190, input=6100, output=760, begins=(6, 10), ramp=10), 6),
        _openai("ft:gpt-4.1-mini:fernhill:redact-v3", "docflow", "redactor", prod, "redaction", 145, input=3100),
        _openai(small, "docflow", "extractor", "staging", "extraction", 14, input=6100),
        _openai(small, "docflow", "statements", prod, "extraction", 60, tier="batch", rhythm="month_end", cached=0.0),
        _openai("text-embedding-3-large", "discovery", "semantic-search", prod, "embeddings", 74, input=900, output=0,
                cached=0.0, rhythm="consumer"),
        _openai("text-embedding-3-large", "discovery", "semantic-search", "staging", "embeddings", 6, input=900,
                output=0, cached=0.0),
        *for_customers(_openai(small, "discovery", "recommender", prod, "ranking", 118, input=1500, output=90,
                               rhythm="consumer"), 3),
        *for_customers(_openai("gpt-5.5", "insights", "report-writer", prod, "reporting", 560, input=9200, output=1500,
                               reasoning=0.35), 6),
        _openai("gpt-5.5", "insights", "report-writer", "staging", "reporting", 22, input=9200, output=1500,
                reasoning=0.35),
        _openai("o4-mini", "insights", "sql-helper", prod, "code-assist", 165, input=4200, output=1800, reasoning=0.62),
        _openai("o4-mini", "insights", "sql-helper", "development", "code-assist", 24, input=4200, output=1800,
                reasoning=0.62),
        _openai("gpt-5.5", "insights", "sql-helper", "development", "code-assist", 12, input=3800, output=900),
        *for_customers(_openai("gpt-5.5", "assist", "voice-desk", prod, "voice-agents", 410, input=3000, output=350,
                               cached=0.5, rhythm="consumer"), 6),
        _openai("gpt-5.5", "ml-research", "evals-lab", "development", "model-evaluation", 95, workload="evaluation",
                tier="batch", rhythm="nightly", cached=0.0),
        _openai(small, "platform", "gateway", "staging", "load-testing", 9, cached=0.0),
        _openai("gpt-5.5", "docflow", "redactor", prod, "redaction", 0, input=3100, output=420),
        _openai(PREVIEW_MODEL, "insights", "report-writer", "staging", "reporting", 85, input=9200, output=1700,
                reasoning=0.4, begins=(12, 6), ramp=5),
    )  # fmt: skip


def anthropic_streams() -> tuple[Stream, ...]:
    prod, opus, sonnet, haiku = "production", "claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"
    return (
        *for_customers(_anthropic(sonnet, "assist", "copilot", prod, "chat", 920, cached=0.68, rhythm="consumer"), 6),
        *for_customers(_anthropic(opus, "assist", "copilot", prod, "agents", 640, input=14000, output=1100,
                                  reasoning=0.0), 6),
        _anthropic(opus, "assist", "copilot", "development", "agents", 70, input=14000, output=1100),
        _anthropic(sonnet, "assist", "copilot", "staging", "chat", 31, cached=0.6),
        _anthropic(sonnet, "assist", "copilot", prod, "chat", 58, tier="priority", customer="Aldgate Bank"),
        _anthropic(haiku, "docflow", "redactor", prod, "classification", 155, input=2600, output=60, rhythm="always"),
        _anthropic(haiku, "insights", "report-writer", prod, "summarization", 132, output=520),
        _anthropic(haiku, "discovery", "recommender", prod, "ranking", 68, input=1900, output=70, rhythm="consumer"),
        _anthropic(haiku, "platform", "gateway", prod, "moderation", 84, input=1100, output=25, rhythm="consumer"),
        _anthropic(sonnet, "platform", "dev-tools", "development", "code-assist", 260, input=21000, output=900,
                   cached=0.8, growth=2.1),
        _anthropic(opus, "platform", "dev-tools", "development", "code-assist", 120, input=21000, output=900,
                   cached=0.8, growth=2.4),
        _anthropic(sonnet, "ml-research", "evals-lab", "development", "model-evaluation", 75, workload="evaluation",
                   tier="batch", rhythm="nightly", cached=0.0, written=0.0),
    )  # fmt: skip


def bedrock_streams() -> tuple[Stream, ...]:
    """Models used through Amazon Bedrock: they stand in the AWS bill, by the hour and token type."""
    rows = (
        ("llama-4-maverick", "discovery", "semantic-search", "production", "query-rewriting", 96, 1300, 60, None),
        ("llama-4-maverick", "insights", "report-writer", "production", "summarization", 71, 5200, 480, None),
        ("claude-sonnet-4-5", "docflow", "extractor", "production", "extraction", 210, 6000, 640, "Norrland Health"),
        ("claude-sonnet-4-5", "assist", "copilot", "production", "chat", 150, 5200, 380, "Quayside Insurance"),
    )
    return tuple(
        Stream("AWS", model, team, project, env, use, usd, given, made, customer=who,
               region="eu-west-1" if who else "us-east-1")
        for model, team, project, env, use, usd, given, made, who in rows
    )  # fmt: skip


def vertex_streams() -> tuple[Stream, ...]:
    """Gemini on Google Cloud; the last one starts in the running month or shortly before, and carries no labels."""
    base = Stream("Google Cloud", "gemini-2.5-flash", "docflow", "extractor", "production", "ocr", 240, 2800, 300,
                  region="us-central1")  # fmt: skip
    return (
        base,
        replace(base, model="gemini-2.5-pro", team="insights", project="report-writer", use_case="reporting",
                usd_per_day=265, input=8800, output=1300, cached=0.2, region="europe-west4"),
        replace(base, model="gemini-2.5-pro", team="discovery", project="recommender", use_case="ranking",
                usd_per_day=88, cached=0.2),
        replace(base, team="assist", project="voice-desk", use_case="transcription", usd_per_day=126,
                rhythm="consumer"),
        replace(base, team="insights", project="slide-maker", use_case="image-captions", usd_per_day=310,
                tagged=False),
    )  # fmt: skip


def self_hosted_streams() -> tuple[Stream, ...]:
    """Open-weight models on the rented fleet, metered by the gateway."""
    base = Stream(SELF_HOSTED, "qwen3-235b", "assist", "copilot", "production", "chat", 190, 3600, 330,
                  rhythm="consumer")  # fmt: skip
    return (
        base,
        replace(base, model="deepseek-v3.2", team="docflow", project="extractor", use_case="extraction",
                usd_per_day=170, input=5900, output=650, rhythm="office"),
        replace(base, model="deepseek-v3.2", team="ml-research", project="evals-lab", environment="development",
                use_case="model-evaluation", usd_per_day=45, workload="evaluation", rhythm="nightly"),
    )  # fmt: skip

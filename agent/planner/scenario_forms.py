"""Patterns for how people say what would be different: `30 % of gpt-5.5 on gpt-5.5-mini`, `20 % shorter prompts`."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache

import yaml

import knowledge

MODEL = r"[A-Za-z0-9][\w.:/-]*\w"
REQUESTS = r"(?:requests|traffic|calls|usage|volume|load|workload)"
THE = r"(?:the\s+|our\s+|all\s+)*"
_PARTS = {
    "a tenth": "0.1", "a fifth": "0.2", "a quarter": "0.25", "a third": "0.3333", "half": "0.5", "two thirds": "0.6667",
    "three quarters": "0.75", "all": "1", "every": "1", "everything": "1",
}  # fmt: skip
_FACTORS = {
    "doubles": "2", "doubled": "2", "double": "2", "doubling": "2", "twice": "2", "triples": "3", "tripled": "3",
    "triple": "3", "quadruples": "4", "quadrupled": "4", "quadruple": "4", "halves": "0.5", "halved": "0.5",
    "halve": "0.5", "half": "0.5",
}  # fmt: skip
BE = r"(?:\s+(?:is|are|was|were|be|gets?|got|becomes?|became|would\s+be|had\s+been))?"
KEEP = r"(?P<keep>(?:\s+(?!and\b|while\b|but\b)[\w.%-]+(?:'s)?){0,4}?)"
"""Up to four words between a subject and its change, which may name the slice: "traffic on copilot doubles"."""
_PERCENT = (
    r"(?P<percent>\d+(?:\.\d+)?\s*(?:%|percent|per\s+cent)|\b(?:a\s+(?:tenth|fifth|quarter|third)|half|two\s+thirds)\b)"
)
_TIMES = r"(?P<times>\d+(?:\.\d+)?)\s*(?:x|×|times|fold)\b"
_AS_MUCH = r"(?:\s+as\s+(?:much|many|long|high|large))?"
_OF_THE = r"(?:\s+(?:of|the|our|as\s+many|as\s+much|as\s+long|the\s+length\s+of))*"


@cache
def words(name: str) -> str:
    """The alternatives of a list of knowledge/scenario_words.yaml as a pattern, longest first."""
    found = [one.strip() for one in _lists()[name].split("|")]
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in sorted(found, key=len, reverse=True))


@cache
def share() -> str:
    """A part of a whole: `30 %`, `half`, `a third of`."""
    parts = "|".join(one.replace(" ", r"\s+") for one in sorted(_PARTS, key=len, reverse=True))
    return rf"(?P<share>\d+(?:\.\d+)?\s*(?:%|percent|per\s+cent)|\b(?:{parts})\b)"


def share_of(text: str) -> Decimal:
    """The number of what `share` found, 0–1."""
    number = re.match(r"\d+(?:\.\d+)?", text)
    return Decimal(number[0]) / 100 if number else Decimal(_PARTS[" ".join(text.lower().split())])


def switch_forms() -> tuple[str, ...]:
    """Requests of one model that go to another; groups `old`, `new` and perhaps `share`."""
    part, moves, to = rf"(?:{share()}\s+(?:of\s+)?)?", words("moves"), words("to")
    old = rf"{THE}(?:{REQUESTS}\s+(?:of|on|for|to)\s+)?(?P<old>{MODEL})(?:'s)?(?:\s+{REQUESTS})?"
    went = rf"(?:was|were|is|are|went|go|goes|ran|run)(?:\s+(?:{moves}))?"
    return (
        rf"\b(?:{moves})\s+{part}{THE}{REQUESTS}\s+from\s+(?P<old>{MODEL})\s+(?:{to})\s+(?P<new>{MODEL})",
        rf"\b(?:{moves})\s+{part}{old}\s+(?:{to})\s+(?P<new>{MODEL})",
        rf"\b{part}(?:requests?\s+(?:of|on|for|to)\s+)?{old}\s+{went}\s+(?:{to})\s+(?P<new>{MODEL})",
        rf"\b(?:use|used|using)\s+(?P<new>{MODEL})\s+(?:instead\s+of|rather\s+than)\s+(?P<old>{MODEL})",
    )


def cache_forms() -> tuple[str, ...]:
    """A share of input that is read from the cache; group `share`."""
    rate = r"cach(?:e|ing)[\s-]+(?:hit[\s-]+)?(?:rate|ratio|share|hits)s?"
    tokens = r"(?:input\s+tokens|prompt\s+tokens|inputs?|prompts?|tokens)"
    to = r"(?:\s+(?:of|to|at|up\s+to|reached|reaches|rose\s+to|increased\s+to|went\s+up\s+to|raised\s+to))*"
    cached = r"\s+(?:(?:read\s+)?cached|(?:came\s+|read\s+)?from(?:\s+the)?\s+cache)"
    return (
        rf"(?:\ban?\s+)?{share()}\s+(?:prompt\s+)?{rate}",
        rf"\b{THE}(?:prompt\s+)?{rate}{BE}{to}\s+{share()}",
        rf"{share()}\s+(?:of\s+)?{THE}{tokens}{BE}{cached}",
        rf"\bcach(?:e|ed|ing)\s+{share()}\s+of\s+{THE}{tokens}",
    )


def batch_forms() -> tuple[str, ...]:
    """A share of requests that go through batch; groups `share` and perhaps `keep`, whose requests they are."""
    keep = r"(?P<keep>(?:\S+\s+){0,4}?)"
    went = (
        r"(?:went|would\s+go|goes|go|were|was|are|is|ran|run|moved|sent|through|in|via|routed)"
        r"(?:\s+(?:sent|moved|run|routed))?(?:\s+(?:through|to|via|into|in|as|on|over\s+to|over))?"
    )
    batch = r"\s+(?:the\s+)?batch(?:ed|es)?\b(?:\s+(?:api|tier|mode|processing|jobs?))?"
    return (
        rf"{share()}\s+(?:of\s+)?{keep}(?:{REQUESTS}|it|them)?\s*{went}{batch}",
        rf"\b(?:{words('moves')})\s+{share()}\s+(?:of\s+)?{keep}(?:to|into|through|over\s+to|onto){batch}",
        rf"\bbatch(?:ed|ing)?\s+{share()}\s+of\b",
        rf"(?:\ban?\s+)?{share()}\s+batch\s+share",
        rf"\bbatch\s+share{BE}(?:\s+(?:of|to|at))?\s+{share()}",
    )


GPU_FORM = (
    r"\b(?P<count>\d+|one|two|three|four|five|six|eight|ten)\s+(?P<sign>more|fewer|less|extra|additional|another)\s+"
    r"(?:nvidia\s+)?(?P<kind>[A-Za-z]+\d+[A-Za-z]*?)(?:s|'s)?(?:\s+(?:gpus?|cards?))?\b"
)
COMMITMENT_FORM = (
    r"\b(?:commit(?:s|ted|ting)?|reserv(?:e|es|ed|ing)|(?:(?:buy|bought|take|took|had)\s+)?(?:a\s+)?"
    r"(?:commitment|reservation))"
    r"\s+(?:to\s+|of\s+|for\s+)?(?P<count>\d+)\s+(?:nvidia\s+)?(?P<kind>[A-Za-z]+\d+[A-Za-z]*?)(?:s|'s)?"
    r"(?:\s+(?:gpus?|cards?))?\s+(?:at|with|for)\s+(?:an?\s+)?(?P<discount>\d+(?:\.\d+)?)\s*(?:%|percent|per\s+cent)"
    r"(?:\s+(?:off|discount|less|cheaper))?"
)
CHEAPER_FORM = rf"\b(?P<of>{MODEL}){BE}\s+{_PERCENT}\s+(?P<way>cheaper|dearer|more\s+expensive|pricier)"


def cheaper_factor(match: re.Match[str]) -> Decimal:
    part = _part(match)
    return 1 - part if match["way"].lower() == "cheaper" else 1 + part


def factors(text: str, subject: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    """Changes of a subject: `traffic grew 50 %`, `20 % shorter prompts`, `double the traffic`, `10x the requests`."""
    grows, shrinks, more, less = (words(name) for name in ("grows", "shrinks", "more", "less"))
    said = rf"\b{subject}{KEEP}{BE}"
    by = r"(?:\s+(?:by\s+a\s+factor\s+of|a\s+factor\s+of|by|to))?"
    multiples = "|".join(_FACTORS)
    forms: tuple[tuple[str, Callable[[re.Match[str]], Decimal]], ...] = (
        (rf"{said}\s+(?:{grows})(?:\s+by)?\s+{_PERCENT}", lambda found: 1 + _part(found)),
        (rf"{said}\s+(?:{shrinks})(?:\s+by)?\s+{_PERCENT}", lambda found: 1 - _part(found)),
        (rf"{said}\s+{_PERCENT}\s+(?:{more})\b", lambda found: 1 + _part(found)),
        (rf"{said}\s+{_PERCENT}\s+(?:{less})\b", lambda found: 1 - _part(found)),
        (rf"{said}(?:\s+(?:{grows}))?{by}\s+{_TIMES}{_AS_MUCH}(?:\s+(?:{more})\b)?", _times),
        (rf"{said}\s+(?:{grows})\s+by\s+a\s+factor\s+of\s+(?P<times>\d+(?:\.\d+)?)", _times),
        (rf"{said}\s+(?P<verb>{multiples})\b{_AS_MUCH}", _verb),
        (rf"{_PERCENT}\s+(?:{more})\s+{subject}\b", lambda found: 1 + _part(found)),
        (rf"{_PERCENT}\s+(?:{less})\s+{subject}\b", lambda found: 1 - _part(found)),
        (rf"\b{_TIMES}{_OF_THE}\s+{subject}\b", _times),
        (rf"\b(?P<verb>{multiples})\b{_OF_THE}\s+{subject}\b", _verb),
    )
    for form, factor in forms:
        if (match := re.search(form, text, re.I)) is not None:
            yield match, factor(match)


def _part(match: re.Match[str]) -> Decimal:
    return share_of(match["percent"])


def _times(match: re.Match[str]) -> Decimal:
    return Decimal(match["times"])


def _verb(match: re.Match[str]) -> Decimal:
    return Decimal(_FACTORS[match["verb"].lower()])


@cache
def _lists() -> dict[str, str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lists: dict[str, str] = yaml.load(knowledge.read("scenario_words.yaml"), Loader=loader)
    return lists

"""Text: a question as tokens that remember where they stood."""

import re
import unicodedata
from dataclasses import dataclass

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": '"', "–": "-", "—": "-", "−": "-", "\u00a0": " "})
_TOKEN = re.compile(
    r"""
      "(?P<double>[^"]+)"
    | (?<![\w])'(?P<single>[^'\d][^']*)'(?!\w)
    | (?P<iso>\d{4}-\d{1,2}(?:-\d{1,2})?(?![\w-]))
    | (?P<slash>\d{1,2}/\d{4}(?![\w/]) | \d{1,4}/\d{1,2}(?:/\d{2,4})?(?![\w/]) | \d{1,2}\.\d{1,2}\.\d{4}(?!\w))
    | (?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?[kmb]?(?!\w) | \d{1,3}(?:\x20\d{3})+(?![\w.,]*\d))
    | (?P<year>'\d\d(?!\w))
    | (?P<possessive>'s?(?=\W|$)|(?<=\w)'(?:re|ve|ll|d|m)\b)
    | (?P<word>[^\W_]+(?:\.\d+)*(?:'t\b)?)
    | (?P<symbol>>=|<=|≥|≤|[$€£%&<>=+])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SLASH = re.compile(
    r"(\b(?:costs?|spend|price|usd|dollars?|tokens?|toks?|requests?|calls?)|[$€£])\s?/\s?(?=(?:1?m|million|request|req|call|mtok|token|"
    r"day|week|month|hour|team|model|project|customer|user)s?\b)",
    re.IGNORECASE,
)
"""A slash that says per: tokens/request, $/call."""
_THAT_IS = re.compile(r"\b(?:i\.e\.|e\.g\.),?\s?", re.IGNORECASE)
_WITHOUT, _WITH = re.compile(r"\bw/o\b", re.IGNORECASE), re.compile(r"\bw/\s?(?=[a-z])", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"(?<=[.?!,\n])\s*(?:(?:best|kind|warm|many thanks and best)\s+)?(?:regards|wishes|rgds|br)\b[^?]*$", re.IGNORECASE
)
"""Best regards, Jürgen"""
_SHORT = {"tok": "token", "toks": "token", "reqs": "request"}
"""What people write short, in the singular."""
_NOT_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date, symbol or quoted string; `glue` is what stood between it and the token before."""

    text: str
    low: str
    lemma: str
    start: int
    end: int
    glue: str
    quoted: bool = False
    after_possessive: bool = False
    """A possessive 's or a contraction stood just before this token."""

    @property
    def key(self) -> str:
        return key_of(self.low)

    @property
    def is_symbol(self) -> bool:
        return not self.quoted and not self.low[0].isalnum()

    @property
    def joined(self) -> bool:
        """Whether the token is written together with the one before, as in us-east-1."""
        return bool(self.glue) and not any(c.isspace() or c in ",;()[]?!\"'" for c in self.glue)


def tokenise(question: str) -> tuple[Token, ...]:
    """The tokens of a question, in order; quoted strings are one token each."""
    text = clean(question)
    tokens: list[Token] = []
    end_before, possessive = 0, False
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "possessive":
            possessive = True
            continue
        quoted = match.lastgroup in ("double", "single")
        content = (match.group(match.lastgroup) if quoted and match.lastgroup else match.group()).strip()
        if not content:
            continue
        low = content.lower()
        if match.lastgroup == "grouped":
            low = low.replace(" ", "")
        if match.lastgroup == "word":
            low = low.replace("'", "")
        glue = text[end_before : match.start()] if tokens else ""
        if possessive:
            glue = glue.replace("'s", "").replace("'", "") or " "
        tokens.append(Token(content, low, lemma(low), match.start(), match.end(), glue, quoted, possessive))
        end_before, possessive = match.end(), False
    return tuple(tokens)


def clean(question: str) -> str:
    """The question with typographic quotes, dashes and compatibility characters made plain; a slash that says per."""
    plain = unicodedata.normalize("NFKC", question).translate(_QUOTES)
    plain = _SIGN_OFF.sub("", _WITHOUT.sub("without", _THAT_IS.sub("", plain)))
    return _SLASH.sub(r"\1 per ", _WITH.sub("with ", plain))


def key_of(text: str) -> str:
    """Letters and digits only, lower case: `GPT-5.5 mini` and `gpt5.5-mini` have the same key."""
    return _NOT_KEY.sub("", text.lower())


def lemma(word: str) -> str:
    """A plural's singular, roughly; the same for the vocabulary and for the question."""
    if word in _SHORT:
        return _SHORT[word]
    if word in ("skus", "cpus", "vcpus", "gpus"):
        return word[:-1]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())

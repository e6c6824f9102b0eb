"""Questions that this store can answer, and names that are near to one it doesn't know."""

from rapidfuzz import fuzz, process

from agent.planner.lexicon import Lexicon
from agent.planner.text import key_of


def suggestions(lexicon: Lexicon) -> list[str]:
    """A few questions that would be answered, in the words of the data."""
    ideas = ["How much did we spend last month?"]
    if lexicon.values.get("x_Model"):
        ideas.append("Top 5 costly models")
    for dimension in ("x_Team", "HostProviderName", "ServiceName", "x_Customer"):
        if lexicon.values.get(dimension):
            ideas.append(f"Spend by {lexicon.label(dimension)} this month")
            break
    return [*ideas, "What data do you have?"]


def near_names(words: str, lexicon: Lexicon) -> list[str]:
    """Up to three values that are spelled much like `words`."""
    found = process.extract(key_of(words), lexicon.keys.keys(), scorer=fuzz.ratio, score_cutoff=80, limit=3)
    names = [lexicon.keys[key][0].values[0] for key, _, _ in found]
    return list(dict.fromkeys(names))

"""Drafts thrown together from placeholders and allowed words; what passes is judged again by simpler means."""

import re
from random import Random

from agent.answer.check_draft import check_draft
from prompts import plain_words
from tests.answer.results import compared_models, team_and_model, tokens_and_rates, top_models, top_teams_with_rest
from tools.domain.result import ToolResult

RESULTS = {
    "r1": top_models(),
    "r2": compared_models(),
    "r3": top_teams_with_rest(),
    "r4": tokens_and_rates(),
    "r5": team_and_model(),
}
_PLACEHOLDER = re.compile(r"\{\{(r\d)\.([^{}]+)\}\}")


def test_every_random_draft_that_passes_is_bound_by_a_simpler_reading_too() -> None:
    random, words, passed = Random(5), sorted(plain_words()), 0
    for _ in range(12_000):
        draft = random_draft(random, words)
        if not check_draft(draft, RESULTS):
            passed += 1
            assert judged_sound(draft), draft
    assert passed > 50


def random_draft(random: Random, words: list[str]) -> str:
    """Mostly of one result, often begun with its headline."""
    handle = random.choice(list(RESULTS))
    tokens = [f"{{{{{handle}.headline}}}}."] if random.random() < 0.8 else []
    for _ in range(random.randint(1, 6)):
        token = random.choice(placeholders(handle)) if random.random() < 0.75 else random.choice(words)
        tokens.append(token + random.choice(["", "", "", ",", ":", ".", ";"]))
        if random.random() < 0.05:
            handle = random.choice(list(RESULTS))
    return " ".join(tokens)


def placeholders(handle: str) -> list[str]:
    result = RESULTS[handle]
    metrics, names = columns(result, "metric"), columns(result, "dimension")
    paths = ["headline", "period", "compare_period", "filters", "row_count", "argument.limit", "limit_note"]
    for metric in metrics:
        paths += [f"label.{metric}", f"total.{metric}", f"total.{metric}.change", f"highest.{metric}"]
        for row in range(len(result.rows)):
            paths += [f"{row}.{metric}{end}" for end in ("", "", "_share", ".change", ".superlative")]
    for row in range(len(result.rows)):
        paths += [f"{row}.{name}" for name in names] * 4 + [f"{row}.rank"]
    return [f"{{{{{handle}.{path}}}}}" for path in paths]


def columns(result: ToolResult, kind: str) -> list[str]:
    return [column.name for column in result.columns if column.kind == kind]


def judged_sound(draft: str) -> bool:
    """In each sentence: one result, each figure after its whole name; before it: its period and its label."""
    told: list[tuple[str, str]] = []
    for sentence in re.split(r"\.(?: |$)", re.sub(r"\{\{([^{}]+)\}\}", _hide_stops, draft)):
        found = _PLACEHOLDER.findall(sentence.replace("\0", "."))
        if len({handle for handle, _ in found}) > 1:
            return False
        said: list[str] = []
        for handle, path in found:
            if _is_figure(path) and not (_named(handle, path, said) and _labelled(handle, path, told)):
                return False
            said.append(path)
            told.append((handle, path))
        if any(_is_figure(path) for _, path in found) and not _dated(found[0][0], told):
            return False
    return True


def _hide_stops(match: re.Match[str]) -> str:
    return match[0].replace(".", "\0")


def _is_figure(path: str) -> bool:
    metrics = {name for result in RESULTS.values() for name in columns(result, "metric")}
    return path[0].isdigit() and path.split(".")[1].removesuffix("_share") in metrics


def _named(handle: str, path: str, said: list[str]) -> bool:
    """The names nearest before are all those of the figure's row, and of no other."""
    names = columns(RESULTS[handle], "dimension")
    nearest = [p for p in said if p[0].isdigit() and p.split(".")[1] in names][-len(names) :]
    return {f"{path[0]}.{name}" for name in names} == set(nearest)


def _labelled(handle: str, path: str, told: list[tuple[str, str]]) -> bool:
    metric = path.split(".")[1].removesuffix("_share")
    if path.endswith(".superlative"):
        return True
    last = next((p for h, p in reversed(told) if p.startswith(("label.", "headline"))), "")
    alone = last == "headline" and columns(RESULTS[handle], "metric") == [metric]
    return alone or last == f"label.{metric}"


def _dated(handle: str, told: list[tuple[str, str]]) -> bool:
    last = next((h for h, p in reversed(told) if p in ("period", "headline")), "")
    return last == handle

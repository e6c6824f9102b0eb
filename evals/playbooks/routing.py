"""Routing: which questions the built-in planner sends to the playbooks, asked end to end; none may be hijacked.

`python -m evals.playbooks.routing [SET …]`; sets are SETS, all of them without a name. Writes
evals/results/playbooks_routing.json when all are asked.
"""

import sys
from collections.abc import Sequence
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from agent.app import build_agent
from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.demo.runner import ensure_home
from evals.demo.truth import TODAY
from evals.machine import write_result
from evals.playbooks.runner import LIMIT, Question, questions
from tools.domain.answer import Answer
from tools.playbooks.search import PlaybookSearch

SETS = ("tuned on", "reported", "strangers", "fresh")
"""The last was written by somebody who had not read the playbooks, and nothing was tuned on it."""
TOOL = "search_playbooks"


class Routed(BaseModel):
    """How a set of questions with known passages came out."""

    model_config = ConfigDict(frozen=True)

    name: str
    questions: int
    routed: int
    """Sent to the playbooks."""
    reached: int
    """Answered with the right passage among those shown."""
    recall_at_3: float
    """Of the search by itself, given every question."""
    not_routed: tuple[str, ...]


class KeptAway(BaseModel):
    """How many questions that want no passage were shown one."""

    model_config = ConfigDict(frozen=True)

    name: str
    questions: int
    hijacked: tuple[str, ...]


def run(sets: Sequence[str] = SETS) -> tuple[list[Routed], list[KeptAway]]:
    """Ask all of it on the demo world, whatever model is configured: the built-in planner is what is measured."""
    home = ensure_home()
    agent = build_agent(load_settings(home, "builtin"))
    search = PlaybookSearch(home / "knowledge")
    routed = [_routed(name, agent, search) for name in sets]
    texts = yaml.safe_load(files("evals.playbooks").joinpath("routing.yaml").read_text("utf-8"))
    kept_away = [_kept_away(name, asked, agent) for name, asked in texts.items()]
    return routed, kept_away


def known(name: str) -> tuple[Question, ...]:
    """The questions of a set that a passage answers."""
    if name in ("tuned on", "reported"):
        asked = tuple(question for question in questions() if question.is_tuned_on == (name == "tuned on"))
    else:
        asked = questions(f"{name}.yaml")
    return tuple(question for question in asked if question.file)


def shown(answer: Answer) -> frozenset[tuple[str, str]]:
    """File and heading of the passages in an answer."""
    rows = (row for result in answer.results.values() if result.tool == TOOL for row in result.rows)
    return frozenset((str(row[0]), str(row[1])) for row in rows)


def _routed(name: str, agent: Agent, search: PlaybookSearch) -> Routed:
    asked = known(name)
    answers = {question: agent.ask(question.ask, as_of=TODAY) for question in asked}
    sent = [q for q, answer in answers.items() if any(result.tool == TOOL for result in answer.results.values())]
    found = [q for q in asked if q.passages & {(one.file, one.heading) for one in search.find(q.ask, LIMIT).passages}]
    return Routed(
        name=name,
        questions=len(asked),
        routed=len(sent),
        reached=sum(bool(question.passages & shown(answer)) for question, answer in answers.items()),
        recall_at_3=round(len(found) / len(asked), 3),
        not_routed=tuple(question.ask for question in asked if question not in sent),
    )


def _kept_away(name: str, asked: Sequence[str], agent: Agent) -> KeptAway:
    hijacked = tuple(text for text in asked if shown(agent.ask(text, as_of=TODAY)))
    return KeptAway(name=name, questions=len(asked), hijacked=hijacked)


def table(routed: Sequence[Routed], kept_away: Sequence[KeptAway]) -> str:
    lines = [f"{'known passage':<14} {'asked':>5} {'routed':>7} {'reached':>8} {'share':>6} {'recall@3':>9}"]
    for one in routed:
        share = one.reached / one.questions
        lines.append(
            f"{one.name:<14} {one.questions:>5} {one.routed:>7} {one.reached:>8} {share:>6.3f} {one.recall_at_3:>9.3f}"
        )
    lines.append(f"\n{'no passage':<14} {'asked':>5} {'hijacked':>9}")
    lines += [f"{one.name:<14} {one.questions:>5} {len(one.hijacked):>9}" for one in kept_away]
    return "\n".join(["Routing to the playbooks, end to end with the built-in planner", *lines])


def main(names: Sequence[str]) -> int:
    """1 when a question was hijacked, 2 for a set that is not known."""
    if unknown := set(names) - set(SETS):
        print(f"no set is called {', '.join(sorted(unknown))}; there are {', '.join(SETS)}", file=sys.stderr)
        return 2
    routed, kept_away = run(tuple(names) or SETS)
    print(table(routed, kept_away))
    for one in routed:
        for text in one.not_routed if one.name != "fresh" else ():
            print(f"  not routed ({one.name}): {text}")
    for away in kept_away:
        for text in away.hijacked:
            print(f"  hijacked ({away.name}): {text}")
    if not names:
        scores = {"known": [one.model_dump(exclude={"not_routed"}) for one in routed]}
        write_result("playbooks_routing", scores | {"no_passage": [one.model_dump() for one in kept_away]})
    return int(any(one.hijacked for one in kept_away))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

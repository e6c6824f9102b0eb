"""`outlay ask`: one question, one answer."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared
from tools.domain.errors import NotPermitted

if TYPE_CHECKING:
    from tools.domain.answer import Answer, AnswerStatus

EXIT_CODES: "dict[AnswerStatus, int]" = {
    "answered": 0,
    "needs_approval": 0,
    "failed": 1,
    "no_data": 3,
    "clarify": 3,
    "not_understood": 3,
    "refused": 3,
}


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ask as if today were this day.", show_default="today")
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="Who asks, such as finance or engineering: other next steps, same figures.")
    ] = None,
    thread: Annotated[str | None, typer.Option(help="Continue this conversation; made when it is new.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="The model that plans; builtin for none.", show_default="OUTLAY_MODEL, or builtin"),
    ] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Show the query behind each figure.")] = False,
) -> None:
    """Answer one question; every figure comes from a query that can be run again.

    Example: outlay ask "top 5 costly models last month" --sql
    """
    cli = shared(context)
    answer = answer_question(cli, question, as_of=as_of, persona=persona, thread=thread, model=model)
    show_answer(cli, answer, as_json=as_json, sql=sql)
    raise typer.Exit(EXIT_CODES[answer.status])


def answer_question(
    cli: CliContext,
    question: str,
    *,
    as_of: datetime | None,
    persona: str | None = None,
    thread: str | None = None,
    model: str | None = None,
) -> "Answer":
    """Build the agent of the home and ask it; somebody whom the home does not know is refused."""
    from agent.app import build_agent

    if persona is not None:
        _refuse_unknown(persona)
    day = as_of.date() if as_of else date.today()
    try:
        agent = build_agent(cli.settings_for(model))
    except NotPermitted as fault:
        return refusal(question, day, fault)
    return agent.ask(question, as_of=day, persona=persona, thread=thread)


def refusal(question: str, as_of: date, fault: NotPermitted) -> "Answer":
    """A refusal in the shape of an answer; it is not kept, as it belongs to nobody."""
    from agent.answer.spoken import fault_result
    from agent.answer.write import Asked, write_answer

    return write_answer(Asked(question, as_of), {"r1": fault_result(fault)})


def _refuse_unknown(persona: str) -> None:
    from agent.personas import persona_named
    from tools.domain.errors import BadInput

    try:
        persona_named(persona)
    except BadInput as fault:
        raise typer.BadParameter(str(fault), param_hint="--persona") from None


def show_answer(cli: CliContext, answer: "Answer", *, as_json: bool, sql: bool, rest: str = "--json") -> None:
    """Print an answer: JSON as in the contract, or for people; `rest` is where the rows are that no screen holds."""
    if as_json:
        import json

        from agent.answer.render import to_json

        print(json.dumps(to_json(answer), ensure_ascii=False))
        return
    from agent.cli.terminal import print_answer

    print_answer(cli.out, answer, sql=sql, rest=rest)

"""`outlay knowledge …`: a company's own policies beside the playbooks."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared

if TYPE_CHECKING:
    from tools.playbooks.company import Added, CompanyDocuments

app = typer.Typer(help="Your own policies and notes, searched beside the playbooks.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@app.command("add")
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs: Markdown, text, HTML, PDF with text.")],
    as_json: AsJson = False,
) -> None:
    """Add documents; one that is there already under its name is replaced. All of a call is added, or nothing.

    Example: outlay knowledge add policies/ tagging.pdf
    """
    cli = shared(context)
    report = _documents(cli).add(paths, on=date.today())
    if as_json:
        print(report.model_dump_json())
    else:
        _say(cli, report)


@app.command("list")
def list_documents(context: typer.Context, as_json: AsJson = False) -> None:
    """List the documents that were added.

    Example: outlay knowledge list
    """
    from tools.playbooks.company import document_of
    from tools.playbooks.shipped import shipped_documents

    cli = shared(context)
    documents = [(kept, document_of(kept)) for kept in _documents(cli).kept()]
    rows = [
        {"name": kept.name, "title": document.title, "passages": len(document.sections), "added": str(kept.added)}
        for kept, document in documents
    ]
    if as_json:
        import json

        print(json.dumps({"documents": rows, "playbooks": len(shipped_documents())}, ensure_ascii=False))
        return
    from rich.text import Text

    for row in rows:
        cli.out.print(Text(f"{row['name']}  {row['title']}, {row['passages']} passages, added {row['added']}"))
    if not rows:
        cli.out.print("No document of your own yet. Add one: outlay knowledge add PATH")
    cli.out.print(f"[dim]{len(shipped_documents())} playbooks ship with Outlay[/dim]")


@app.command("remove")
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A document's name, as outlay knowledge list shows it.")],
    as_json: AsJson = False,
) -> None:
    """Remove a document.

    Example: outlay knowledge remove tagging.pdf
    """
    cli = shared(context)
    _documents(cli).remove(name)
    if as_json:
        import json

        print(json.dumps({"removed": name}))
    else:
        from rich.text import Text

        cli.out.print(Text(f"{name} is removed"))


def _documents(cli: CliContext) -> "CompanyDocuments":
    from tools.playbooks.company import CompanyDocuments

    return CompanyDocuments(cli.settings.knowledge_path)


def _say(cli: CliContext, report: "Added") -> None:
    from rich.text import Text

    for word, names in (("added", report.added), ("replaced", report.replaced), ("unchanged", report.unchanged)):
        for name in names:
            cli.out.print(Text(f"{word:<10}{name}"))
    cli.out.print(f'{report.passages} passages can be found; ask about them: outlay ask "what is our policy on …"')

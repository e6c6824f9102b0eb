"""A well-behaved model: it makes the calls that a question needs, then writes a draft of placeholders, or nothing."""

import json
from typing import Any

from evals.hostile.script import Call, Request, Script, Step, results_in


def calling(*calls: tuple[str, dict[str, Any]], draft: str = "") -> Script:
    """Makes the calls at once; once it has their results, it replies with the draft."""

    def script(request: Request) -> Step:
        if results_in(request):
            return Step(text=draft)
        return Step(calls=tuple(Call(name, json.dumps(arguments)) for name, arguments in calls))

    return script

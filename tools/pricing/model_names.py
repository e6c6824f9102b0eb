"""Model names as people and providers write them: deployments, dated snapshots, hosts' and regions' prefixes."""

import re
from collections.abc import Iterator

_DATE = re.compile(r"[-@_](?:20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01]))(?=$|[-:@])")
_BEDROCK_VERSION = re.compile(r"(?:-v\d+)?(?::\d+)(?::[\w]+)?$")


def plain_name(model: str) -> str:
    """A name without case and outer space: the first thing that is compared."""
    return model.strip().lower()


def shorter_names(model: str) -> Iterator[str]:
    """Names that mean the same model, nearest first: as written, without its date, without its prefix, without both."""
    name = plain_name(model)
    seen: set[str] = set()
    for stem in _stems(name):
        for candidate in (stem, _DATE.sub("", stem), _DATE.sub("", _BEDROCK_VERSION.sub("", stem))):
            if candidate and candidate not in seen:
                seen.add(candidate)
                yield candidate


def _stems(name: str) -> Iterator[str]:
    yield name
    while "/" in name:
        name = name.split("/", 1)[1]
        yield name
    # Bedrock: us.anthropic.claude-…; a version such as gpt-4.1 has a digit after the point and is no prefix.
    while match := re.match(r"^[a-z][a-z-]*\.(?=[a-z])", name):
        name = name[match.end() :]
        yield name

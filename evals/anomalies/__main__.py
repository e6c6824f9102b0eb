"""`python -m evals.anomalies [incidents|nab|speed]`: figures beside bars; writes evals/results/anomalies_*.json."""

import argparse


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("part", choices=["incidents", "nab", "speed"])
    arguments.add_argument("--worlds", type=int, default=40)
    arguments.add_argument("--seed", type=int, default=None, help="incidents: default reports on seeds never tuned on")
    arguments.add_argument("--dry", action="store_true", help="write no result file")
    chosen = arguments.parse_args()
    if chosen.part == "incidents":
        from evals.anomalies.incidents import REPORTED_SEED, run

        run(chosen.worlds, REPORTED_SEED if chosen.seed is None else chosen.seed, write=not chosen.dry)
    elif chosen.part == "nab":
        from evals.anomalies.nab import run as run_nab

        run_nab(write=not chosen.dry)
    else:
        from evals.anomalies.speed import run as run_speed

        run_speed(write=not chosen.dry)


if __name__ == "__main__":
    main()

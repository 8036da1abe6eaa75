"""The reliability campaign: every part counts what went wrong and prints one line of JSON.

    python benchmarks/campaign.py [PART ...] [--scale 1.0] [--folder DIR]

Parts: kills lone steps workers bad flips cuts full identity memory overhead interrupts. `--scale 0.1` does a tenth of each.
Exit code 0 if nothing went wrong, 1 otherwise.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]


def bound(n):
    """Return the 95 % upper bound of a rate of which 0 in n were seen."""
    return 1.0 - 0.05 ** (1.0 / n) if n else 1.0


def parts():
    """Return name -> function(folder, scale) that returns a dictionary with n and bad."""
    import damage
    import identity
    import kills
    import load

    return {
        "kills": kills.group_kills,
        "lone": kills.lone_kills,
        "steps": kills.publish_steps,
        "interrupts": kills.interrupts,
        "workers": kills.worker_kills,
        "bad": load.bad_runs,
        "flips": damage.flips,
        "cuts": damage.cuts,
        "full": damage.disk_full,
        "identity": identity.identity,
        "memory": load.memory,
        "overhead": load.overhead,
    }


def main():
    """Run the chosen parts."""
    known = parts()
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", choices=[*known, []], default=list(known))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    wrong = 0
    for name in given.parts:
        with tempfile.TemporaryDirectory(dir=given.folder, prefix=f"loket-{name}-") as folder:
            began = time.monotonic()
            found = known[name](Path(folder), given.scale)
            found = {"part": name, **found, "seconds": round(time.monotonic() - began)}
        if not found["bad"]:
            found["bound_95"] = round(bound(found["n"]), 5)
        print(json.dumps(found), flush=True)
        wrong += bool(found["bad"])
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

"""Run every bench of this folder one after the other: `python -m bench`, or `python -m bench fanout`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import fields
from typing import Any

from bench.measure import Result, show

BENCHES = ("capture", "catalog_lists", "decide_apply", "fanout", "media_forward", "render", "stage_page")
LIMIT_SECONDS = 900.0
"""A bench that hangs ends here; each is made to take less than 60 s, but for `stage_page` with its viewers."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure speed beside the bare limit, in the same run.")
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; all without")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    asked = parser.parse_args()
    if unknown := set(asked.benches) - set(BENCHES):
        parser.error(f"there is no bench {sorted(unknown)[0]}")
    results: list[dict[str, Any]] = []
    failed = False
    for name in asked.benches or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        # A process of its own: what one bench leaves behind (memory, frozen garbage) must not slow the next.
        try:
            done = subprocess.run(
                [sys.executable, "-m", f"bench.{name}", "--json"],
                check=False,
                stdout=subprocess.PIPE,
                timeout=LIMIT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            print(f"{name} took more than {LIMIT_SECONDS:.0f} s", file=sys.stderr)
            failed = True
            continue
        if done.returncode:
            failed = True
            continue
        results += json.loads(done.stdout)
    if asked.json:
        print(json.dumps(results, indent=2))
    else:
        names = {field.name for field in fields(Result)}
        show([Result(**{name: value for name, value in each.items() if name in names}) for each in results])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

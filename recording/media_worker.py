"""A media worker that captures: `python -m recording.media_worker --captures FOLDER --control FD`.

It is started in place of `signaling.media.worker`, of which it differs by nothing else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from recording.capture import Capture
from signaling.media.worker import run_worker


def main() -> None:
    parser = argparse.ArgumentParser(prog="recording.media_worker")
    parser.add_argument("--captures", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--control", type=int, required=True, metavar="FD")
    arguments = parser.parse_args()
    capture = Capture(arguments.captures)
    try:
        run_worker(arguments.control, capture)
    finally:
        capture.close()


if __name__ == "__main__":
    main()

"""Whether this run searches for long with random examples (`make search`) or repeats the ordinary ones."""

from __future__ import annotations

import os

SEARCHING = bool(os.environ.get("SEARCH"))

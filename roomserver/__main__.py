"""`python -m roomserver`, and what the `roomserver` program runs."""

from __future__ import annotations

from roomserver.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

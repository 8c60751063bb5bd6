"""How generated tests run: the same examples every time, unless SEARCH is set.

`SEARCH=1` draws a random seed and searches for long; the seed is in the report's header, and
`SEARCH=1 pytest --hypothesis-seed=N` repeats that search. Tests that choose their own numbers read `SEARCHING`
from `tests.support.searching`.
"""

from __future__ import annotations

import secrets

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres_server import own_postgres, postgres_server
from tests.support.redis_server import own_redis, redis_server
from tests.support.s3_server import s3_server
from tests.support.searching import SEARCHING

# Fixtures for every test, defined beside what they hand out.
__all__ = ["own_postgres", "own_redis", "postgres_server", "redis_server", "s3_server"]

settings.register_profile("ordinary", derandomize=True, database=None, deadline=None)
settings.register_profile(
    "search",
    derandomize=False,
    deadline=None,
    max_examples=20_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("search" if SEARCHING else "ordinary")
    if SEARCHING and config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = str(secrets.randbits(64))


def pytest_report_header(config: pytest.Config) -> str | None:
    return f"searching with --hypothesis-seed={config.option.hypothesis_seed}" if SEARCHING else None

import os

import pytest

from bench.measure import alternate, cpu_seconds, summarize


def test_the_ratio_is_the_median_of_the_rounds_not_of_the_medians() -> None:
    # A machine that changes speed between rounds moves both figures together and the ratio not at all.
    result = summarize("b", "w", "µs", "l", [(2.0, 1.0), (20.0, 10.0), (6.0, 3.0)])
    assert (result.ours, result.limit, result.ratio) == (6.0, 3.0, 2.0)


def test_both_ways_run_by_turns_after_a_warm_up() -> None:
    turns: list[str] = []

    def ours() -> float:
        turns.append("ours")
        return float(len(turns))

    def limit() -> float:
        turns.append("limit")
        return float(len(turns))

    assert alternate(ours, limit, rounds=2) == [(3.0, 4.0), (5.0, 6.0)]
    assert turns == ["ours", "limit"] * 3


def test_cpu_time_of_a_process_is_counted() -> None:
    before = cpu_seconds(os.getpid())
    sum(range(300_000))
    assert cpu_seconds(os.getpid()) > before


def test_a_process_that_is_gone_has_no_cpu_time() -> None:
    with pytest.raises(FileNotFoundError):
        cpu_seconds(2**22 + 1)

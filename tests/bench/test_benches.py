"""Every bench runs to its end, with small numbers: a bench that has rotted tells nothing when it is needed."""

import pytest

from bench import capture, catalog_lists, decide_apply, fanout, render


async def test_capturing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PEOPLE", 2), ("SECONDS", 1), ("ROUNDS", 2)):
        monkeypatch.setattr(capture, name, value)
    results = await capture.run()
    assert len(results) == 2
    assert all(result.limit > 0 for result in results)


@pytest.mark.postgresql
def test_lists_of_the_catalog(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("REGISTRANTS", 600), ("SESSIONS", 200), ("ROUNDS", 2)):
        monkeypatch.setattr(catalog_lists, name, value)
    results = catalog_lists.run()
    assert len(results) == 2 * len(catalog_lists.cases())
    assert all(result.ratio > 0 for result in results)
    assert "PostgreSQL, registrants: first page:" in capsys.readouterr().err


def test_decide_and_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("VIEWERS", 50), ("COMMANDS", 40), ("ROUNDS", 2)):
        monkeypatch.setattr(decide_apply, name, value)
    results = decide_apply.run()
    assert len(results) == 4
    assert all(result.ratio > 0 for result in results)


def test_the_fanout_through_a_real_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "VIEWERS", 40)
    monkeypatch.setattr(fanout, "ROUNDS", 3)
    (result,) = fanout.run()
    assert result.ours > 0
    assert result.limit > 0
    assert result.details["p50 ms"] <= result.details["p99 ms"] <= result.details["most ms"]


def test_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CAMERAS", (1, 2)), ("SECONDS", 1)):
        monkeypatch.setattr(render, name, value)
    results = render.run()
    assert [result.what for result in results] == ["1 camera", "2 cameras"]
    assert all(result.ratio > 0 for result in results)

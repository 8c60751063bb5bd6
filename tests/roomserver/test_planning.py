"""`roomserver plan` on a terminal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from capacity.planner import plan
from roomserver.cli import app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["plan", *arguments], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_table_says_what_it_takes() -> None:
    found = plan(10, 1000, rooms=3)
    printed = run("--speakers", "10", "--viewers", "1000", "--rooms", "3")
    assert "3 room(s), each with 10 on screen and 1,000 viewers" in printed
    assert f"{found.memory_gb:,.1f} GB" in printed
    assert f"{found.bits_down / 1e9:,.1f} Gbit/s" in printed
    assert all(sentence[:60] in printed for sentence in found.assumptions)
    assert "captured tracks" not in printed


def test_warnings_are_printed() -> None:
    assert "wait in line" in run("--speakers", "50", "--viewers", "501")


def test_recordings_are_reckoned_on_request() -> None:
    assert "captured tracks" in run("--speakers", "4", "--viewers", "10", "--recorded")


def test_json_holds_every_figure() -> None:
    document = json.loads(run("--speakers", "4", "--viewers", "100", "--json", "--cores", "2"))
    assert (document["speakers"], document["viewers"], document["admitted"]) == (4, 100, 100)
    assert document["nodes"] == -(-document["cores"] // 2)


def test_the_operators_own_caps_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSERVER_VIEWER_CAPS", "1:10,50:5")
    assert json.loads(run("--speakers", "1", "--viewers", "100", "--json"))["admitted"] == 10


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--viewers", "10"], "speakers"),
        (["--speakers", "51", "--viewers", "10"], "speakers must be 0 to 50"),
        (["--speakers", "1", "--viewers", "-1"], "viewers must be 0 to 1,000,000"),
        (["--speakers", "1", "--viewers", "1", "--rooms", "0"], "rooms must be 1 to"),
        (["--speakers", "1", "--viewers", "1", "--cores", "0"], "cores"),
    ],
)
def test_a_number_out_of_range_is_named(arguments: list[str], named: str) -> None:
    result = CliRunner().invoke(app, ["plan", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert named in result.output

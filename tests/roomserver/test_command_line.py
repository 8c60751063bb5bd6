"""The `roomserver` program as a person at a terminal has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.live_server import PROGRAM, LiveServer, free_port


def run(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOMSERVER_")}
    return subprocess.run(
        [str(PROGRAM), *arguments],
        cwd=cwd,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [[], ["serve"], ["demo"], ["token"], ["migrate"], ["render"], ["settings"]])
def test_everything_has_help(tmp_path: Path, command: list[str]) -> None:
    done = run(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: roomserver" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "told"),
    [
        (["fly"], {}, 2, "No such command 'fly'"),
        (["serve", "--wings"], {}, 2, "No such option"),
        (["serve", "--port", "eighty"], {}, 2, "--port"),
        (["serve", "--port", "70000"], {}, 2, "port: "),
        (["serve"], {"ROOMSERVER_VIEWER_CAPS": "1:10,2:20,50:5"}, 2, "viewer_caps: viewer cap table, row 2"),
        (["serve", "--tls-cert", "cert.pem"], {}, 2, "tls_key"),
        (["serve", "--tls-cert", "a", "--tls-key", "b", "--port", "0"], {}, 1, "tls_cert, tls_key: "),
        (["serve", "--redis", "nonsense", "--port", "0"], {}, 1, "redis: "),
        (["serve", "--database", "nonsense", "--port", "0"], {}, 1, "database: "),
        (["serve", "--data", "/dev/null/x"], {}, 1, "data: "),
        (["serve", "--host", "256.1.1.1"], {}, 1, "port: "),
        (["token"], {}, 2, "either --organizer or --registrant"),
        (["token", "--organizer", "--registrant", "reg_1"], {}, 2, "either --organizer or --registrant"),
        (["token", "--registrant", "reg_unknown"], {}, 1, "There is no registrant reg_unknown."),
        (["render"], {}, 2, "Missing argument"),
        (["render", "rec_1", "--layout", "mosaic"], {}, 2, "'mosaic' is not one of 'gallery', 'speaker'"),
        (["render", "rec_1", "--without", "reg_1", "--everybody"], {}, 2, "either --without or --everybody"),
        (["render", "rec_unknown", "--data", "."], {}, 1, "There is no recording rec_unknown."),
        (["migrate", "--config", "missing.toml"], {}, 2, "missing.toml"),
    ],
)
def test_an_error_is_one_clear_line(
    tmp_path: Path, arguments: list[str], variables: dict[str, str], code: int, told: str
) -> None:
    done = run(*arguments, cwd=tmp_path, **variables)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert done.stderr.startswith("roomserver: ")
    assert done.stderr.count("\n") == 1


def test_a_token_is_printed_alone_before_the_first_start(tmp_path: Path) -> None:
    done = run("token", "--organizer", "--data", "new/data", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("rst_")
    assert len(done.stdout.split()) == 1


def test_settings_are_printed_with_default_and_meaning(tmp_path: Path) -> None:
    done = run("settings", cwd=tmp_path, ROOMSERVER_PORT="9000")
    assert "port = 9000\n    Port to listen on; 0 takes a free one.\n    Default: 8080." in done.stdout
    assert "ROOMSERVER_VIEWER_CAPS" in done.stdout


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        done = run("migrate", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")


async def test_tokens_made_beside_a_running_server_work_at_once(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "data")
    await server.start()
    try:
        ada = await server.registrant("Ada")
        token = await server.run("token", "--registrant", ada.id, "--data", str(server.data))
        assert (await server.api("GET", "/api/me", token=token))["id"] == ada.id
        named = await server.run("token", "--organizer", "--name", "Grace", "--data", str(server.data))
        assert (await server.api("GET", "/api/me", token=named))["name"] == "Grace"

        busy = run("serve", "--port", str(server.port), "--data", "other", cwd=tmp_path)
        assert (busy.returncode, busy.stdout) == (1, "")
        assert f"port: 127.0.0.1:{server.port} can't be used (Address already in use)" in busy.stderr
        same = run("serve", "--port", "0", "--data", str(server.data), cwd=tmp_path)
        assert same.returncode == 1
        assert "another server is running" in same.stderr
    finally:
        await server.stop()
    assert server.process is not None
    assert server.process.returncode == 0


async def test_the_demo_prints_a_link_for_everybody_and_goes_on_with_its_data(tmp_path: Path) -> None:
    port = free_port()
    found: list[set[str]] = []
    for _ in range(2):
        process = subprocess.Popen(  # noqa: ASYNC220 - starting takes a millisecond
            [str(PROGRAM), "demo", "--port", str(port), "--data", "demo-data"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            lines: list[str] = []
            while not any("moderator password" in line for line in lines):
                lines.append(process.stdout.readline())
                assert lines[-1], "the demo ended"
            links = [line.strip() for line in lines if "/signin" in line]
            assert len(links) == 5
            ids = set()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                for link in links:
                    answer = await client.post("/api/signin", json={"token": link.partition("#")[2]})
                    ids.add(answer.json()["id"])
                titles = [each["title"] for each in (await client.get("/api/sessions")).json()["items"]]
                schedule = (await client.get("/api/schedule", params={"past": True})).json()
                picture = (await client.get("/api/sessions")).json()["items"][0]["picture"]
                assert (await client.get(picture)).headers["content-type"] == "image/webp"
            assert titles == ["Open round table", "Ask the experts", "Main stage", "VIP fireside chat"]
            assert [each["title"] for each in schedule["happening_now"]] == ["Rooms that work"]
            assert sum(len(day["segments"]) for day in schedule["items"]) == 10, "made once"
            found.append(ids)
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()
    assert found[0] == found[1]
    assert len(found[0]) == 5


def test_the_demo_leaves_another_event_alone(tmp_path: Path) -> None:
    made = run("migrate", "--data", "mine", cwd=tmp_path)
    assert made.returncode == 0
    # A session of somebody's own, as an organizer would have set it up.
    script = (
        "import sqlite3, sys; db = sqlite3.connect('mine/catalog.sqlite');"
        "columns = [row[1] for row in db.execute('PRAGMA table_info(sessions)')];"
        "db.execute(f\"INSERT INTO sessions ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})\","
        " ['2026-01-01 00:00:00' if c.endswith(('_at', '_order')) else 0 if c in ('version', 'rank', 'hidden',"
        " 'max_on_screen', 'youtube', 'record', 'rtmp') else 'x' for c in columns]); db.commit(); db.close()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    done = run("demo", "--port", "0", "--data", "mine", cwd=tmp_path)
    assert done.returncode == 1
    assert "holds another event" in done.stderr

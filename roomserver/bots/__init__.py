"""Bots that fill a room: load for operators, company for demos, crowds for tests. `bots` is the command."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from roomserver.bots.figures import Summary
    from roomserver.bots.plan import Plan

_INTERRUPTED = 130


def bots(  # noqa: PLR0917 -- options, never given by position
    session: Annotated[str, typer.Option(help="The session to go to (ses_...).")],
    token: Annotated[str, typer.Option(envvar="ROOMSERVER_TOKEN", help="An organizer's API token.")],
    url: Annotated[str, typer.Option(help="The server.")] = "http://127.0.0.1:8080",
    speakers: Annotated[int, typer.Option(min=0, max=50, help="How many go on screen.")] = 3,
    viewers: Annotated[int, typer.Option(min=0, max=20_000, help="How many watch.")] = 20,
    media: Annotated[bool, typer.Option(help="Speakers send pictures and sound.")] = True,
    viewers_media: Annotated[int, typer.Option(min=0, help="How many viewers also receive pictures and sound.")] = 0,
    large: Annotated[int, typer.Option(min=0, max=50, help="Tiles that each of them shows large.")] = 1,
    seconds: Annotated[float, typer.Option(min=0, max=86_400, help="How long to stay when all have come.")] = 30.0,
    rate: Annotated[float, typer.Option(min=0.1, max=10_000, help="Viewers that join in a second, at most.")] = 200.0,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the bots' registrants in the event.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Fill a session with bots over the network, as real clients would, and measure what they get.

    Registers them, lets speakers go on screen (asking where the session is moderated), and deletes the
    registrants at the end. Exit code 1 if anything went wrong for any of them.
    """
    from roomserver.bots.plan import Plan  # noqa: PLC0415 -- like the rest, needed only when bots run

    if viewers_media > viewers:
        raise typer.BadParameter("there are not so many viewers", param_hint="--viewers-media")
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter("must begin with http:// or https://", param_hint="--url")
    plan = Plan(
        url=url.rstrip("/"),
        session=session,
        organizer_token=token,
        speakers=speakers,
        viewers=viewers,
        media=media,
        watchers=viewers_media,
        large=large,
        seconds=seconds,
        rate=rate,
        keep=keep,
    )
    raise typer.Exit(_run(plan, as_json=as_json))


def _run(plan: Plan, *, as_json: bool) -> int:
    import uvloop  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    from roomserver.bots.event_api import ApiError  # noqa: PLC0415
    from roomserver.bots.open_files import NotEnoughFiles, allow_open_files  # noqa: PLC0415
    from roomserver.bots.party import Party  # noqa: PLC0415
    from roomserver.bots.show import TerminalProgress  # noqa: PLC0415

    try:
        allow_open_files(plan.viewers + 2 * plan.speakers + plan.watchers)
        with TerminalProgress(Console(stderr=True, width=None if sys.stderr.isatty() else 140)) as progress:
            party = Party(plan, progress)
            interrupted = False
            try:
                uvloop.run(party.run())
            except KeyboardInterrupt:
                interrupted = True
    except (ApiError, NotEnoughFiles, TimeoutError) as error:
        print(f"roomserver: {str(error) or 'the server took too long'}", file=sys.stderr)
        return 1
    if party.summary is not None:
        _print(party.summary, as_json=as_json)
    return _INTERRUPTED if interrupted else int(party.summary is None or party.summary.failed)


def _print(summary: Summary, *, as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415

    from roomserver.bots.show import summary_table  # noqa: PLC0415

    if as_json:
        print(json.dumps(summary.as_json(), indent=2))
    else:
        Console().print(summary_table(summary))

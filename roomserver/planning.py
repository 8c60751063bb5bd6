"""`roomserver plan`: what an event takes, as a table for people or as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from capacity.planner import Node, Plan
from capacity.planner import plan as reckon
from roomserver.settings import load_settings


def plan(  # noqa: PLR0917 - options, never given by position
    speakers: Annotated[int, typer.Option(help="People on screen in each room, shared screens among them.")],
    viewers: Annotated[int, typer.Option(help="People who watch in each room.")],
    rooms: Annotated[int, typer.Option(help="Rooms that run at the same time.")] = 1,
    recorded: Annotated[bool, typer.Option("--recorded", help="With recordings, rendered meanwhile.")] = False,
    cores: Annotated[int, typer.Option(min=1, help="Cores of one node.")] = 8,
    gigabits: Annotated[float, typer.Option(min=0.001, help="What a node's network takes, Gbit/s.")] = 1.0,
    memory: Annotated[float, typer.Option(min=0.1, help="A node's memory, GB.")] = 16.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Reckon what rooms take: cores, bandwidth, memory and nodes. Viewer caps are those of the settings."""
    try:
        found = reckon(
            speakers,
            viewers,
            rooms=rooms,
            recorded=recorded,
            caps=load_settings({}).viewer_caps,
            node=Node(cores, gigabits, memory),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print(json.dumps(asdict(found), indent=2))
    else:
        print_plan(found, Console())


def print_plan(found: Plan, console: Console) -> None:
    """Warnings come last, where they are seen on any terminal."""
    title = f"{found.rooms:,} room(s), each with {found.speakers} on screen and {found.viewers:,} viewers"
    table = Table(title=title, show_header=False, title_justify="left")
    for name, value in _rows(found):
        table.add_row(name, value)
    console.print(table)
    for sentence in found.assumptions:
        console.print(f"  {sentence}", style="dim", highlight=False)
    for sentence in found.warnings:
        console.print(f"Warning: {sentence}", style="bold yellow", highlight=False)


def _rows(found: Plan) -> list[tuple[str, str]]:
    rows = [
        ("Nodes", f"{found.nodes:,}"),
        ("Cores", f"{found.cores:,}, of which {found.workers:,} for media workers"),
        ("Viewers admitted to a room", f"{found.admitted:,}"),
        ("Watchers that one media worker serves", f"{found.watchers_per_worker:,}"),
        ("Bandwidth to the server", _bits(found.bits_up)),
        ("Bandwidth from the server", _bits(found.bits_down)),
        ("Bandwidth to one watcher", f"{_bits(found.watcher_bits)}, {found.watcher_packets:,.0f} packets/s"),
        ("Memory", f"{found.memory_gb:,.1f} GB"),
        ("Cores busy: media, hub", f"{found.media_cores:,.2f}, {found.hub_cores:,.2f}"),
        ("To let everybody in at once", f"{found.join_core_seconds:,.1f} core seconds"),
    ]
    if found.render_cores:
        rows.append(("Cores busy: rendering in real time", f"{found.render_cores:,.2f}"))
        rows.append(("Disk for captured tracks", f"{found.capture_gb_hour:,.1f} GB an hour"))
    return rows


def _bits(bits: float) -> str:
    for size, unit in ((1e9, "Gbit/s"), (1e6, "Mbit/s")):
        if bits >= size:
            return f"{bits / size:,.1f} {unit}"
    return f"{bits / 1e3:,.0f} kbit/s"

"""A media worker: `python -m signaling.media.worker --control FD`, started by `WorkerPlane`.

FD is one end of a socket pair on which the process is told what to do. It ends when that closes, so that it
never outlives its parent, and on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import uvloop

from signaling.media.control import MAX_LINE, decode, encode, stage_seats, view_slots
from signaling.media.port import BadOffer, MediaUnavailable, SendAdvice
from signaling.media.rooms import PortSettings, Rooms
from signaling.media.tap import Tap

METRICS_SECONDS = 1.0

log = logging.getLogger(__name__)


class _Events:
    """Tells the hub what rooms tell."""

    def __init__(self, tell: Callable[[Mapping[str, Any]], None]) -> None:
        self._tell = tell

    def live(self, session: str, seat: str, live: bool) -> None:
        self._tell({"op": "live", "session": session, "seat": seat, "live": live})

    def speaking(self, session: str, seats: Sequence[str]) -> None:
        self._tell({"op": "speaking", "session": session, "seats": list(seats)})

    def send(self, session: str, seat: str, advice: SendAdvice) -> None:
        self._tell({"op": "send", "session": session, "seat": seat, "layers": advice.layers})


class Worker:
    """Obeys the control connection until it closes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tap: Tap | None) -> None:
        self._reader = reader
        self._writer = writer
        self._tap = tap
        self._rooms: Rooms | None = None

    async def run(self) -> None:
        configuration = await self._read()
        if configuration is None:
            return
        settings = configuration["settings"]
        rooms = self._rooms = Rooms(PortSettings(**settings), _Events(self._tell), self._tap)
        try:
            rooms.open()
        except OSError as error:
            self._tell({"op": "failed", "text": f"No address for media can be used: {error}."})
            await self._writer.drain()
            return
        reporter = asyncio.create_task(self._report(rooms))
        try:
            # What exists now lives as long as the process: the collector needn't look at it again.
            gc.collect()
            gc.freeze()
            self._tell({"op": "ready", "addresses": [f"{c.host}:{c.port}" for c in rooms.ice.candidates]})
            while (message := await self._read()) is not None:
                self._obey(rooms, message)
        finally:
            reporter.cancel()
            await asyncio.gather(reporter, return_exceptions=True)
            await rooms.close()

    async def _read(self) -> dict[str, Any] | None:
        try:
            line = await self._reader.readline()
        except (ConnectionError, ValueError):
            return None
        return decode(line) if line.endswith(b"\n") else None

    def _tell(self, message: Mapping[str, Any]) -> None:
        if not self._writer.is_closing():
            self._writer.write(encode(message))

    async def _report(self, rooms: Rooms) -> None:
        while True:
            await asyncio.sleep(METRICS_SECONDS)
            self._tell({"op": "metrics", "metrics": rooms.metrics()})

    def _obey(self, rooms: Rooms, message: Mapping[str, Any]) -> None:
        op, session = message["op"], message.get("session", "")
        if op == "stage":
            rooms.stage(session, stage_seats(message), message["recording"])
        elif op == "view":
            rooms.view(session, message["watcher"], view_slots(message))
        elif op == "unwatch":
            rooms.unwatch(session, message["watcher"])
        elif op == "publish":
            self._answer(message, lambda: rooms.publish(session, message["seat"], message["sdp"]))
        elif op == "watch":
            watcher, participant = message["watcher"], message["participant"]
            self._answer(message, lambda: rooms.watch(session, watcher, participant, message["sdp"]))

    def _answer(self, message: Mapping[str, Any], make: Callable[[], str]) -> None:
        try:
            answer = {"op": "answered", "id": message["id"], "sdp": make()}
        except BadOffer as error:
            answer = {"op": "refused", "id": message["id"], "text": str(error)}
        except MediaUnavailable as error:
            answer = {"op": "unavailable", "id": message["id"], "text": str(error)}
        except Exception:
            # One offer never ends the media of all. Reaching this line is a bug to mend.
            log.exception("answering %s", message["op"])
            answer = {"op": "unavailable", "id": message["id"], "text": "The offer could not be answered."}
        self._tell(answer)


async def serve(control: socket.socket, tap: Tap | None) -> None:
    """Work until the control socket closes or SIGTERM comes."""
    reader, writer = await asyncio.open_connection(sock=control, limit=MAX_LINE)
    loop = asyncio.get_running_loop()
    work = loop.create_task(Worker(reader, writer, tap).run())
    loop.add_signal_handler(signal.SIGTERM, work.cancel)
    # Ctrl-C on a terminal goes to every process of the program: the parent decides.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    try:
        await work
    except asyncio.CancelledError:
        log.info("media worker stopped")
    finally:
        writer.close()


def run_worker(control: int, tap: Tap | None = None) -> None:
    """Be the process: `control` is the control socket's file descriptor. Returns when the work has ended."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    gc.set_threshold(50_000, 20, 50)
    uvloop.run(serve(socket.socket(fileno=control), tap))


def main() -> None:
    parser = argparse.ArgumentParser(prog="signaling.media.worker")
    parser.add_argument("--control", type=int, required=True, metavar="FD")
    run_worker(parser.parse_args().control)


if __name__ == "__main__":
    main()

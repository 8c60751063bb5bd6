"""Puts the server together: the one place that chooses implementations, starts them in order and ends them."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
import uvloop

from recording.jobs import render
from recording.recorder import Recorder, RecorderUnavailable, SpaceLimits
from recording.store import Captures
from roomserver.auth import GuessGate
from roomserver.catalog.store import Catalog
from roomserver.data_folder import DataFolder, StartError
from roomserver.directory import CatalogDirectory
from roomserver.evaluation_openings import EvaluationOpenings
from roomserver.files import Files, FilesUnavailable, open_files
from roomserver.health import Check, Health
from roomserver.http.api import make_app
from roomserver.http.services import Services
from roomserver.logs import configure_logs
from roomserver.measuring import hub_numbers, media_numbers, recorder_numbers
from roomserver.metrics import Metrics
from roomserver.recordings.desk import RecordingsDesk, Retention, render_jobs, spare_bytes
from roomserver.recordings.queue import QueueParts
from roomserver.running_rooms import RunningRooms
from roomserver.settings import Settings, split_list, unknown_variables
from signaling.clock import Clock, SystemClock
from signaling.hub import Hub
from signaling.journal.files import FileJournal
from signaling.journal.port import Journal, JournalUnavailable
from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import MediaUnavailable
from signaling.tickets import Tickets

_log = structlog.get_logger("roomserver")

BACKLOG = 4096
"""Connections that may wait to be accepted: thousands come in the minute in which a session begins."""
GB = 10**9


def run_server(settings: Settings, started: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `started` is told the server's address once it takes requests.

    Raises StartError, CatalogUnavailable."""
    configure_logs(settings.log_level, settings.log_format)
    for name in unknown_variables():
        _log.warning("no setting has this variable's name", variable=name)
    _check_certificate(settings)
    _allow_many_files()
    folder = DataFolder(settings)
    with folder.owned(), _listen(settings) as listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, folder, listener, started))


async def _serve(
    settings: Settings, folder: DataFolder, listener: socket.socket, started: Callable[[str], None] | None
) -> None:
    async with _parts(settings, folder) as (services, hub):
        server = _Server(_uvicorn_config(settings, services, hub), services.health)
        server.when_started = lambda: _tell_started(settings, listener, started)
        await server.serve(sockets=[listener])
        _log.info("stopping")


def _tell_started(settings: Settings, listener: socket.socket, started: Callable[[str], None] | None) -> None:
    # What is there now stays: the collector needn't walk through it again.
    gc.collect()
    gc.freeze()
    address = server_address(settings, listener)
    _log.info("serving", address=address, data=str(settings.data))
    if started is not None:
        started(address)


@asynccontextmanager
async def _parts(settings: Settings, folder: DataFolder) -> AsyncIterator[tuple[Services, Hub]]:
    clock = SystemClock()
    tickets = Tickets(folder.secret(), clock)
    catalog = Catalog(settings.database_url)
    journal = _journal(settings, folder)
    media = WorkerPlane(
        MediaSettings(
            workers=settings.media_workers,
            hosts=split_list(settings.media_hosts),
            public=split_list(settings.media_public_hosts),
            port_base=settings.media_port,
            ice_servers=settings.ice_servers,
            program=("recording.media_worker", "--captures", str(folder.recordings)),
        )
    )
    directory = CatalogDirectory(catalog)
    recorder = Recorder(folder.recordings, folder.node(), clock, _space_limits(settings))
    hub = Hub(
        journal=journal,
        media=media,
        directory=directory,
        tickets=tickets,
        clock=clock,
        node=folder.node(),
        caps=settings.viewer_caps,
        origins=[settings.public_url] if settings.public_url else None,
        other_origins=split_list(settings.allowed_origins),
        proxies=split_list(settings.trusted_proxies),
        subscriber=recorder,
    )
    openings = EvaluationOpenings(catalog, hub.announce, clock)
    metrics = Metrics()
    metrics.watch("hub", lambda: hub_numbers(hub.statistics()))
    metrics.watch("recorder", lambda: recorder_numbers(recorder.numbers()))
    metrics.watch("media", lambda: media_numbers(media.metrics()))
    files = _files(settings, folder)
    desk = _desk(settings, folder, catalog, files, clock)
    metrics.watch("recordings", desk.numbers)
    services = Services(
        settings=settings,
        catalog=catalog,
        files=files,
        rooms=RunningRooms(hub, directory, openings.look_soon),
        tickets=tickets,
        guesses=GuessGate(clock),
        health=Health({"database": catalog.ping, "journal": _journal_check(journal), "media": _media_check(media)}),
        metrics=metrics,
        clock=clock,
        recording_changed=desk.changed,
    )
    try:
        await catalog.open()
        await media.start(hub)
        recorder.start(hub)
        await hub.start()
        openings.start()
        desk.start()
        yield services, hub
    except (JournalUnavailable, MediaUnavailable) as error:
        raise StartError(str(error)) from error
    except RecorderUnavailable as error:
        raise StartError(f"data: {error}") from error
    finally:
        await desk.close()
        await openings.close()
        await hub.close()
        await recorder.close()
        await media.close()
        await journal.close()
        await catalog.close()


def _desk(settings: Settings, folder: DataFolder, catalog: Catalog, files: Files, clock: Clock) -> RecordingsDesk:
    node = folder.node()
    parts = QueueParts(
        catalog=catalog,
        captures=Captures(folder.recordings),
        files=files,
        render=render,
        clock=clock,
        place=folder.place(),
        worker=node,
        scratch=folder.scratch / node,
        spare_bytes=spare_bytes(settings),
    )
    return RecordingsDesk(
        parts, render_jobs(settings), Retention(settings.recording_tracks_days, settings.recordings_days)
    )


def _space_limits(settings: Settings) -> SpaceLimits:
    return SpaceLimits(int(settings.recording_warn_gb * GB), int(settings.recording_stop_gb * GB))


def _files(settings: Settings, folder: DataFolder) -> Files:
    try:
        return open_files(settings.files_url, folder.files)
    except FilesUnavailable as error:
        raise StartError(str(error)) from error


def _journal(settings: Settings, folder: DataFolder) -> Journal:
    if settings.redis is None:
        return FileJournal(folder.journal)
    from signaling.journal.redis_streams import RedisJournal  # noqa: PLC0415 - slow to load, and most don't need it

    try:
        return RedisJournal(settings.redis)
    except ValueError as error:
        raise StartError(f"redis: {error}") from error


def _journal_check(journal: Journal) -> Check:
    async def check() -> None:
        await journal.sessions()

    return check


def _media_check(media: WorkerPlane) -> Check:
    async def check() -> None:
        if not media.pids:
            raise MediaUnavailable("no media worker is running")

    return check


# --- listening ---------------------------------------------------------------------------------------------


@contextmanager
def _listen(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is started: a busy one is the commonest reason not to start."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        # Listening now makes a second server on this port fail, although both may share the address.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise StartError(f"port: {where} can't be used ({error.strerror}); choose another with --port") from error
    with listener:
        yield listener


def server_address(settings: Settings, listener: socket.socket) -> str:
    """The address to open in a browser on this machine, or the public one."""
    if settings.public_url:
        return settings.public_url
    scheme = "https" if settings.tls_cert else "http"
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        host = "localhost"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _check_certificate(settings: Settings) -> None:
    """Tell of unusable files before anything is started."""
    if settings.tls_cert is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise StartError(f"tls_cert, tls_key: {settings.tls_cert}, {settings.tls_key}: {error}") from error


def _allow_many_files() -> None:
    """One file each for thousands of connections; the system's default is often 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _uvicorn_config(settings: Settings, services: Services, hub: Hub) -> uvicorn.Config:
    return uvicorn.Config(
        make_app(services),
        ws=hub.protocol_factory,
        ws_per_message_deflate=False,
        http="httptools",
        lifespan="off",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=max(1, round(settings.stop_seconds)),
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )


class _Server(uvicorn.Server):
    """uvicorn's server, except that a signal lets what surrounds it end in order too."""

    def __init__(self, config: uvicorn.Config, health: Health) -> None:
        super().__init__(config)
        self._health = health
        self.when_started: Callable[[], None] = lambda: None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self._stop)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)

    def _stop(self) -> None:
        self._health.stop()
        self.force_exit = self.should_exit  # asked twice: don't wait for anybody
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.when_started()

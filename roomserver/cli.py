"""The command line. Every error is one clear line: exit code 2 for a wrong call, 1 for what can't be done now."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from recording.layout import Layout
from roomserver.bots import bots
from roomserver.catalog.registrants import find_registrant
from roomserver.catalog.store import Catalog, CatalogUnavailable
from roomserver.catalog.tokens import add_organizer, issue_token
from roomserver.data_folder import DataFolder, StartError
from roomserver.logs import configure_logs
from roomserver.planning import plan
from roomserver.settings import CONFIG_ENV, Settings, SettingsError, describe_settings, load_settings

T = TypeVar("T")

app = typer.Typer(
    name="roomserver",
    help="Self-hosted, real-time session rooms for online events.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="TOML file with settings. Default: ./roomserver.toml, if there is one.")
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder for everything that the embedded defaults keep. Default: data.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="postgresql://... for the catalog. Default: an SQLite file in the data folder."),
]


DEMO_DATA = Path("demo-data")


class CommandError(Exception):
    """The command can't be carried out now. The text is for the person at the terminal."""


@app.command()
def serve(  # noqa: PLR0917 - options, never given by position
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one. Default: 8080.")] = None,
    data: DataOption = None,
    redis: Annotated[str | None, typer.Option(help="Redis for several servers that share rooms.")] = None,
    database: DatabaseOption = None,
    public_url: Annotated[str | None, typer.Option(help="Address under which people reach the server.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain (PEM), to serve HTTPS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key (PEM) of the certificate.")] = None,
    config: ConfigOption = None,
) -> None:
    """Run the server: pages, HTTP API, rooms and media, in one process tree.

    Browsers give camera and microphone only to pages that come by HTTPS or from localhost. For anything else,
    give --tls-cert and --tls-key, or put a reverse proxy with HTTPS in front.

    Every further setting is shown by `roomserver settings`.
    """
    from roomserver.app import run_server  # noqa: PLC0415 - slow to load, and only this command needs it

    settings = _settings(
        config,
        host=host,
        port=port,
        data=data,
        redis=redis,
        database=database,
        public_url=public_url,
        tls_cert=tls_cert,
        tls_key=tls_key,
    )
    run_server(settings)


@app.command()
def demo(
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one. Default: 8080.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the demo event; running again goes on with it.")] = DEMO_DATA,
) -> None:
    """Run an event to try things out: sessions of every kind, and links to click to be its people."""
    from roomserver.app import run_server  # noqa: PLC0415 - slow to load, and only these commands need them
    from roomserver.demo import describe_links, prepare_demo  # noqa: PLC0415

    settings = load_settings({"host": host, "port": port, "data": data, "log_level": "warning"})
    DataFolder(settings)  # makes it
    links = _run(prepare_demo(settings, datetime.now(UTC)))
    run_server(settings, lambda address: print(describe_links(address, links), flush=True))


@app.command()
def token(  # noqa: PLR0917 - options, never given by position
    organizer: Annotated[bool, typer.Option("--organizer", help="For a new organizer account.")] = False,
    registrant: Annotated[str | None, typer.Option(help="For this registrant (reg_...).")] = None,
    name: Annotated[str, typer.Option(help="Name of the organizer, as people in rooms see it.")] = "Organizer",
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """Print an API token, alone, on standard output. Works while a server runs, and before the first start."""
    if organizer == (registrant is not None):
        raise typer.BadParameter("give either --organizer or --registrant ID")
    settings = _settings(config, data=data, database=database)
    print(_run(_make_token(settings, registrant, name)))


app.command()(bots)
app.command()(plan)


@app.command()
def render(  # noqa: PLR0917 - options, never given by position
    recording: Annotated[str, typer.Argument(help="Id of the recording (rec_...), as the dashboard shows it.")],
    layout: Annotated[
        Layout | None,
        typer.Option(help="gallery: tiles alike; speaker: whoever speaks is large. Default: as it was wanted before."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="Leave out this participant (reg_... or org_...); can be given again for others."),
    ] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Leave out nobody any more.")] = False,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """Render a recording to MP4 files: what has been captured until now, also again in another way.

    Files that are there already as they are wanted are kept; a file is replaced once the new one is verified.

    Works while a server runs on the same data folder, which then shares the work, and without one.

    Rendering an hour takes about an hour of one core with few people on screen, up to two with 50.
    """
    from roomserver.recordings.command import NotRendered, render_now  # noqa: PLC0415 - slow to load

    if everybody and without:
        raise typer.BadParameter("give either --without or --everybody")
    settings = _settings(config, data=data, database=database)
    configure_logs("error", settings.log_format)  # what fails is told in the end
    try:
        left_out = without or ([] if everybody else None)
        _run(render_now(settings, recording, layout, left_out, Console()))
    except NotRendered as error:
        raise CommandError(str(error)) from None


@app.command()
def migrate(data: DataOption = None, database: DatabaseOption = None, config: ConfigOption = None) -> None:
    """Bring the catalog's database to the schema of this version. `serve` does this too when it starts."""
    settings = _settings(config, data=data, database=database)

    async def bring_up() -> None:
        catalog = _catalog(settings)
        try:
            await catalog.open()
        finally:
            await catalog.close()

    _run(bring_up())
    print("The catalog is up to date.")


@app.command()
def settings(config: ConfigOption = None) -> None:
    """Print every setting with its present value, default and meaning."""
    for line in describe_settings(_settings(config)):
        print(f"{line.name} = {line.value or '(not set)'}")
        print(f"    {line.meaning}")
        print(f"    Default: {line.default or '(not set)'}. Environment: {line.variable}\n")


def main() -> None:
    """What `roomserver` runs."""
    command = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except typer.TyperException as error:
        _fail(error.format_message(), 2)
    except SettingsError as error:
        _fail(str(error), 2)
    except (CommandError, CatalogUnavailable, StartError) as error:
        _fail(str(error), 1)
    except (typer.Abort, KeyboardInterrupt):
        _fail("stopped", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    if message:  # none: the help was already printed
        print(f"roomserver: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


def _settings(config: Path | None, **given: Any) -> Settings:
    if config is not None:
        os.environ[CONFIG_ENV] = str(config)
    return load_settings(given)


def _catalog(settings: Settings) -> Catalog:
    DataFolder(settings)  # makes the folder that holds the embedded catalog
    return Catalog(settings.database_url)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def _make_token(settings: Settings, registrant: str | None, name: str) -> str:
    catalog = _catalog(settings)
    now = datetime.now(UTC)
    try:
        await catalog.open()
        async with catalog.writing() as db:
            if registrant is None:
                return await issue_token(db, "api", now, organizer=await add_organizer(db, name, now))
            if await find_registrant(db, registrant) is None:
                raise CommandError(f"There is no registrant {registrant}.")
            return await issue_token(db, "api", now, registrant=registrant)
    finally:
        await catalog.close()

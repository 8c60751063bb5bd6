"""The schema's versions, up and down, with data in the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from roomserver.catalog import schedule_models
from roomserver.catalog.evaluation import Question
from roomserver.catalog.evaluations import add_answer, save_form
from roomserver.catalog.models import Base, Session
from roomserver.catalog.registrants import add_registrant
from roomserver.catalog.schedule_list import add_to_agenda
from roomserver.catalog.segments import SegmentValues, add_segment
from roomserver.catalog.sessions import add_session
from roomserver.catalog.store import Catalog
from roomserver.http.session_fields import default_values, stored_values
from tests.support.api import START

SCHEDULE = {
    table.name
    for table in Base.metadata.tables.values()
    if table.name in {each.__tablename__ for each in vars(schedule_models).values() if hasattr(each, "__tablename__")}
}


async def fill(catalog: Catalog) -> str:
    """A session on the schedule, evaluated and on somebody's agenda; its id."""
    values = {**default_values(), "title": "Talk", "rank": 7.5, "availability": "scheduled", "moderator_password": None}
    async with catalog.writing() as db:
        session = await add_session(db, stored_values(values, None), "org_1", START)
        ada = await add_registrant(db, {"name": "Ada", "email": None, "ticket_type": None, "tags": []}, START)
        talk: SegmentValues = {
            "title": "Talk",
            "description": "",
            "location": "",
            "starts_at": START,
            "ends_at": START + timedelta(hours=1),
            "sessions": [session.id],
        }
        segment = await add_segment(db, talk, START)
        await add_to_agenda(db, ada.id, segment.id)
        form = await save_form(db, session.id, None, [Question("how", "rating", "How was it?")])
        await add_answer(db, form, ada.id, {"how": 5}, START)
    return session.id


async def run(url: str, work: Any) -> Any:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", "roomserver.catalog:migrations")
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


async def test_the_newest_schema_is_that_of_the_models(database: str) -> None:
    catalog = Catalog(database)
    await catalog.open()
    await catalog.close()
    difference = await run(
        database, lambda connection: compare_metadata(MigrationContext.configure(connection), Base.metadata)
    )
    assert difference == []


@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004"])
async def test_the_way_down_and_up_again_keeps_what_the_older_schema_knows(database: str, version: str) -> None:
    catalog = Catalog(database)
    await catalog.open()
    session = await fill(catalog)
    await catalog.close()

    await run(database, lambda connection: command.downgrade(config(connection), version))
    tables = await run(database, lambda connection: set(inspect(connection).get_table_names()))
    assert not tables & SCHEDULE if version == "0001" else tables >= SCHEDULE

    await catalog.open()
    async with catalog.reading() as db:
        kept = await db.get(Session, session)
    assert kept is not None
    assert (kept.title, kept.availability) == ("Talk", "scheduled")
    assert (kept.rank, kept.rank_order) == (7.5, -7.5)
    assert await fill(catalog) != session
    await catalog.close()

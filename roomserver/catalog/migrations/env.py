"""What Alembic runs to change a catalog's schema; `catalog.store` hands it an open connection."""

from __future__ import annotations

from alembic import context

from roomserver.catalog.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

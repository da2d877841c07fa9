"""Alembic's entry: runs the migrations on the connection that the caller opened. Knows no address of a database."""

from alembic import context

import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.storage.metadata import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()

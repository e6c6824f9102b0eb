"""Tables of the remediation desk, the same on SQLite and PostgreSQL, and the triggers that keep the trail append-only.

The trail is what counts. The other tables hold what is too long for it (plans, decisions, standing approvals: each
row with its seal, and its digest in the trail), and repeat it in rows whose keys make a second use impossible.
"""

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, Text

VERSION = 1
METADATA = MetaData()

schema_version = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

proposals = Table(
    "proposals",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("seal", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("replaced_by", Text),
)

decisions = Table(
    "decisions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("proposal", Text, ForeignKey("proposals.id"), nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

executions = Table(
    "executions",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("proposal", Text, ForeignKey("proposals.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("ending", Text),
)
# A rollback that was stopped may be tried again; nothing is ever applied twice.
_APPLIES = executions.c.direction == "apply"
Index("one_apply", executions.c.proposal, unique=True, sqlite_where=_APPLIES, postgresql_where=_APPLIES)

spent = Table(
    "spent",
    METADATA,
    Column("decision", Text, ForeignKey("decisions.id"), primary_key=True),
    Column("execution", Integer, ForeignKey("executions.id"), nullable=False),
)

steps = Table(
    "steps",
    METADATA,
    Column("execution", Integer, ForeignKey("executions.id"), primary_key=True, autoincrement=False),
    Column("target", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),
)

standing = Table(
    "standing",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("seal", Text, nullable=False),
    Column("withdrawn_at", Text),
)

standing_uses = Table(
    "standing_uses",
    METADATA,
    Column("standing", Text, ForeignKey("standing.id"), primary_key=True),
    Column("proposal", Text, ForeignKey("proposals.id"), primary_key=True),
    Column("month", Text, nullable=False),
    Column("amount", Text, nullable=False),
)

trail = Table(
    "trail",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

trail_head = Table(
    "trail_head",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

_REFUSAL = "the audit trail is append-only"
_SQLITE = (
    f"CREATE TRIGGER trail_keeps_updates BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    f"CREATE TRIGGER trail_keeps_deletes BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER trail_keeps_replaces BEFORE INSERT ON trail "
    "WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM trail) "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION outlay_trail_keeps() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
    "CREATE TRIGGER trail_keeps_rows BEFORE UPDATE OR DELETE ON trail "
    "FOR EACH ROW EXECUTE FUNCTION outlay_trail_keeps()",
    "CREATE TRIGGER trail_keeps_all BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION outlay_trail_keeps()",
)


def create(connection: Connection) -> None:
    """Every table and trigger, in a database that has none of them."""
    METADATA.create_all(connection)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.execute(schema_version.insert().values(version=VERSION))

"""The desk's database: SQLite in a home, or PostgreSQL that several machines share. One writer at a time in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from agent.state.database import BUSY_SECONDS
from agent.state.remediation import tables
from agent.state.remediation.events import GENESIS, head_text
from agent.state.remediation.seal import Seal
from tools.domain.errors import BadSetting, StoreFault

FILE = "remediation.sqlite"
WRITES = "outlay_writes"
WRITERS_LOCK = 0x6F75_746C_6179
"""PostgreSQL: the advisory lock that a writer holds until its transaction ends."""


class Database:
    """Opened for each transaction. Durable when a `writing` block is left: synchronous FULL, synchronous_commit on."""

    def __init__(self, engine: Engine, place: str, seal: Seal) -> None:
        self.engine, self.place, self._seal = engine, place, seal
        self._ready = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that no other writer runs beside; an error undoes all of it. Raises StoreFault."""
        with self._told(), self._begun(writes=True) as connection:
            if not self._ready:
                self._prepare(connection)
            yield connection
        self._ready = True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view. Raises StoreFault."""
        if not self._ready:
            with self.writing():
                pass
        with self._told(), self._begun(writes=False) as connection:
            yield connection

    @contextmanager
    def _begun(self, *, writes: bool) -> Iterator[Connection]:
        with self.engine.connect() as plain:
            options = {} if writes or self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
            connection = plain.execution_options(**{WRITES: writes}, **options)
            with connection.begin():
                if writes and self.engine.dialect.name != "sqlite":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
                yield connection

    def _prepare(self, connection: Connection) -> None:
        if not inspect(connection).has_table(tables.schema_version.name):
            tables.create(connection)
            first = head_text(0, GENESIS)
            connection.execute(
                tables.trail_head.insert().values(
                    id=1, sequence=0, hash=GENESIS, seal=self._seal.of("trail head", first)
                )
            )
        version = connection.execute(select(tables.schema_version.c.version)).scalar()
        if version != tables.VERSION:
            raise StoreFault(
                f"{self.place} is of schema version {version}; this Outlay knows {tables.VERSION}: "
                "use the one that made it"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as fault:
            raise StoreFault(
                f"{self.place} holds rows that Outlay did not write or no longer has ({_first_line(fault)}); "
                "nothing was changed: outlay audit verify tells which"
            ) from None
        except (SQLAlchemyError, OSError) as fault:
            raise StoreFault(f"remediations can't be kept in {self.place}: {_first_line(fault)}") from None


def home_database(state: Path, seal: Seal) -> Database:
    """The home's own file, made with its folder at first use. Raises StoreFault."""
    path = state / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreFault(f"remediations can't be kept in {path}: {fault.strerror}") from None
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begins)
    return Database(engine, str(path), seal)


def shared_database(url: str, seal: Seal) -> Database:
    """A PostgreSQL database: postgresql://user:password@host/database. Raises BadSetting for another kind of URL."""
    try:
        given = make_url(url)
    except ArgumentError:
        raise BadSetting("the database's URL can't be read; write postgresql://USER:PASSWORD@HOST/DATABASE") from None
    if given.get_backend_name() not in ("postgresql", "postgres"):
        raise BadSetting(f"a shared database is PostgreSQL, not {given.get_backend_name()}; write postgresql://…")
    from sqlalchemy.exc import NoSuchModuleError

    try:
        engine = create_engine(given.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True)
    except (ImportError, NoSuchModuleError):
        raise BadSetting("PostgreSQL needs psycopg: pip install 'outlay[postgres]'") from None
    event.listen(engine, "connect", _postgresql_connected)
    return Database(engine, f"{given.host or 'localhost'}/{given.database or ''}", seal)


def _sqlite_connected(connection: object, _: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun by `_sqlite_begins`
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_connected(connection: object, _: object) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()  # type: ignore[attr-defined]


def _first_line(fault: Exception) -> str:
    """What the database said, without the statement and its values."""
    said = str(getattr(fault, "orig", None) or type(fault).__name__)
    return said.splitlines()[0] if said else type(fault).__name__

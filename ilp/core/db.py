"""The database: one session, one way to write, the same behaviour on SQLite and PostgreSQL.

Writing happens only inside `transaction()`, which ends what was read before, takes SQLite's write lock
at once (BEGIN IMMEDIATE: a later upgrade of a read transaction would lose updates or fail with
"database is locked"), commits once, and then runs what was left for after the commit. Reading needs a
transaction on SQLite only: under PostgreSQL's READ COMMITTED each statement sees what is committed
anyway. Nothing slow may stand inside a transaction: passwords are hashed and foreign files are opened
before, papers are rendered and mail is sent after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, make_transient_to_detached, mapped_column

from ilp.core.constraints import explain
from ilp.core.enums import LabelledEnum
from ilp.core.statements import bound, command, prepared, run

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
WHERE = "where"
"""Under this name an index keeps its condition (`partial_index`)."""


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


class OneConnection(Session):
    """Has one connection until it is closed, not one for each of its transactions: those come in threes.

    A request reads who asks, writes, and reads what it shows.
    """

    _connection: Connection | None = None

    def get_bind(self, *args: Any, **kwargs: Any) -> sa.Engine | Connection:
        kept = self._connection
        if kept is not None and not kept.in_transaction() and _has_rested(kept.info):
            self._give_back()  # from where it comes again only if it still lives
        if self._connection is None:
            bind = super().get_bind(*args, **kwargs)
            if not isinstance(bind, sa.Engine):
                return bind
            self._connection = bind.connect()
        return self._connection

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        kept, begun = self._connection, self.in_transaction() and not self.in_nested_transaction()
        if kept is not None and begun and kept.in_transaction():
            return kept  # to ask the session's transaction for it takes as long as the statement
        return super().connection(*args, **kwargs)

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": OneConnection})


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Member = TypeVar("Member", bound=LabelledEnum)


class _Stored(sa.Enum):
    """Looks each value up in a dict: SQLAlchemy's own way is ten times as slow, and lists have hundreds."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        members: dict[str | None, Any] = {None: None}
        return (members | {member.value: member for member in self.enum_class or ()}).__getitem__


def enum_type(members: type[Member]) -> sa.Enum:
    """A closed list stored by its English value in a plain text column; KeyError if another stands there."""
    return _Stored(
        members,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=24,
        values_callable=lambda e: [m.value for m in e],
    )


def code_type(length: int = 13) -> sa.types.TypeEngine[str]:
    """An official code: compared byte by byte on both databases, so that ranges use the index."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def some_index(name: str, column: str, *more: str, there: str = "") -> sa.Index:
    """An index of only those rows where `there` (or else its first column) is filled.

    It stays small where few are, and is never taken to look for the many where nothing stands.
    """
    return partial_index(name, column, *more, where=f"{there or column} IS NOT NULL")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """An index of only those rows for which `where` holds.

    SQLAlchemy is told of the condition by `listen`, for the dialect at work: to hear of the other one's,
    it would load all of that, too.
    """
    return sa.Index(name, *columns, unique=unique, info={WHERE: sa.text(where)})


class Keyed:
    """Every table but the pure links has a surrogate key."""

    id: Mapped[int] = mapped_column(primary_key=True)


def execute(statement: sa.Executable, values: Mapping[str, Any]) -> sa.Result[*tuple[Any, ...]]:
    """Runs a statement of columns, never of entities: a fifth of what `db.session.execute` costs.

    It is part of the session's own transaction, but flushes nothing before, and the session's objects know
    nothing of what it writes (`renewed`).
    """
    return run(db.session.connection(), statement, values)


_writing: ContextVar[bool] = ContextVar("writing", default=False)
AFTER_COMMIT = "after_commit"
AFTER_ROLLBACK = "after_rollback"


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside is written once, or not at all.

    Objects loaded before are expired and read again under the lock, so a rule checked inside is
    checked on what is true. Nested use is a mistake and refused. After the commit the callables
    given to `after_commit` run; an error inside rolls everything back and forgets them. `session.info`
    is empty at the beginning: what a servant keeps there lives as long as the transaction. What was given to
    `after_rollback` runs when it was refused, in a transaction of its own.
    """
    if _writing.get():
        raise RuntimeError("transaction() does not nest")
    session = db.session()
    session.rollback()
    session.info.clear()
    token = _writing.set(True)
    remembered: list[Callable[[], Any]] = []
    try:
        yield
        session.commit()
    except BaseException as error:
        session.rollback()
        remembered = session.info.pop(AFTER_ROLLBACK, [])
        session.info.clear()
        violation = explain(error, Base.metadata) if isinstance(error, IntegrityError) else None
        if violation is not None:
            raise violation from error
        raise
    finally:
        _writing.reset(token)
        for act in remembered:
            act()
    for act in session.info.pop(AFTER_COMMIT, []):
        act()


def is_writing() -> bool:
    """Whether a transaction is open here; slow work asks, and refuses to run inside one."""
    return _writing.get()


def after_commit(act: Callable[[], Any]) -> None:
    """Leaves an act (waking the job process) for when the transaction is safely on disk."""
    db.session.info.setdefault(AFTER_COMMIT, []).append(act)


def after_rollback(act: Callable[[], Any]) -> None:
    """Leaves an act for the case that this transaction is refused: the trail tells of attempts, too."""
    db.session.info.setdefault(AFTER_ROLLBACK, []).append(act)


Entity = TypeVar("Entity")
Row = TypeVar("Row", bound=Keyed)


def locked(entity: Entity) -> Entity:
    """Reads a row again and locks it until the commit (on SQLite the whole database is already ours)."""
    db.session.refresh(entity, with_for_update={"of": type(entity)})
    return entity


def locked_alone(row: Row) -> Row:
    """What `locked` does, without what was loaded along with the row, and past the ORM, which is dear."""
    return renewed(row, execute(_again(type(row)), {"key": key_of(row)}).one())


def renewed(row: Row, columns: sa.Row[*tuple[Any, ...]]) -> Row:
    """A row that was loaded before, with its `columns_of` as they have just been read past the ORM.

    Raises RuntimeError for a row with changes that are not written yet: they would be lost.
    """
    state, read = sa.inspect(row, raiseerr=True), columns._mapping  # noqa: SLF001 (public, for all its name)
    if state.modified:
        raise RuntimeError("a row with unwritten changes is not read again")
    state.dict.update(read)
    state._commit(state.dict, read)  # noqa: SLF001 (as `set_committed_value` does for each of them)
    return row


def entity(model: type[Row], columns: sa.Row[*tuple[Any, ...]]) -> Row:
    """The object of a row whose `columns_of` were read past the ORM: half of what the ORM takes for it.

    The session's own where it has it, as it stands unless that has expired; relationships are not loaded.
    """
    mapper = sa.inspect(model)
    known = db.session.identity_map.get(mapper.identity_key_from_primary_key((columns.id,)))
    if known is not None:
        return renewed(known, columns) if sa.inspect(known, raiseerr=True).expired else cast("Row", known)
    row: Row = mapper.class_manager.new_instance()
    sa.inspect(row, raiseerr=True).dict.update(columns._mapping)  # noqa: SLF001 (public, for all its name)
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def locked_together(model: type[Row], keys: Collection[int]) -> Sequence[Row]:
    """Rows read again and locked in the order of their keys: two who want the same never wait in a ring."""
    statement = sa.select(model).where(model.id.in_(keys)).order_by(model.id).with_for_update(of=model)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def columns_of(model: type[Row]) -> list[sa.Label[Any]]:
    """Every column of a table under the name of its attribute."""
    return [attribute.columns[0].label(attribute.key) for attribute in sa.inspect(model).column_attrs]


def key_of(row: Keyed) -> int:
    """The key of a row from before the transaction, without reading it again for that."""
    return cast(int, sa.inspect(row, raiseerr=True).identity[0])


@prepared
def _again(model: type[Row]) -> sa.Select[*tuple[Any, ...]]:
    table: Any = model.__table__  # type: ignore[attr-defined]
    return sa.select(*columns_of(model)).where(table.c.id == bound("key")).with_for_update(of=table)


def insert(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT; both databases understand it, SQLAlchemy keeps one for each.

    Only the dialect at work is loaded; the other is two megabytes of every worker.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(model)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    return sqlite.insert(model)


def listen(engine: sa.Engine) -> None:
    """Makes engine and tables behave as this module promises; once, when the application is composed."""
    for index in (index for table in Base.metadata.tables.values() for index in table.indexes):
        if WHERE in index.info:
            index.dialect_kwargs[f"{engine.dialect.name}_where"] = index.info[WHERE]
    if engine.dialect.name == "sqlite":
        _listen_to_sqlite(engine)
    else:
        _listen_to_postgresql(engine)


def transactional(engine: sa.Engine) -> Connection:
    """A connection whose every statement belongs to a transaction, as migrations want it."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection.execution_options(isolation_level="READ COMMITTED")
    return connection


def _listen_to_sqlite(engine: sa.Engine) -> None:
    """Explicit BEGIN, foreign keys, WAL, and full durability (offices lose power)."""

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _writing.get():
            command(connection, "BEGIN IMMEDIATE")
        else:
            command(connection, "BEGIN")


QUIET = 2.0
"""Seconds after which a connection at rest is asked whether it still lives, before it is used."""


def _has_rested(info: Any) -> bool:
    """By what stands with a connection; that of SQLite does not grow old."""
    return "used" in info and monotonic() - info["used"] > QUIET


def _listen_to_postgresql(engine: sa.Engine) -> None:
    """Spares round trips, which cost more than most statements.

    None begins and ends what only reads (the engine is in AUTOCOMMIT), and none asks a connection whether
    it lives that answered a moment ago.
    """

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        connection.prepared_max = 1_000

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.info["used"] = monotonic()
        if _writing.get():
            command(connection, "BEGIN")

    @sa.event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, fairy: Any) -> None:
        if _has_rested(record.info):
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

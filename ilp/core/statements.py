"""Statements that stay: put together once, and run past what SQLAlchemy would find out again each time.

To run one statement SQLAlchemy looks it up in its cache, takes its values apart, and makes a context and a
result of it: several times what the driver needs to run it. What it found out the first time (the text, how
each value is bound and each column read) holds for as long as the statement does, so it is kept with it.
SQLAlchemy still writes every statement, and runs each for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Dialect, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import ExpandedState

Arguments = ParamSpec("Arguments")
Built = TypeVar("Built")
Values = Mapping[str, Any]
KEPT = "kept"
CURSOR = "cursor"
"""Of each connection one cursor is kept: every answer is read to its end before the next statement."""
NO_COLUMNS = SimpleResultMetaData(())
"""Of a statement that answers no rows."""
WAYS = 24
"""So many are kept of a statement."""


def prepared(build: Callable[Arguments, Built]) -> Callable[Arguments, Built]:
    """Keeps what `build` makes of each set of (hashable) arguments: a statement is put together once.

    Putting a statement together costs twenty times what running it does. What differs from one request to
    the next stands in it as `bound(...)` and is given when it is run; a forgotten value is an error, so
    no statement can ever run with what somebody else has asked for.
    """

    def made(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Built:
        built = build(*args, **kwargs)
        return lasting(built) if isinstance(built, sa.Executable) else built

    return cast("Callable[Arguments, Built]", lru_cache(maxsize=512)(made))


Statement = TypeVar("Statement", bound=sa.Executable)


def lasting(statement: Statement) -> Statement:
    """A statement that keeps what is found out about running it; only for what is put together once.

    What is derived from it (`.where(...)`) keeps nothing of it, and is run as any other.
    """
    kept = _Kept()
    kept.of = statement.execution_options(**{KEPT: kept})
    return cast("Statement", kept.of)


def bound(name: str, type_: Any = None, *, many: bool = False) -> sa.BindParameter[Any]:
    """A value that is given when the statement is run; `many` of them for an IN of one column."""
    return sa.bindparam(name, type_=type_, required=True, expanding=many)


def run(connection: Connection, statement: sa.Executable, values: Values) -> Result[*tuple[Any, ...]]:
    """Runs a statement; a lasting one, within a transaction, past SQLAlchemy from its second time on.

    Rows, errors of the database and the state of the connection are as SQLAlchemy would have them; a value
    that cannot be bound raises as it is, and no result knows how many rows were written. Whoever listens to
    `before_cursor_execute` (tests count and explain what is executed) hears every statement: then each goes
    the long way.
    """
    kept: _Kept | None = statement.get_execution_options().get(KEPT)
    if (
        kept is None
        or kept.of is not statement
        or not connection.in_transaction()
        or connection.engine.dispatch.before_cursor_execute
    ):
        return connection.execute(statement, values)
    values = kept.rounded(values)
    key = kept.key(connection, values)
    if key not in kept.ways:
        result = connection.execute(statement, values)
        kept.keep(connection, values, result)
        return result
    way = kept.ways[key]
    return connection.execute(statement, values) if way is None else way.run(connection, values)


class _Kept:
    """What stands with a lasting statement: its ways, by the kind of database and what values it is given."""

    of: Any

    def __init__(self) -> None:
        self.ways: dict[tuple[Any, ...], _Way | None] = {}
        self.lists: Collection[str] = ()
        """The values given that are many: each length makes another text."""

    def rounded(self, values: Values) -> Values:
        """The values, their lists filled up to few lengths: to be among them twice makes no difference."""
        many = {name: _filled(values[name]) for name in self.lists if name in values}
        return {**values, **many} if many else values

    def key(self, connection: Connection, values: Values) -> tuple[Any, ...]:
        """What a way is kept by: it fits all values of these names, and lists of these lengths."""
        return (connection.dialect.name, *values, *[len(values[one]) for one in self.lists if one in values])

    def keep(self, connection: Connection, values: Values, first: CursorResult[Any]) -> None:
        """Keeps the way of what has just been run for the first time, unless there are too many of them."""
        if len(self.ways) >= WAYS:
            return
        compiled = self.of.compile(dialect=connection.dialect, column_keys=list(values))
        self.lists = sorted({bind.key for bind in compiled.post_compile_params} & values.keys())
        values = self.rounded(values)
        self.ways[self.key(connection, values)] = _way(connection.dialect, compiled, values, first)


def _filled(many: Iterable[Any]) -> list[Any]:
    """A list made as long as a power of two by more of its last member."""
    members = list(many)
    length = 1 << (len(members) - 1).bit_length() if members else 0
    return members + members[-1:] * (length - len(members))


class _Way:
    """How a statement is run on one kind of database, with values of certain names."""

    def __init__(self, text: str, bind: Callable[[Values], Any], metadata: Any) -> None:
        self.text = text
        self.bind = bind
        self.metadata = metadata
        """How the columns are called and read."""

    def run(self, connection: Connection, values: Values) -> Result[*tuple[Any, ...]]:
        parameters = self.bind(values)
        held: Any = connection.connection
        cursor = held.info.get(CURSOR)
        try:
            if cursor is None:
                cursor = held.info[CURSOR] = held.dbapi_connection.cursor()
            cursor.execute(self.text, parameters)
            rows = cursor.fetchall() if self.metadata is not NO_COLUMNS else ()
        except connection.dialect.loaded_dbapi.Error as error:
            raise _explained(connection, self.text, parameters, error) from error
        return IteratorResult(self.metadata, iter(rows))


def command(connection: Connection, text: str) -> None:
    """Runs a command without values, that answers nothing, past SQLAlchemy. Errors are as it words them."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(text)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, text, (), error) from error


def _way(dialect: Dialect, compiled: Any, values: Values, first: CursorResult[Any]) -> _Way | None:
    """What can be kept; None for a statement whose text or values SQLAlchemy settles anew each time."""
    unsettled = compiled.prefetch or compiled.literal_execute_params or compiled.escaped_bind_names
    if unsettled or any(bind.callable for bind in compiled.bind_names):
        return None
    metadata = first._metadata if first.returns_rows else NO_COLUMNS  # noqa: SLF001 (no public way)
    written = compiled.construct_expanded_state(values)
    return _Way(written.statement, _binding(dialect, compiled, written, values), metadata)


def _binding(
    dialect: Dialect, compiled: Any, written: ExpandedState, values: Values
) -> Callable[[Values], Any]:
    """How the driver wants the values: those that are given as it takes them, and those that never differ."""
    treated = _treatments(dialect, compiled, written)
    lists = {name: members for name, members in written.parameter_expansion.items() if name in values}
    given = {*values, *chain.from_iterable(lists.values())}
    always = {name: value for name, value in written.parameters.items() if name not in given}
    for name in always.keys() & treated.keys():
        always[name] = treated.pop(name)(always[name])

    def named(values: Values) -> dict[str, Any]:
        made = {**always, **values}
        for name, members in lists.items():
            made.update(zip(members, made[name], strict=True))
        for name, process in treated.items():
            made[name] = process(made[name])
        return made

    def placed(values: Values) -> list[Any]:
        made = named(values)
        return [made[name] for name in written.positiontup or ()]

    return placed if compiled.positional else named


def _treatments(dialect: Dialect, compiled: Any, written: ExpandedState) -> dict[str, Callable[[Any], Any]]:
    """What the driver would not take as it is, by the name in the text: one may stand in several places."""
    treated: dict[str, Callable[[Any], Any]] = {}
    for bind, name in compiled.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process:
            treated.update(dict.fromkeys(written.parameter_expansion.get(name, (name,)), process))
    return treated


def _explained(connection: Connection, text: str, parameters: Any, error: Any) -> Exception:
    """The error as SQLAlchemy words it, after it was told of a connection that is gone."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if gone:  # and with it, most likely, all that the pool still has
        connection.invalidate(error)
        connection.engine.dispose()
    return DBAPIError.instance(  # type: ignore[no-any-return]
        text,
        parameters,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=connection.engine.hide_parameters,
        connection_invalidated=gone,
        dialect=dialect,
    )

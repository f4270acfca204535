"""Many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite; constraints and triggers stay on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ilp.core.db import Base

BATCH = 2_000

Row = Mapping[str, Any]


class Bulk:
    """Loads rows whose keys it has given out, within the transaction of a connection.

    No other writer may be at work, or keys would collide; `finish` lets the database go on counting.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._next: dict[type[Base], int] = {}

    def keys(self, model: type[Any], count: int) -> range:
        """The next keys of a table."""
        if model not in self._next:
            last = self.connection.scalar(sa.select(sa.func.max(model.id)))
            self._next[model] = (last or 0) + 1
        first = self._next[model]
        self._next[model] = first + count
        return range(first, first + count)

    def load(self, model: type[Base], rows: Iterable[Row]) -> None:
        """Writes rows that all name the same columns; those they leave out take the model's defaults."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        table: Any = model.__table__
        given = [table.c[name] for name in first]
        left = [c for c in table.c if c.name not in first and c.default is not None]
        names = ", ".join(self._quoted(column) for column in (*given, *left))
        tail = tuple(self._encoder(c)(_default(c)) for c in left)
        encoded = self._encoded(given, tail, first, rows)
        cursor: Any = self.connection.connection.cursor()
        if self.connection.dialect.name == "postgresql":
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in encoded:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * (len(given) + len(left)))
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", encoded)  # noqa: S608
        cursor.close()

    def finish(self) -> None:
        """Tells PostgreSQL's sequences which keys were given out; SQLite looks for itself."""
        if self.connection.dialect.name == "postgresql":
            for model, following in self._next.items():
                name = model.__tablename__
                self.connection.execute(
                    sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(name, "id"), following, False))  # noqa: FBT003
                )

    def _quoted(self, column: sa.Column[Any]) -> str:
        return self.connection.dialect.identifier_preparer.format_column(column)

    def _encoder(self, column: sa.Column[Any]) -> Any:
        """What the driver gets for a value of this column, as SQLAlchemy would hand it over."""
        dialect = self.connection.dialect
        return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is

    def _encoded(
        self, columns: list[sa.Column[Any]], tail: tuple[Any, ...], first: Row, rows: Iterator[Row]
    ) -> Iterator[tuple[Any, ...]]:
        """Column by column within a batch: a call per value would cost more than the database does."""
        pick, encoders = itemgetter(*first), [self._encoder(column) for column in columns]
        batch = [first, *islice(rows, BATCH)]
        while batch:
            values = zip(*map(pick, batch), strict=True)
            ready = [
                column if encode is _as_it_is else map(encode, column)
                for column, encode in zip(values, encoders, strict=True)
            ]
            for row in zip(*ready, strict=True):
                yield row + tail
            batch = list(islice(rows, BATCH))


def _default(column: sa.Column[Any]) -> Any:
    default: Any = column.default
    return default.arg(None) if default.is_callable else default.arg


def _as_it_is(value: Any) -> Any:
    return value

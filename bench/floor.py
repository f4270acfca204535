"""The floor: the least Flask can do for the measured pages. FROZEN; see bench/README.md before changing it.

Each page reads its session row and the same content rows as the product's page, from the product's own
tables and under the product's own addresses, by plain statements, and fills one flat template. No rights,
no macros, no forms, no dates in words. What the product shows beyond that is made up for by a constant:
`FILL` says how many bytes make a page as heavy as the product's was at the freeze. Durability,
compression, server and `gc.freeze` are the product's.

    PORT=8201 DATABASE_URL=... ILP_INSTANCE=... gunicorn -c python:bench.floor_gunicorn bench.floor:app

It imports nothing of the product, whose weight would be in its memory and its start.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, redirect, render_template, request, session
from flask_compress import Compress
from markupsafe import Markup
from sqlalchemy.engine import Connection

from bench import floor_sql as sql

FILL = {
    "desk": 9_850,
    "meetings": 7_250,
    "meeting": 18_470,
    "attendance": 13_640,
    "matrix": 42_610,
    "village_matrix": 168_000,
    "task": 30_320,
    "inbox": 16_770,
    "verification": 3_990,
    "row": 2_390,
    "edit": 500,
    "search": 6_460,
}
"""Bytes of the product's page, at the freeze, that the floor's own words do not account for."""
PAGE_SIZE = 50


def filler(size: int) -> Markup:
    """So many bytes of made-up markup, always the same, which compress about as our markup does."""
    chance = random.Random(size)
    words = [f"{chance.choice('aeiou')}{chance.randrange(16**4):04x}" for _ in range(60)]
    lines: list[str] = []
    length = 0
    while length < size:
        name, word, number = chance.choice(words), chance.choice(words), chance.randrange(100)
        lines.append(
            f'<li class="{name}"><a class="btn sm" href="/{name}/{number}"><svg class="icon" '
            f'aria-hidden="true"><use href="/static/icons.svg#i-{name}"/></svg>{word}</a></li>\n'
        )
        length += len(lines[-1])
    return Markup("".join(lines)[:size])  # noqa: S704 - our own words


URL = os.environ["DATABASE_URL"]
SQLITE = URL.startswith("sqlite")

app = Flask(__name__)
app.config.update(
    SECRET_KEY=(Path(os.environ["ILP_INSTANCE"]) / "secret.key").read_text().strip(),
    SESSION_COOKIE_NAME="ilp",
    SESSION_REFRESH_EACH_REQUEST=False,
    TEMPLATES_AUTO_RELOAD=False,
)
app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
app.jinja_env.globals["fill"] = {name: filler(size) for name, size in FILL.items()}
Compress(app)

engine = sa.create_engine(
    URL.replace("postgresql://", "postgresql+psycopg://"), **({} if SQLITE else {"pool_size": 8})
)

if SQLITE:

    @sa.event.listens_for(engine, "connect")
    def _durable(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


@contextmanager
def reading() -> Iterator[Connection]:
    with engine.connect() as connection:
        if SQLITE:
            connection.exec_driver_sql("BEGIN")
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    with engine.connect() as connection:
        if SQLITE:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


def user_of(connection: Connection) -> Any:
    token = hashlib.sha256(session["_user_id"].encode()).hexdigest()
    return connection.execute(sql.USER, {"token": token}).one()


# --- pages ------------------------------------------------------------------------------------------
@app.get("/")
def desk() -> str:
    at = datetime.now(UTC)
    day = at.date()
    with reading() as db:
        user = user_of(db)
        mine = {
            "office": user.office_id,
            "regency": user.regency_code,
            "at": at,
            "day": day,
            "month": day.replace(day=1),
        }
        return render_template(
            "desk.html",
            user=user,
            day=day,
            own=db.execute(sql.OWN_ASSIGNMENTS, mine).all(),
            reports=db.execute(sql.REPORTS, mine).all(),
            meetings=db.execute(sql.DESK_MEETINGS, mine).all(),
            signings=db.execute(sql.SIGNINGS, mine).all(),
            figures=db.execute(sql.FIGURES, mine).one(),
            districts=db.execute(sql.LATE_DISTRICTS, mine).all(),
            judged=db.execute(sql.JUDGED, mine).all(),
        )


@app.get("/rapat/")
def meetings() -> str:
    at, _, number = request.args.get("setelah", "").partition("~")
    with reading() as db:
        user = user_of(db)
        page = {"regency": user.regency_code, "size": PAGE_SIZE + 1}
        if at:
            after = {"at": datetime.fromisoformat(at), "id": int(number)}
            rows = db.execute(sql.REGISTER_AFTER, page | after).all()
        elif request.args.get("saring") == "semua":
            rows = db.execute(sql.REGISTER, page).all()
        else:
            rows = db.execute(sql.UPCOMING, page | {"at": datetime.now(UTC)}).all()
    return render_template("meetings.html", user=user, rows=rows[:PAGE_SIZE], more=len(rows) > PAGE_SIZE)


@app.get("/rapat/<int:meeting_id>")
def meeting(meeting_id: int) -> str:
    key = {"id": meeting_id}
    with reading() as db:
        user = user_of(db)
        one = db.execute(sql.MEETING, key).one()
        rows = db.execute(sql.AGENDA, key).all()
        carried = db.execute(sql.CARRIED, key).all() if one.series_id else []
        papers = db.execute(sql.PAPERS, key).all() if one.approved_at else []
        tally = db.execute(sql.TALLY, key).all()
    items = [list(group) for _, group in groupby(rows, lambda row: row[0])]
    return render_template(
        "meeting.html", user=user, meeting=one, items=items, carried=carried, tally=tally, papers=papers
    )


@app.get("/rapat/<int:meeting_id>/kehadiran/daftar")
def attendance(meeting_id: int) -> str:
    key = {"id": meeting_id}
    with reading() as db:
        user = user_of(db)
        one = db.execute(sql.MEETING, key).one()
        return render_template(
            "attendance.html",
            user=user,
            meeting=one,
            seats=db.execute(sql.SEATS, key).all(),
            guests=db.execute(sql.GUESTS, key).all(),
            tally=db.execute(sql.TALLY, key).all(),
            signers=db.execute(sql.SIGNERS, {"office": one.office_id}).all(),
            papers=db.execute(sql.PAPERS, key).all(),
        )


@app.get("/tugas/matriks")
def matrix() -> str:
    place = {"regency": request.args["wilayah"]}
    if "jenjang" in request.args:
        return village_matrix(place)
    with reading() as db:
        user = user_of(db)
        columns = db.execute(sql.COLUMNS, place).all()[::-1]
        tasks = {"tasks": [column.id for column in columns]}
        cells = db.execute(sql.CELLS, tasks).all()
        below = db.execute(sql.BELOW_TASKS, tasks).all()
        villages = db.execute(sql.VILLAGES, place).all()
    lines = [list(group) for _, group in groupby(cells, lambda cell: cell[4])]
    return render_template(
        "matrix.html",
        user=user,
        columns=columns,
        lines=lines,
        below={row[0]: row for row in below},
        villages=dict(tuple(row) for row in villages),
    )


def village_matrix(place: dict[str, str]) -> str:
    with reading() as db:
        user = user_of(db)
        columns = db.execute(sql.VILLAGE_COLUMNS, place).all()[::-1]
        cells = db.execute(sql.VILLAGE_CELLS, {"tasks": [column.id for column in columns]}).all()
        villages = db.execute(sql.VILLAGES, place).all()
    lines = [list(group) for _, group in groupby(cells, lambda cell: cell[4])]
    return render_template(
        "village_matrix.html",
        user=user,
        columns=columns,
        lines=lines,
        villages=dict(tuple(row) for row in villages),
    )


@app.get("/tugas/<int:task_id>")
def task(task_id: int) -> str:
    key = {"id": task_id}
    with reading() as db:
        user = user_of(db)
        return render_template(
            "task.html",
            user=user,
            task=db.execute(sql.TASK, key).one(),
            rows=db.execute(sql.TASK_ROWS, key).all(),
            below={row[0]: row for row in db.execute(sql.BELOW_TASK, key)},
            counts=db.execute(sql.TASK_COUNTS, key).all(),
        )


@app.get("/tugas/")
def inbox() -> str:
    with reading() as db:
        user = user_of(db)
        mine = {"office": user.office_id, "day": datetime.now(UTC).date()}
        rows = db.execute(sql.INBOX, mine).all()
        below = db.execute(sql.BELOW, {"rows": [row.id for row in rows]}).all()
        counts = db.execute(sql.INBOX_COUNTS, mine).one()
    return render_template(
        "inbox.html", user=user, rows=rows[:PAGE_SIZE], below={row[0]: row for row in below}, counts=counts
    )


OF_OFFICE = "JOIN office o ON o.id = r.office_id"
FINDS = {
    "meeting": ("r.title, o.name, r.starts_at", "meeting", OF_OFFICE),
    "decision": ("r.text, m.title, m.starts_at", "minutes_row", "JOIN meeting m ON m.id = r.meeting_id"),
    "task": ("r.title, o.name, r.due_on", "task", "JOIN office o ON o.id = r.owner_office_id"),
    "commitment": ("r.title, o.name, r.created_on", "commitment", OF_OFFICE),
    "document": ("r.title, n.text, r.letter_date", "document", "LEFT JOIN number n ON n.id = r.number_id"),
    "person": ("r.name, r.suffix, NULL", "person", ""),
    "office": ("r.name, r.wilayah_code, NULL", "office", ""),
    "wilayah": ("r.name, r.code, NULL", "wilayah", ""),
}
"""What a search shows of a kind, and where it stands."""
MATCHES = (
    "FROM search_text t JOIN search_entry e ON e.id = t.rowid JOIN {} r ON r.id = e.record_id {}"
    " WHERE t.search_text MATCH :{} ORDER BY t.rowid DESC"
    if SQLITE
    else "FROM search_entry e JOIN {} r ON r.id = e.record_id {} WHERE (to_tsvector('simple', e.keys)"
    " || to_tsvector('simple', e.words) || to_tsvector('indonesian', e.words))"
    " @@ to_tsquery('simple', :{}) ORDER BY e.id DESC"
)


def _alike(shown: str) -> str:
    """PostgreSQL joins only columns of one type, and these end in moments, days or nothing."""
    named, when = shown.rsplit(", ", 1)
    return shown if SQLITE else f"{named}, CAST({when} AS date)"


FOUND = sa.text(
    " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{kind}' AS kind, r.id, {_alike(shown)} {MATCHES.format(table, joined, kind)}"
        f" LIMIT 25) AS {kind}"
        for kind, (shown, table, joined) in FINDS.items()
    )
)


@app.get("/cari/")
def search() -> str:
    words = request.args["cari"].split()
    with reading() as db:
        user = user_of(db)
        place = f"q{user.regency_code.replace('.', '')}"
        for_sqlite = " AND ".join(f'words : "{word}"*' for word in words)
        for_postgresql = " & ".join(f"{word}:*" for word in words)
        bounds = {
            kind: f"keys : k{kind} AND keys : {near} AND {for_sqlite}"
            if SQLITE
            else f"k{kind} & {near} & {for_postgresql}"
            for kind in FINDS
            for near in ["qall" if kind == "wilayah" else place]
        }
        rows = db.execute(FOUND, bounds).all()
    groups = [(kind, list(group)[:5]) for kind, group in groupby(rows, lambda row: row[0])]
    return render_template("search.html", user=user, groups=groups)


@app.get("/v/<code>")
def verification(code: str) -> str:
    with reading() as db:
        return render_template("verification.html", document=db.execute(sql.DOCUMENT, {"code": code}).first())


# --- writing ----------------------------------------------------------------------------------------
@app.post("/rapat/<int:meeting_id>/butir/<int:item_id>/baris")
def new_row(meeting_id: int, item_id: int) -> str:
    text, at = request.form["text"], datetime.now(UTC)
    with writing() as db:
        user = user_of(db)
        db.execute(sql.TOUCH, {"id": meeting_id})
        row = db.execute(
            sql.WRITE_ROW,
            {
                "meeting": meeting_id,
                "item": item_id,
                "kind": request.form["kind"],
                "text": text,
                "at": at,
                "author": user.account_id,
                "name": user.name,
            },
        ).one()
        _trail(db, user, at, meeting_id, {"row": row.id})
    return render_template("row.html", row=row, meeting_id=meeting_id, page="row")


@app.post("/rapat/<int:meeting_id>/baris/<int:row_id>/ubah")
def edit_row(meeting_id: int, row_id: int) -> str:
    text, at = request.form["text"], datetime.now(UTC)
    with writing() as db:
        user = user_of(db)
        db.execute(sql.TOUCH, {"id": meeting_id})
        db.execute(sql.KEEP_REVISION, {"id": row_id})
        row = db.execute(
            sql.EDIT_ROW,
            {
                "id": row_id,
                "kind": request.form["kind"],
                "text": text,
                "at": at,
                "author": user.account_id,
                "name": user.name,
            },
        ).one()
        _trail(db, user, at, meeting_id, {"row": row.id})
    return render_template("row.html", row=row, meeting_id=meeting_id, page="edit")


@app.post("/rapat/<int:meeting_id>/kehadiran/<int:seat_id>")
def check_in(meeting_id: int, seat_id: int) -> Response:
    at = datetime.now(UTC)
    with writing() as db:
        user = user_of(db)
        db.execute(sql.LOCK_MEETING, {"id": meeting_id})
        db.execute(
            sql.CHECK_IN,
            {"seat": seat_id, "status": request.form["mark"], "at": at, "account": user.account_id},
        )
        _trail(db, user, at, meeting_id, {"invitation": seat_id})
    return redirect(f"/rapat/{meeting_id}/kehadiran", 303)  # type: ignore[return-value]


def _trail(db: Connection, user: Any, at: datetime, meeting_id: int, changes: dict[str, int]) -> None:
    """An entry in a chain of the floor's own, without hashes."""
    db.execute(
        sql.TRAIL,
        {
            "at": at,
            "account": user.account_id,
            "name": user.name,
            "regency": user.regency_code,
            "meeting": meeting_id,
            "changes": changes,
        },
    )

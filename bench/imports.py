"""`python -m bench.imports --db sqlite --rows 5000`: how long an import keeps everybody waiting.

Files of so many rows are judged and applied in this process, over the demo's base: new rows, then the same
ones changed. What counts is the longest transaction, during which SQLite lets nobody else write. The
processor time beside it is the figure to trust on a busy machine.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from bench.commands import POSITIVE, end_tidily
from ilp.adapters import sheets
from ilp.adapters.sheets import Heading, Leaf
from ilp.core.db import db, is_writing, transaction
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office, OfficeKind
from ilp.models.facilities import Facility, FacilityKind
from ilp.models.imports import ImportKind, ImportRun
from ilp.models.wilayah import Level, Wilayah, Words
from ilp.services import audit, imports
from tests.support.databases import SERVER, base_template
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.postgres import DURABLE, Cluster

MALANG = "35.07"


@click.command()
@click.option("--db", "engine", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
@click.option("--rows", type=POSITIVE, default=imports.MOST_ROWS)
def main(engine: str, rows: int) -> None:
    """Applies a file of each kind and says how long the lock was held, and what the trail has kept of it."""
    end_tidily()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if engine == "postgresql":
            cluster = Cluster(DURABLE)
            stack.callback(cluster.stop)
            os.environ[SERVER] = cluster.url("").rstrip("/")
        database = base_template(engine, folder)
        with database.app().app_context():
            held = watched()
            click.echo(f"{f'{engine}, {rows} rows':24}    judged       held        CPU  entries")
            for name, kind, table in tables(rows):
                click.echo(f"{name:24}{timed(kind, table, held)}")
            broken = [chain for chain in audit.chains() if audit.verify_chain(chain)]
            click.echo(f"broken chains: {broken or 'none'}")
        database.close()


@dataclass
class Held:
    """How long a transaction that writes held its lock, and how long the processor worked meanwhile."""

    seconds: float
    cpu: float


def watched() -> list[Held]:
    """Each transaction that writes, as it ends."""
    held: list[Held] = []
    began: list[tuple[float, float]] = []

    @sa.event.listens_for(db.engine, "begin")
    def on_begin(connection: Any) -> None:
        began[:] = [(time.perf_counter(), time.process_time())] if is_writing() else []

    @sa.event.listens_for(db.engine, "commit")
    @sa.event.listens_for(db.engine, "rollback")
    def on_end(connection: Any) -> None:
        held.extend(Held(time.perf_counter() - at, time.process_time() - cpu) for at, cpu in began)
        began.clear()

    return held


def timed(kind: ImportKind, rows: list[list[Any]], held: list[Held]) -> str:
    """Hands a file in, has it judged and applied, and says what that took."""
    actor = user_named("dinkes.malang" if kind is ImportKind.FACILITIES else "admin")
    file = io.BytesIO()
    sheets.write(file, [Leaf("Isian", [Heading(text) for text in rows[0]], rows[1:])])
    table = imports.read_table(kind, "berkas.xlsx", file.getvalue(), words=Words())
    with transaction():
        run = imports.receive(actor=actor, kind=kind, place=MALANG, name="berkas.xlsx", table=table).id
    began = time.perf_counter()
    run_jobs()
    judged = time.perf_counter() - began
    entries = sa.select(sa.func.count(AuditEntry.id))
    before = db.session.scalar(entries) or 0
    with transaction():
        imports.apply(actor=actor, run=db.session.get_one(ImportRun, run))
    held.clear()
    run_jobs()
    kept = (db.session.scalar(entries) or 0) - before
    done = db.session.get_one(ImportRun, run)
    longest = max(held, key=lambda one: one.seconds)
    took = f"{judged:8.1f} s {longest.seconds:8.1f} s {longest.cpu:8.1f} s"
    return f"{took} {kept:8} {done.state.label} {done.error}"


def tables(rows: int) -> Iterator[tuple[str, ImportKind, list[list[Any]]]]:
    """One file after the other; each is made when what the one before it did is there."""
    kecamatan = db.session.scalars(
        sa.select(Office.name).where(Office.kind == OfficeKind.KECAMATAN, Office.regency_code == MALANG)
    ).all()
    officials = [
        [kecamatan[n % len(kecamatan)], f"Staf Contoh {n}", f"Contoh {n}", "1/3/2025", f"19800315{n:010}", ""]
        for n in range(rows)
    ]
    head = ["Kantor", "Jabatan", "Nama", "TMT", "NIP", "HP"]
    yield "officials, new", ImportKind.OFFICIALS, [head, *officials]
    changed = [[*row[:5], f"0812-{n // 10000:04}-{n % 10000:04}"] for n, row in enumerate(officials)]
    yield "officials, changed", ImportKind.OFFICIALS, [head, *changed]
    follow = [[row[0], row[1], f"Pengganti {n}", "1/3/2026", "", ""] for n, row in enumerate(officials[:500])]
    yield "500 successors", ImportKind.OFFICIALS, [head, *follow]
    accounts = [
        [f"contoh-{n}", kecamatan[n % len(kecamatan)], "Pelaksana", f"19800315{n:010}"] for n in range(rows)
    ]
    yield "accounts, new", ImportKind.ACCOUNTS, [["Akun", "Kantor", "Peran", "NIP"], *accounts]
    more = [[*row[:2], "Auditor", ""] for row in accounts]
    yield "accounts, another role", ImportKind.ACCOUNTS, [["Akun", "Kantor", "Peran", "NIP"], *more]
    yield from facilities(rows)


def facilities(rows: int) -> Iterator[tuple[str, ImportKind, list[list[Any]]]]:
    district = sa.orm.aliased(Wilayah)
    places = db.session.execute(
        sa.select(district.name, Wilayah.name)
        .join(district, district.code == sa.func.substr(Wilayah.code, 1, 8))
        .where(Wilayah.level == Level.VILLAGE, Wilayah.code.startswith(f"{MALANG}."))
        .order_by(Wilayah.code)
    ).all()
    centres = db.session.scalars(
        sa.select(Facility.name).where(
            Facility.regency_code == MALANG, Facility.kind == FacilityKind.PUSKESMAS
        )
    ).all()
    head = ["Jenis", "Nama", "Kecamatan", "Desa", "Puskesmas induk", "Wilayah kerja", "Keadaan", "Sejak"]
    new = []
    for n in range(rows):
        where, village = places[n % len(places)]
        parent = centres[n % len(centres)]
        new.append(["Posyandu", f"Contoh {n}", where, village, parent, village, "proses", "1/3/2025"])
    yield "facilities, new", ImportKind.FACILITIES, [head, *new]
    changed = []
    for n, row in enumerate(new):
        where, village = places[(n + 1) % len(places)]
        parent = centres[(n + 1) % len(centres)]
        changed.append([*row[:4], parent, f"{village} ({where})", "menerapkan", "1/4/2025"])
    yield "facilities, changed", ImportKind.FACILITIES, [head, *changed]


if __name__ == "__main__":
    main()

"""Where the measured pages lie in a seeded database: named once here, written by the seed, found by query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ilp.core.demo import PASSWORD
from ilp.core.paging import PAGE_SIZE, Key
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentStatus
from ilp.models.meetings import AgendaItem, Attendance, Invitation, Meeting
from ilp.models.tasks import WAITING, Assignment, Task

REGENCY = "35.07"
"""Kabupaten Malang: 33 kecamatan, 390 desa/kelurahan. In every size."""
PROVINCE = REGENCY[:2]

LARGE = "Rapat koordinasi lintas sektor penerapan ILP se-Kabupaten Malang"
"""185 seats, 15 agenda items, minutes as rows; its minutes are approved and its papers issued."""
LIVE = "Lokakarya mini lintas sektor penerapan ILP Kabupaten Malang"
"""In session: its minutes are being written."""
DESK = "Kick off penerapan ILP Kabupaten Malang"
"""In session: nobody of those invited has been checked in yet."""
TO_DISTRICTS = "Menyampaikan rencana penerapan ILP tingkat kecamatan"
"""One row for each kecamatan."""
TO_VILLAGES = "Menetapkan jadwal hari buka posyandu sepanjang tahun"
"""Through the kecamatan to each desa/kelurahan."""

REGISTER = "/rapat/?saring=semua&setelah="
"""The register of meetings, newest first; behind it comes a cursor, quoted."""


def secretariat(code: str) -> str:
    """The login of the Setda of a regency; likewise those below."""
    return f"setda.{code}"


def leader(code: str) -> str:
    return f"pimpinan.{code}"


def auditor(province: str) -> str:
    return f"auditor.{province}"


@dataclass(frozen=True)
class Cursors:
    """Three pages of a register, as its address has them behind `REGISTER`: '' begins at the first row."""

    first: str
    middle: str
    last: str


@dataclass(frozen=True)
class Report:
    """A row that waits for its kecamatan, and who answers for it."""

    username: str
    assignment: int


@dataclass(frozen=True)
class Landmarks:
    """Ids, logins and places in the registers. `password` is everybody's.

    `register` is read as `secretariat`, `province_register` as `auditor`.
    """

    regency: str
    password: str
    secretariat: str
    leader: str
    auditor: str
    district: str
    """The login of a kecamatan office with tasks in its inbox; a wilayah code, as that of every place."""
    meeting: int
    live_meeting: int
    live_item: int
    desk_meeting: int
    seats: tuple[int, ...]
    """Invitations of `desk_meeting` that nobody was checked in for."""
    task_of_districts: int
    task_of_villages: int
    reports: tuple[Report, ...]
    """Rows of `task_of_districts` that can be reported on."""
    code: str
    """Under which an issued paper of `meeting` is verified."""
    register: Cursors
    province_register: Cursors


def landmarks(connection: Connection) -> Landmarks:
    """Finds them all. Raises NoResultFound where a database was not filled by `bench.seed`."""
    meeting, live, desk = (_meeting(connection, title) for title in (LARGE, LIVE, DESK))
    districts, villages = (_task(connection, title) for title in (TO_DISTRICTS, TO_VILLAGES))
    reports = _reports(connection, districts)
    return Landmarks(
        regency=REGENCY,
        password=PASSWORD,
        secretariat=secretariat(REGENCY),
        leader=leader(REGENCY),
        auditor=auditor(PROVINCE),
        district=reports[0].username,
        meeting=meeting,
        live_meeting=live,
        live_item=_all(
            connection,
            sa.select(AgendaItem.id).where(AgendaItem.meeting_id == live).order_by(AgendaItem.place),
        )[0],
        desk_meeting=desk,
        seats=tuple(_all(connection, _free_seats(desk))),
        task_of_districts=districts,
        task_of_villages=villages,
        reports=reports,
        code=_all(
            connection,
            sa.select(Document.code)
            .where(Document.meeting_id == meeting, Document.status == DocumentStatus.ISSUED)
            .order_by(Document.id),
        )[0],
        register=_cursors(connection, Meeting.regency_code == REGENCY),
        province_register=_cursors(connection, Meeting.province_code == PROVINCE),
    )


def _all(connection: Connection, statement: sa.Select[Any]) -> list[Any]:
    return list(connection.scalars(statement))


def _meeting(connection: Connection, title: str) -> int:
    return connection.scalars(
        sa.select(Meeting.id).where(Meeting.regency_code == REGENCY, Meeting.title == title)
    ).one()


def _task(connection: Connection, title: str) -> int:
    return connection.scalars(
        sa.select(Task.id).where(Task.regency_code == REGENCY, Task.title == title)
    ).one()


def _free_seats(meeting: int) -> sa.Select[int]:
    taken = sa.exists().where(Attendance.invitation_id == Invitation.id)
    return (
        sa.select(Invitation.id)
        .where(Invitation.meeting_id == meeting, ~taken)
        .order_by(Invitation.protocol_order, Invitation.id)
    )


def _reports(connection: Connection, task: int) -> tuple[Report, ...]:
    rows = connection.execute(
        sa.select(Office.wilayah_code, Assignment.id)
        .join(Office, Office.id == Assignment.office_id)
        .where(Assignment.task_id == task, Assignment.status.in_(WAITING))
        .order_by(Office.wilayah_code)
    )
    return tuple(Report(code, key) for code, key in rows)


def _cursors(connection: Connection, where: sa.ColumnElement[bool]) -> Cursors:
    """Counted here once, so that the product never has to: the rows before the middle and the last page."""
    total = connection.scalar(sa.select(sa.func.count()).select_from(Meeting).where(where)) or 0

    def after(rows: int) -> str:
        if rows <= 0:
            return ""
        row = connection.execute(
            sa.select(Meeting.starts_at, Meeting.id)
            .where(where)
            .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
            .offset(rows - 1)
            .limit(1)
        ).one()
        return str(Key(row.starts_at, row.id))

    return Cursors("", after(total // 2), after(total - PAGE_SIZE))

"""What is known of those whose data is kept: who looked at it, and all that is held about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ilp.core.db import Base, db, execute
from ilp.core.indonesian import full_name
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Account, LoginSession
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.commitments import Slot, SlotStatus
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.documents import Document
from ilp.models.imports import ImportKind, ImportRow, ImportRun
from ilp.models.meetings import Attendance, Invitation, Meeting
from ilp.models.place import place_codes
from ilp.models.privacy import SeenPage, ViewLog
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import at_or_below
from ilp.queries.duplicates import records_of

Row = sa.Row[*tuple[Any, ...]]
YEAR = timedelta(days=365)
LOOK = ("account_id", "page", "record_id", "day")


def is_noted(**look: Any) -> bool:
    """Whether this account looked at this page of this record on this day before."""
    return execute(_look(), look).scalar() is not None


@prepared
def _look() -> sa.Select[int]:
    column: Any = ViewLog.__table__.c
    return sa.select(ViewLog.id).where(*(column[name] == bound(name, column[name].type) for name in LOOK))


def viewers(person_id: int, on: date, *, after: Key | None = None, size: int = PAGE_SIZE) -> Page:
    """Who looked at somebody's phone number or drawn signature in the year before a day, the latest first.

    On pages of his own (and of the records joined into it), on those of offices that showed him, of the
    meetings he was invited to, of the papers he signed, and at imports and filled templates of
    the officials of his regency. His own looks are left out.
    """
    seen = [ViewLog.day >= on - YEAR]
    if after is not None:
        here = sa.tuple_(ViewLog.day, ViewLog.id)
        seen.append(here < sa.tuple_(sa.literal(after.at, sa.Date()), sa.literal(after.id)))
    keys = sa.union(*(way.where(*seen) for way in _ways(person_id))).subquery()
    rows = db.session.execute(
        sa.select(
            ViewLog.id,
            ViewLog.day,
            ViewLog.page,
            Account.username,
            sa.func.coalesce(Person.name, "").label("name"),
            sa.func.coalesce(Office.name, "").label("office_name"),
            sa.func.coalesce(
                sa.case(
                    (
                        ViewLog.page.in_([SeenPage.INVITATIONS, SeenPage.ATTENDANCE]),
                        _name(Meeting, Meeting.title),
                    ),
                    (ViewLog.page == SeenPage.PAPER, _name(Document, Document.title)),
                    (ViewLog.page == SeenPage.IMPORT, _name(ImportRun, ImportRun.file_name)),
                    (ViewLog.page == SeenPage.TEMPLATE, _name(Wilayah, Wilayah.name)),
                ),
                "",
            ).label("about"),
        )
        .join(keys, keys.c.id == ViewLog.id)
        .join(Account, Account.id == ViewLog.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Office, Office.id == Account.office_id)
        .where(sa.func.coalesce(Account.person_id, 0) != person_id)
        .order_by(ViewLog.day.desc(), ViewLog.id.desc())
        .limit(size + 1)
    ).all()
    shown = rows[:size]
    more = len(rows) > len(shown)
    return Page(shown, Key(shown[-1].day, shown[-1].id) if more else None, first=after is None)


def _name(model: Any, column: Any) -> sa.ScalarSelect[str]:
    named = sa.orm.aliased(model)
    return sa.select(getattr(named, column.key)).where(named.id == ViewLog.record_id).scalar_subquery()


def _ways(person_id: int) -> list[sa.Select[int]]:
    """Looks at pages on which somebody stands, by each kind of page."""
    seen, records = sa.select(ViewLog.id), records_of(person_id)
    held = (
        sa.select(Position.id, Position.office_id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.person_id.in_(records))
        .subquery()
    )
    offices, positions = sa.select(held.c.office_id), sa.select(held.c.id)
    invited = sa.select(Invitation.meeting_id).where(
        Invitation.office_id.in_(offices), Invitation.position_id.in_(positions)
    )
    signed = (
        sa.select(Document.id)
        .join(Slot, Slot.commitment_id == Document.commitment_id)
        .where(Slot.office_id.in_(offices), Slot.person_id == person_id)
    )
    codes = sa.select(Office.regency_code).where(Office.id.in_(offices))
    regencies = sa.select(Wilayah.id).where(Wilayah.code.in_(codes))
    return [
        seen.where(
            ViewLog.page.in_([SeenPage.PERSON, SeenPage.HISTORY, SeenPage.OFFICE, SeenPage.INVITING]),
            ViewLog.record_id.in_(records),
        ),
        seen.where(ViewLog.page == SeenPage.INVITATIONS, ViewLog.record_id.in_(invited)),
        seen.where(ViewLog.page == SeenPage.ATTENDANCE, ViewLog.record_id.in_(invited)),
        seen.where(ViewLog.page == SeenPage.PAPER, ViewLog.record_id.in_(signed)),
        seen.join(ImportRun, ImportRun.id == ViewLog.record_id).where(
            ViewLog.page == SeenPage.IMPORT, ImportRun.wilayah_code.in_(codes)
        ),
        seen.where(ViewLog.page == SeenPage.TEMPLATE, ViewLog.record_id.in_(regencies)),
    ]


# --- all that is held about somebody --------------------------------------------------------------
SECRET = re.compile(r"hash|secret|sealed|token|salt")
"""Columns that open something, or would help to; they are nobody's to read."""

LEFT_OUT = {
    "audit_entry": "what somebody did in office; it is read in the trail of the place",
    "job": "work that was asked for; its result stands in the documents",
    "submission": "keys against double submission; gone after a while",
    "view_log": "what somebody looked at belongs to those who were looked at",
}
"""Tables with an owner that are not part of what is held about him, and why."""

OWNERS = {"person_id": "person", "account_id": "account"}
"""A column of this name that refers to this table says whose the row is."""


@dataclass(frozen=True)
class Section:
    """What a table holds about somebody: rows of plain values, by the names of the columns."""

    table: str
    rows: list[dict[str, Any]]


def owned(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """The columns of a table that say whose its rows are."""
    for name, owner in OWNERS.items():
        column = table.columns.get(name)
        if column is not None and any(key.column.table.name == owner for key in column.foreign_keys):
            yield column


def held_about(subject: Person, on: date) -> list[Section]:
    """Everything that is held about somebody, table by table, without what opens something.

    His own rows and those of his accounts wherever they stand (a new table with an owner is part of it
    by itself), the seats, attendance and signatures of the positions he held, the values that lie beside
    the trail, and who looked at him. What was joined into his record is his, too.
    """
    person_id, records = subject.id, records_of(subject.id)
    person = Base.metadata.tables["person"]
    account = Base.metadata.tables["account"]
    accounts = sa.select(account.c.id).where(account.c.person_id == person_id)
    wanted: dict[str, sa.Select[*tuple[Any, ...]]] = {"person": _all_of(person, person.c.id.in_(records))}
    for table in Base.metadata.sorted_tables:
        conditions = [
            column.in_(records if column.name == "person_id" else accounts) for column in owned(table)
        ]
        if conditions and table.name not in LEFT_OUT:
            wanted[table.name] = _all_of(table, sa.or_(*conditions))
    invitation, attendance = Base.metadata.tables["invitation"], Base.metadata.tables["attendance"]
    seats = seats_of(subject)
    slots = sa.select(Slot.id).where(Slot.person_id == person_id, Slot.office_id.in_(_offices_of(person_id)))
    event = Base.metadata.tables["signature_event"]
    wanted |= {
        "invitation": _all_of(invitation, invitation.c.id.in_(seats)),
        "attendance": _all_of(attendance, attendance.c.invitation_id.in_(seats)),
        "slot": _all_of(Base.metadata.tables["slot"], Slot.id.in_(slots)),
        "signature_event": _all_of(event, event.c.slot_id.in_(slots)),
        "audit_personal": _values_beside(entries_about(subject)),
    }
    found = [Section(table, _plain(statement)) for table, statement in wanted.items()]
    seen = viewers(person_id, on, size=EVERYTHING).rows
    looks = [
        {"day": str(one.day), "page": one.page.value, "name": one.name or one.office_name, "about": one.about}
        for one in seen
    ]
    return [section for section in [*found, Section("view_log", looks)] if section.rows]


EVERYTHING = 100_000


def _all_of(table: sa.Table, condition: Any) -> sa.Select[*tuple[Any, ...]]:
    columns = [column for column in table.columns if not SECRET.search(column.name)]
    return sa.select(*columns).where(condition).order_by(*table.primary_key.columns)


def _values_beside(entries: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(AuditEntry.at, AuditEntry.action, AuditPersonal.values)
        .join(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
        .where(AuditEntry.id.in_(entries))
        .order_by(AuditEntry.id)
    )


def entries_about(person: Person) -> list[int]:
    """Ids of the entries of the trail beside which personal values of somebody lie: five statements.

    Of the person, of his accounts and their sessions, and of the marks that name him at his seats; the mark
    of a seat may name whoever came in his stead, and that is not his. Records that were joined into this
    one count as the person.
    """
    names, seats = _names_of(person), set(db.session.scalars(seats_of(person)))
    meetings = sa.select(Invitation.meeting_id).where(Invitation.id.in_(seats))
    marks = db.session.execute(
        sa.select(AuditEntry.id, AuditEntry.changes, AuditPersonal.values)
        .join(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
        .where(AuditEntry.subject == "meeting", AuditEntry.subject_id.in_(meetings))
    )
    named = [
        key
        for key, changes, values in marks
        if changes.get("invitation") in seats and (values or {}).get("name") in names
    ]
    beside = sa.select(AuditPersonal.entry_id).join(AuditEntry, AuditEntry.id == AuditPersonal.entry_id)
    return [*db.session.scalars(beside.where(_about(person.id))), *named]


def _about(person_id: int) -> Any:
    """Entries of the person, and of the accounts and their sessions."""
    records = records_of(person_id)
    accounts = sa.select(Account.id).where(Account.person_id == person_id)
    sessions = sa.select(LoginSession.id).where(LoginSession.account_id.in_(accounts))
    terms = sa.select(Appointment.id).where(Appointment.person_id.in_(records))
    return sa.or_(
        sa.and_(AuditEntry.subject == "person", AuditEntry.subject_id.in_(records)),
        sa.and_(AuditEntry.subject == "appointment", AuditEntry.subject_id.in_(terms)),
        sa.and_(AuditEntry.subject == "account", AuditEntry.subject_id.in_(accounts)),
        sa.and_(AuditEntry.subject == "login_session", AuditEntry.subject_id.in_(sessions)),
    )


def _offices_of(person_id: int) -> sa.Select[int]:
    held = sa.select(Position.office_id).join(Appointment, Appointment.position_id == Position.id)
    return held.where(Appointment.person_id.in_(records_of(person_id)))


def seats_of(person: Person) -> sa.Select[int]:
    """Ids of the seats at meetings that bear somebody's name, of the positions he held: one statement.

    The name may be that of a record that was joined into his.
    """
    records, names = records_of(person.id), _names_of(person)
    position = sa.select(Appointment.position_id).where(Appointment.person_id.in_(records))
    return sa.select(Invitation.id).where(
        Invitation.office_id.in_(_offices_of(person.id)),
        Invitation.position_id.in_(position),
        Invitation.name.in_(names),
    )


def _names_of(person: Person) -> list[str]:
    named = sa.select(Person.prefix, Person.name, Person.suffix).where(Person.id.in_(records_of(person.id)))
    return [full_name(*row) for row in db.session.execute(named)]


def imported_rows(person: Person) -> sa.Select[*tuple[Any, ...]]:
    """Rows, with their cells, of files about officials or accounts that touch a place of somebody's."""
    records = records_of(person.id)
    entered = sa.select(Person.wilayah_code).where(Person.id.in_(records))
    held = sa.select(Office.wilayah_code).where(Office.id.in_(_offices_of(person.id)))
    codes = set(db.session.scalars(entered.union(held)))
    above = {"", *codes, *(above for code in codes for above in place_codes(code).values())}
    runs = sa.select(ImportRun.id).where(
        ImportRun.kind.in_([ImportKind.OFFICIALS, ImportKind.ACCOUNTS]),
        sa.or_(ImportRun.wilayah_code.in_(above), *(at_or_below(ImportRun.wilayah_code, c) for c in codes)),
    )
    return sa.select(ImportRow.id, ImportRow.cells).where(ImportRow.run_id.in_(runs))


def _plain(statement: sa.Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    rows = db.session.execute(statement).mappings()
    return [{name: _value(value) for name, value in row.items() if value not in (None, "")} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# --- before it is erased --------------------------------------------------------------------------
@dataclass(frozen=True)
class Traces:
    """How much there is of somebody: what erasing blanks, and what stays in issued papers and records."""

    accounts: int
    sessions: int
    entries: int
    seats: int
    attendance: int
    signatures: int


def traces(person: Person) -> Traces:
    """Counts what an erasure of somebody would touch and what it leaves: seven statements."""
    person_id = person.id
    accounts = sa.select(Account.id).where(Account.person_id == person_id)
    seats = seats_of(person)
    signed = sa.select(Slot.id).where(
        Slot.person_id == person_id,
        Slot.office_id.in_(_offices_of(person_id)),
        Slot.status == SlotStatus.SIGNED,
    )
    personal = sa.select(AuditPersonal.entry_id).where(AuditPersonal.entry_id.in_(entries_about(person)))
    counted = (
        accounts,
        sa.select(LoginSession.id).where(LoginSession.account_id.in_(accounts)),
        personal,
        seats,
        sa.select(Attendance.id).where(Attendance.invitation_id.in_(seats)),
        signed,
    )
    counts = [sa.select(sa.func.count()).select_from(one.subquery()).scalar_subquery() for one in counted]
    return Traces(*db.session.execute(sa.select(*counts)).one())

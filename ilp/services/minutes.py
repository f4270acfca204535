"""The minutes: rows written while the meeting runs, what is given out in it, and their approval.

Every row is saved on its own under the lock of its meeting. Two people never overwrite each other:
who saves on an old version has the text kept beside the row, until somebody settles the two. What a
row said before is added to its revisions, which saving never reads.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ilp.core.clock import local, now, today
from ilp.core.db import columns_of, db, execute, locked, locked_alone, renewed
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import joined, short_date
from ilp.core.statements import bound, prepared
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentKind, NumberSource
from ilp.models.meetings import (
    MEETING,
    AgendaItem,
    AgendaStatus,
    Meeting,
    MeetingStatus,
    MinutesRevision,
    MinutesRow,
    RowKind,
)
from ilp.models.tasks import EvidenceKind, Task, TaskOrigin
from ilp.policy.scope import visible
from ilp.policy.user import User
from ilp.queries import minutes as queries
from ilp.queries.addressees import addressees
from ilp.services import documents, numbering, tasks
from ilp.services.meetings import locked_and_touched, organiser, record, tell, touch
from ilp.services.papers.minutes import minutes_paper

VAGUE = 'Pilih satu kantor. "Semua OPD" tidak dapat ditagih.'
VAGUE_GROUP = "opd"
LONGEST_TASK = 300
FROZEN = {
    MeetingStatus.IN_REVIEW: "Notula sedang ditinjau. Mintalah pimpinan mengembalikannya untuk diubah.",
    MeetingStatus.APPROVED: "Notula sudah disahkan dan tetap. Catat perbaikannya pada rapat berikut.",
    MeetingStatus.CANCELLED: "Rapat ini dibatalkan; notulanya tidak ditulis.",
    MeetingStatus.POSTPONED: "Rapat ini ditunda; notulanya ditulis setelah rapat dijadwalkan kembali.",
}


# --- rows ----------------------------------------------------------------------------------------
def write_row(
    *, actor: User, meeting: Meeting, item_id: int, kind: RowKind, text: str, task_id: int | None = None
) -> int:
    """Adds a note or a decision at the end of an agenda item and returns its id; a decision takes its number.

    `task_id` names the earlier task a note is about. Refuses a meeting whose minutes are closed;
    a task is given out by `assign_task`. Raises NotFound for an item of another meeting.
    """
    refuse_frozen(locked_and_touched(meeting))
    number, year = _next_number(actor, meeting) if kind is RowKind.DECISION else (None, None)
    row_id, status = _append(
        actor,
        meeting,
        item_id,
        kind=kind,
        text=text,
        task_id=task_id,
        decision_number=number,
        decision_year=year,
    )
    _take_up(actor, meeting, item_id, status)
    record(meeting, "minutes:write", actor=actor, row=row_id, kind=kind, decision=number)
    return row_id


def edit_row(
    *, actor: User, meeting: Meeting, row_id: int, version: int, kind: RowKind, text: str
) -> MinutesRow:
    """Rewrites a row that still stands as it was read, and returns it.

    Somebody else's change in between is not overwritten: then this text is kept beside the row and
    returned instead (its `clash_of_id` is set). Saving what stands there already changes nothing.
    Refuses to take its number from a decision, and to reword a task that was given out.
    """
    _must_be_open(meeting)
    row = queries.row_in(meeting.id, row_id)
    if (row.kind, row.text) == (kind, text):
        return row
    _must_be_editable(row, kind)
    if row.version != version:
        return _keep_beside(actor, meeting, row, kind, text)
    _rewrite(actor, meeting, row, kind, text)
    record(meeting, "minutes:edit", actor=actor, row=row.id, version=row.version)
    return row


def settle_clash(*, actor: User, meeting: Meeting, row_id: int, version: int, text: str) -> MinutesRow:
    """Makes one text of the several that stand beside each other; the others stay as revisions.

    A text that arrived after `version` was read is not lost: then this one is kept beside it, too.
    """
    _must_be_open(meeting)
    row = queries.row_in(meeting.id, row_id)
    _must_be_editable(row, row.kind)
    if row.version != version:
        return _keep_beside(actor, meeting, row, row.kind, text)
    for rival in queries.rivals_of(row.id):
        rival.removed_at = now()
    _rewrite(actor, meeting, row, row.kind, text)
    record(meeting, "minutes:settle", actor=actor, row=row.id, version=row.version)
    return row


def keep_both(*, actor: User, meeting: Meeting, row_id: int) -> MinutesRow:
    """Lets the texts beside a row stand as rows of their own, at the end of its agenda item."""
    _must_be_open(meeting)
    row = queries.row_in(meeting.id, row_id)
    _, free = queries.room(meeting.id, row.agenda_item_id)
    for place, rival in enumerate(queries.rivals_of(row.id), start=free):
        rival.clash_of_id, rival.place = None, place
        rival.decision_number, rival.decision_year = _number_for(actor, meeting, rival, rival.kind)
    touch(meeting)
    record(meeting, "minutes:keep_both", actor=actor, row=row.id)
    return row


def remove_row(*, actor: User, meeting: Meeting, row_id: int, version: int) -> None:
    """Takes a row out; it stays in the database. A decision remains visible as revoked: its number is used.

    Refuses a row that was changed in the meantime, and a task that was given out.
    """
    _must_be_open(meeting)
    row = queries.row_in(meeting.id, row_id)
    _must_be_editable(row, row.kind)
    if row.version != version:
        raise RuleViolation(
            "Baris ini baru saja diubah orang lain. Baca dahulu isinya, lalu hapus bila perlu."
        )
    row.removed_at = now()
    touch(meeting)
    record(meeting, "minutes:remove", actor=actor, row=row.id)


def mark_item(*, actor: User, meeting: Meeting, item_id: int, status: AgendaStatus) -> AgendaItem:
    """Says how an agenda item went."""
    _must_be_open(meeting)
    queries.room(meeting.id, item_id)  # an item of this meeting, or NotFound
    item = db.session.get_one(AgendaItem, item_id)
    if item.status is not status:
        touch(meeting)
        _mark(actor, meeting, item, status)
    return item


def _take_up(actor: User, meeting: Meeting, item_id: int, status: AgendaStatus) -> None:
    """What rows are written about while the meeting sits is being discussed."""
    if meeting.status is MeetingStatus.IN_SESSION and status is AgendaStatus.PENDING:
        _mark(actor, meeting, db.session.get_one(AgendaItem, item_id), AgendaStatus.DISCUSSED)


def _mark(actor: User, meeting: Meeting, item: AgendaItem, status: AgendaStatus) -> None:
    before, item.status = item.status, status
    record(meeting, "minutes:mark", actor=actor, item=item.id, status=[before, status])


def _must_be_open(meeting: Meeting) -> None:
    """Locks the meeting and refuses if its minutes may not be written."""
    locked_alone(meeting)
    refuse_frozen(meeting)


def refuse_frozen(meeting: Meeting) -> None:
    """Says why the minutes cannot be written now, if they cannot."""
    if not meeting.is_recording:
        raise RuleViolation(FROZEN[meeting.status])


def _must_be_editable(row: MinutesRow, kind: RowKind) -> None:
    if row.removed_at is not None:
        raise RuleViolation("Baris ini sudah dihapus. Naskah Bapak/Ibu masih di sini; simpan di baris baru.")
    if row.kind is RowKind.TASK:
        raise RuleViolation("Tugas ini sudah diberikan. Tulis baris baru bila ada yang berubah.")
    if row.decision_number and kind is not RowKind.DECISION:
        raise RuleViolation(
            f"Keputusan ini sudah bernomor {row.decision_number}/{row.decision_year}. "
            "Ubah isinya, atau hapus barisnya dan tulis sebagai catatan.",
            "kind",
        )
    if kind is RowKind.TASK:
        raise RuleViolation("Untuk menjadikannya tugas, pilih Jadikan tugas pada baris ini.", "kind")


def _append(
    actor: User, meeting: Meeting, item_id: int, *, kind: RowKind, text: str, **links: int | None
) -> tuple[int, AgendaStatus]:
    """A row after the last of an agenda item: its id, and how the item stands.

    One statement finds the item and the place. Raises NotFound for an item of another meeting.
    """
    values = {"meeting": meeting.id, "item": item_id, "kind": kind, "text": text, "at": now()}
    by = {"author": actor.account_id, "author_name": actor.name}
    found = execute(_appending(), {**values, **by, **dict.fromkeys(LINKS), **links})
    added = found.one_or_none()
    if added is None:
        raise NotFound
    return added[0], added[1]


LINKS = ("task_id", "basis_id", "decision_number", "decision_year")


@prepared
def _appending() -> sa.Insert:
    row: Any = MinutesRow.__table__.c
    item: Any = AgendaItem.__table__.c
    last = sa.select(sa.func.coalesce(sa.func.max(row.place), 0)).where(
        row.meeting_id == bound("meeting"), row.agenda_item_id == bound("item")
    )
    values = {
        "meeting_id": item.meeting_id,
        "agenda_item_id": item.id,
        "place": last.scalar_subquery() + 1,
        "kind": bound("kind", row.kind.type),
        "text": bound("text", row.text.type),
        "version": sa.literal_column("1"),
        "created_at": bound("at", row.created_at.type),
        "updated_at": bound("at", row.updated_at.type),
        "author_id": bound("author", sa.Integer),
        "author_name": bound("author_name", row.author_name.type),
        **{name: bound(name, sa.Integer) for name in LINKS},
    }
    of_item = item.id == bound("item"), item.meeting_id == bound("meeting")
    status = sa.select(item.status).where(item.id == bound("item")).scalar_subquery()
    inserted = sa.insert(MinutesRow).from_select(list(values), sa.select(*values.values()).where(*of_item))
    return inserted.returning(row.id, status)


def _rewrite(actor: User, meeting: Meeting, row: MinutesRow, kind: RowKind, text: str) -> None:
    number, year = _number_for(actor, meeting, row, kind)
    by = {"by_id": actor.account_id or row.author_id, "by_name": actor.name}
    said = {"row": row.id, "new_kind": kind, "new_text": text, "at": now(), "number": number, "year": year}
    execute(_keeping(), {"row": row.id})
    renewed(row, execute(_saying(), said | by).one())
    locked_and_touched(meeting)


@prepared
def _saying() -> sa.UpdateBase:
    """What a row says from now on."""
    row: Any = MinutesRow.__table__
    new = {
        "kind": bound("new_kind", row.c.kind.type),
        "text": bound("new_text", row.c.text.type),
        "updated_at": bound("at", row.c.updated_at.type),
        "author_id": bound("by_id", sa.Integer),
        "author_name": bound("by_name", row.c.author_name.type),
        "decision_number": bound("number", sa.Integer),
        "decision_year": bound("year", sa.Integer),
        "version": row.c.version + 1,
    }
    statement = sa.update(row).where(row.c.id == bound("row")).values(new)
    return statement.returning(*columns_of(MinutesRow))


@prepared
def _keeping() -> sa.Insert:
    """What a row says, kept as a revision."""
    row: Any = MinutesRow.__table__.c
    said = {
        "row_id": row.id,
        "version": row.version,
        "kind": row.kind,
        "text": row.text,
        "author_name": row.author_name,
        "saved_at": row.updated_at,
    }
    statement = sa.select(*said.values()).where(row.id == bound("row"))
    return sa.insert(MinutesRevision).from_select(list(said), statement)


def _keep_beside(actor: User, meeting: Meeting, row: MinutesRow, kind: RowKind, text: str) -> MinutesRow:
    """Keeps the text of who came second. The row's version rises, so that nobody settles unseen texts."""
    for rival in queries.rivals_of(row.id):
        if (rival.author_id, rival.text) == (actor.account_id, text):
            return rival
    rival = MinutesRow(
        meeting_id=meeting.id,
        agenda_item_id=row.agenda_item_id,
        place=row.place,
        kind=kind,
        text=text,
        clash_of_id=row.id,
        created_at=now(),
        updated_at=now(),
        author_id=actor.account_id,
        author_name=actor.name,
    )
    db.session.add(rival)
    row.version += 1
    touch(meeting)
    db.session.flush()
    record(meeting, "minutes:clash", actor=actor, row=row.id, rival=rival.id)
    return rival


def _number_for(
    actor: User, meeting: Meeting, row: MinutesRow, kind: RowKind
) -> tuple[int | None, int | None]:
    """The number of a row and its year: the next for one that becomes a decision, else what it has."""
    if kind is RowKind.DECISION and row.decision_number is None:
        return _next_number(actor, meeting)
    return row.decision_number, row.decision_year


def _next_number(actor: User, meeting: Meeting) -> tuple[int, int]:
    """The number of the next decision, and the year of the meeting in which it counts."""
    year = local(meeting.starts_at, actor.zone).year
    return numbering.next_decision(meeting.office_id, year), year


# --- tasks ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Errand:
    """What is asked for, by when, of whom: whole groups of offices (`groups`) and single ones."""

    due_on: date | None
    groups: Collection[str] = ()
    offices: Collection[int] = ()
    evidence: EvidenceKind = EvidenceKind.NOTE
    detail: str = ""
    basis_id: int | None = None


def assign_task(*, actor: User, meeting: Meeting, item_id: int, text: str, errand: Errand) -> int:
    """Gives out a task under an agenda item: one row of the minutes, one task, one assignment per office.

    `basis_id` is the decision or note it follows from. Refuses a vague addressee, an office that lies
    elsewhere, a missing due date, and a text too long for a task. The audit entry is the task's.
    """
    _must_be_open(meeting)
    if VAGUE_GROUP in errand.groups or not (errand.groups or errand.offices):
        raise RuleViolation(VAGUE, "offices")
    if errand.due_on is None:
        raise RuleViolation("Isi tenggat tugas ini.", "due_on")
    if len(text) > LONGEST_TASK:
        raise RuleViolation(
            f"Tugas ditulis paling banyak {LONGEST_TASK} huruf; penjelasannya di Rincian.", "text"
        )
    if errand.basis_id is not None:
        queries.row_in(meeting.id, errand.basis_id)  # a row of this meeting, or NotFound
    asked = addressees(place_of(meeting), errand.groups, errand.offices, actor.words)
    task = tasks.issue_task(
        actor=actor,
        owner_office=organiser(meeting),
        title=text,
        due_on=errand.due_on,
        office_ids=asked.office_ids,
        origin=TaskOrigin.MEETING,
        meeting=meeting,
        detail=errand.detail,
        evidence=errand.evidence,
        addressed_to=asked.words,
    )
    row_id, status = _append(
        actor, meeting, item_id, kind=RowKind.TASK, text=text, task_id=task.id, basis_id=errand.basis_id
    )
    touch(meeting)
    _take_up(actor, meeting, item_id, status)
    return row_id


def place_of(meeting: Meeting) -> str:
    """The place whose offices a meeting may give tasks to: the organiser's."""
    return meeting.district_code or meeting.regency_code or meeting.province_code


def discuss_task(*, actor: User, meeting: Meeting, item_id: int, task_id: int) -> int:
    """Takes an unfinished task of an earlier meeting up under an agenda item, as a note that refers to it.

    Raises NotFound for a task that this user may not see, or that was not given by an earlier meeting.
    """
    task = db.session.scalars(
        sa.select(Task).where(Task.id == task_id, Task.meeting_id.is_not(None), visible(Task, actor))
    ).one_or_none()
    if task is None:
        raise NotFound
    return write_row(
        actor=actor,
        meeting=meeting,
        item_id=item_id,
        kind=RowKind.NOTE,
        text=f"Membahas tugas: {task.title} (tenggat {short_date(task.due_on)}).",
        task_id=task.id,
    )


# --- from session to approval ------------------------------------------------------------------------
def close_meeting(*, actor: User, meeting: Meeting) -> None:
    """The session ends and the minutes are completed; the end is noted if the meeting ran until today.

    To the minute, as the meeting's form states it; none is noted within the minute in which it began, for an
    end lies after the beginning.
    """
    locked(meeting)
    meeting.status = MEETING.move("minute", meeting.status)
    moment = now().replace(second=0, microsecond=0)
    day = local(meeting.starts_at, actor.zone).date()
    if meeting.ends_at is None and day == today(actor.zone) and moment > meeting.starts_at:
        meeting.ends_at = moment
    touch(meeting)
    record(meeting, "meeting:close", actor=actor)


def submit_minutes(*, actor: User, meeting: Meeting) -> None:
    """Hands the minutes to the chair; until they are returned nobody writes in them.

    Who hands them in took them, if nobody was named. Refuses empty minutes and unsettled clashes.
    """
    locked(meeting)
    meeting.status = MEETING.move("submit", meeting.status)
    agenda = queries.agenda_of(actor, meeting.id, size=None)
    if all(row.removed for row in agenda.rows):
        raise RuleViolation("Notula masih kosong. Tulis sekurang-kurangnya satu baris, lalu ajukan.")
    _must_be_settled(agenda, "diajukan")
    meeting.minute_taker_id = meeting.minute_taker_id or actor.account_id
    meeting.reason = ""
    touch(meeting)
    record(meeting, "minutes:submit", actor=actor)


def return_minutes(*, actor: User, meeting: Meeting, reason: str) -> None:
    """Gives the minutes back to be mended, and says why."""
    locked(meeting)
    meeting.status = MEETING.move("return", meeting.status)
    meeting.reason = reason
    touch(meeting)
    record(meeting, "minutes:return", actor=actor, reason=reason)


def approve_minutes(
    *,
    actor: User,
    meeting: Meeting,
    letter_date: date,
    number_source: NumberSource = NumberSource.SERIES,
    number_text: str = "",
) -> Document:
    """Freezes the minutes and issues the numbered notula; the offices that were given tasks are told.

    Who approves signs as chair. Refuses minutes that were not handed in, or whose clashes are not
    settled; a decision nobody was asked to carry out is allowed (the page says so before).
    """
    locked(meeting)
    approved = MEETING.move("approve", meeting.status)
    agenda = queries.agenda_of(actor, meeting.id, size=None)
    _must_be_settled(agenda, "disahkan")
    office = db.session.get_one(Office, meeting.office_id, options=[joinedload(Office.letterhead)])
    number = numbering.assign(
        actor=actor,
        office=office,
        letter_date=letter_date,
        number_source=number_source,
        number_text=number_text,
    )
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.MINUTES,
        office=office,
        title=f"Notula {meeting.title}",
        content=minutes_paper(
            actor=actor,
            office=office,
            meeting=meeting,
            agenda=agenda,
            number=number,
            letter_date=letter_date,
        ),
        letter_date=letter_date,
        number=number,
        meeting=meeting,
    )
    meeting.status, meeting.approved_at, meeting.approved_by_id = approved, now(), actor.account_id
    touch(meeting)
    record(meeting, "meeting:approve", actor=actor, document=document.id)
    tell(meeting, f"Notula disahkan: {meeting.title}.", queries.offices_with_tasks(meeting.id), actor=actor)
    return document


def _must_be_settled(agenda: queries.Agenda, done: str) -> None:
    if agenda.clashes:
        numbers = joined([row.number for row in agenda.clashes])
        raise RuleViolation(
            f"Belum dapat {done}, {len(agenda.clashes)} baris bentrok: {numbers}. Selesaikan dahulu."
        )

"""The notula: the minutes as they stand when they are approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ilp.core.clock import local
from ilp.core.indonesian import clock_range, full_name, joined, long_date, plain_date, short_date
from ilp.core.papers.minutes import ActionRow, AgendaPart, Decision, MinutesPaper, TallyRow
from ilp.core.papers.parts import SignatureBlock, Step
from ilp.models.directory import Office
from ilp.models.documents import DocumentKind, Number
from ilp.models.meetings import AgendaStatus, Meeting, RowKind
from ilp.models.wilayah import Words
from ilp.policy.user import User
from ilp.queries import attendance, documents
from ilp.queries.carried_over import carried_over
from ilp.queries.minutes import Agenda, Item, Row, TaskProgress
from ilp.queries.signers import Signatory, signatories
from ilp.services.papers.parts import NOBODY, letterhead_of, number_of, person_of, place_and_date

OPEN_ENDED = frozenset({AgendaStatus.DEFERRED, AgendaStatus.FORWARDED})
"""What is printed behind the title of an item; that it was discussed is seen from its text."""
CLOSING = (
    "Rapat ditutup oleh pimpinan rapat. Notula ini menjadi dasar tindak lanjut seluruh pihak yang disebut "
    "di dalamnya."
)
"""Says no time of the clock: what is known is when the meeting was to end."""


def minutes_paper(
    *,
    actor: User,
    office: Office,
    meeting: Meeting,
    agenda: Agenda,
    number: Number | None,
    letter_date: date,
) -> MinutesPaper:
    """The content of the notula, signed by the minute-taker and by who approves it as chair."""
    start = local(meeting.starts_at, actor.zone)
    end = local(meeting.ends_at, actor.zone) if meeting.ends_at else None
    accounts = [key for key in (meeting.minute_taker_id, actor.account_id) if key is not None]
    people = signatories(accounts, office.id, letter_date)
    taker, chair = people.get(meeting.minute_taker_id or 0), people.get(actor.account_id or 0)
    return {
        "letterhead": letterhead_of(office),
        "number": number_of(office, number, letter_date),
        "event": meeting.title,
        "day": long_date(start.date()),
        "time": clock_range(start, end, actor.zone.label),
        "place": meeting.place,
        "invitation": _invitation(meeting.id),
        "chair": meeting.chair or (chair.title if chair else ""),
        "secretary": "",
        "minute_taker": full_name(taker.prefix, taker.name, taker.suffix) if taker else "",
        "tally": _tally(meeting.id, actor.words),
        "agenda": [
            _part(item, _carried(actor, meeting) if item.carried_over else []) for item in agenda.items
        ],
        "decisions": [_decision(row) for row in agenda.rows if row.decision],
        "actions": _actions(agenda.rows),
        "closing": CLOSING,
        "signatures": [
            _signature("Notulis,", taker, titled=False, place_date=""),
            _signature("Pimpinan Rapat,", chair, titled=True, place_date=place_and_date(office, letter_date)),
        ],
        "photos": [],
    }


def _invitation(meeting_id: int) -> str:
    """Number and date of the letter that called the meeting."""
    letter = documents.latest_document(meeting_id, DocumentKind.INVITATION)
    if letter is None:
        return ""
    number = f"Nomor {letter.number.text}" if letter.number else "Tanpa nomor"
    return f"{number}, {plain_date(letter.letter_date)}"


def _tally(meeting_id: int, words: Words) -> list[TallyRow]:
    return [
        {
            "group": words.said(count.constituency.label) if count.constituency else "",
            "invited": count.invited,
            "present": count.present,
            "represented": count.represented,
            "absent": count.absent,
            "extra": count.extra,
        }
        for count in attendance.tally(meeting_id).rows
    ]


def _carried(actor: User, meeting: Meeting) -> list[str]:
    """How the tasks of earlier meetings stand on the day of approval."""
    carried = carried_over(actor, meeting)
    if not carried.given:
        return []
    tasks, left = enumerate(carried.tasks, start=1), carried.unfinished - len(carried.tasks)
    return [
        f"{carried.unfinished} dari {carried.given} tugas rapat sebelumnya belum selesai.",
        *(f"({n}) {task.title}: {task.who}, tenggat {short_date(task.due_on)}." for n, task in tasks),
        *([f"{left} tugas lain belum selesai."] if left else []),
    ]


def _part(item: Item, carried: list[str]) -> AgendaPart:
    spoken = [row for row in item.rows if row.kind is RowKind.NOTE and not row.removed]
    notes = carried + [text for row in spoken for text in row.paragraphs]
    taken = [row.decision for row in item.rows if row.decision and not row.removed]
    if taken:
        notes.append(f"Butir ini menghasilkan Keputusan {joined(taken)}.")
    return {
        "title": item.title,
        "presenter": f"Pemapar: {item.presenter}" if item.presenter else "",
        "status": item.status.label if item.status in OPEN_ENDED else "",
        "notes": notes,
        "remarks": [],
    }


def _decision(row: Row) -> Decision:
    return {"number": row.decision, "text": "Dicabut; nomor ini tidak dipakai." if row.removed else row.text}


def _actions(rows: Sequence[Row]) -> list[ActionRow]:
    by_id = {row.id: row for row in rows}
    return [
        _action(row, row.task, by_id.get(row.basis_id or 0))
        for row in rows
        if row.kind is RowKind.TASK and row.task is not None
    ]


def _action(row: Row, task: TaskProgress, basis: Row | None) -> ActionRow:
    return {
        "issue": "" if basis is None else f"Keputusan {basis.decision}" if basis.decision else basis.text,
        "action": row.text,
        "owner": task.addressed_to,
        "due": short_date(task.due_on),
        "evidence": task.evidence.label.lower(),
        "status": f"{task.accepted} dari {task.total} diterima" if task.accepted else "belum",
    }


def _signature(role: str, who: Signatory | None, *, titled: bool, place_date: str) -> SignatureBlock:
    """Room for ink below what somebody signs as; the chair's position stands there, too."""
    steps: list[Step] = [{"hang": "", "text": role}]
    if who is not None and titled and who.title:
        steps.append({"hang": who.kind.label, "text": f"{who.title},"})
    return {
        "place_date": place_date,
        "steps": steps,
        "person": person_of(who) if who else NOBODY,
        "stroke": None,
        "typed": "",
        "method": "",
        "at": "",
    }

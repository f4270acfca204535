"""Giving tasks out, passing them down, answering them, and judging the answers.

One task, one assignment per office. A desa's row has the row of its kecamatan as parent; each row
keeps its own state, and n of m is computed. Who may do what was settled by the policy; here stand
the rules about states, children and reasons. Every verb leaves an event in the story of the
assignment and an entry in the audit trail, and tells the other side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, insert, locked
from ilp.core.errors import Clash, RuleViolation
from ilp.models.directory import VILLAGE_OFFICES, Office, OfficeKind
from ilp.models.documents import StoredFile
from ilp.models.meetings import Meeting
from ilp.models.place import same_place
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import (
    ASSIGNMENT,
    OPEN,
    Assignment,
    AssignmentEvent,
    AssignmentFollower,
    AssignmentStatus,
    Evidence,
    EvidenceKind,
    Task,
    TaskOrigin,
)
from ilp.policy.actions import Action
from ilp.policy.user import User, covers
from ilp.queries.tasks import unserved_villages
from ilp.services import audit, notifications


@dataclass(frozen=True)
class Report:
    """What an office hands in at once: a note, a figure with its unit, photographs and files."""

    note: str = ""
    figure: Decimal | None = None
    unit: str = ""
    files: Sequence[StoredFile] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.note or self.files) and self.figure is None


def issue_task(
    *,
    actor: User,
    owner_office: Office,
    title: str,
    due_on: date,
    office_ids: Collection[int],
    origin: TaskOrigin,
    meeting: Meeting | None = None,
    clause_id: int | None = None,
    body: CoordinationBody | None = None,
    division: str = "",
    detail: str = "",
    evidence: EvidenceKind = EvidenceKind.NOTE,
    addressed_to: str = "",
) -> Task:
    """Gives one task to many offices in a constant number of statements; each is told once.

    Offices of desa/kelurahan get the row of their kecamatan as parent, made along with theirs;
    only when the kecamatan itself gives the task do its villages answer to it directly. Refuses
    an empty list, and offices that do not exist, are archived, or lie outside the owner's wilayah.
    """
    offices = _offices(Office.id.in_(set(office_ids)))
    _check_addressees(owner_office, offices, asked=len(set(office_ids)))
    task = Task(
        title=title,
        detail=detail,
        origin=origin,
        owner_office_id=owner_office.id,
        meeting_id=meeting.id if meeting else None,
        clause_id=clause_id,
        body_id=body.id if body else None,
        division=division,
        due_on=due_on,
        evidence=evidence,
        addressed_to=addressed_to,
        created_at=now(),
        created_by_id=actor.account_id,
        **same_place(owner_office),
    )
    db.session.add(task)
    db.session.flush()
    villages = [
        o for o in offices if o.kind in VILLAGE_OFFICES and o.district_code != owner_office.wilayah_code
    ]
    top = _with_kecamatan([o for o in offices if o not in villages], villages)
    parents = _assign(task, top)
    above = {o.wilayah_code: Above(parents[o.id], o.id) for o in top if o.kind is OfficeKind.KECAMATAN}
    children = _assign(task, villages, above=above)
    _begin_stories(actor, Assignment.task_id == task.id)
    addressees = [*parents, *children]
    _tell(
        actor, addressees, f"Tugas baru dari {owner_office.name}: {title}", "tasks.show_own", task_id=task.id
    )
    audit.record(
        actor,
        Action.TASK_ISSUE,
        task,
        changes={"title": title, "due_on": due_on, "origin": origin, "offices": len(addressees)},
    )
    return task


def _offices(condition: sa.ColumnElement[bool]) -> list[Any]:
    """Offices as rows, in the order of their codes, which the assignments keep by their ids."""
    columns = (
        Office.id,
        Office.kind,
        Office.wilayah_code,
        Office.province_code,
        Office.regency_code,
        Office.district_code,
    )
    return list(
        db.session.execute(
            sa.select(*columns)
            .where(condition, Office.archived_at.is_(None))
            .order_by(Office.wilayah_code, Office.protocol_order, Office.id)
        )
    )


def _check_addressees(owner: Office, offices: Sequence[Any], *, asked: int) -> None:
    if not asked:
        raise RuleViolation("Pilih paling sedikit satu kantor yang mengerjakan.", "offices")
    code = owner.wilayah_code
    outside = [o for o in offices if code and not f"{o.wilayah_code}.".startswith(f"{code}.")]
    if outside or len(offices) < asked:
        raise RuleViolation("Ada kantor yang tidak dapat diberi tugas dari sini. Pilih ulang.", "offices")


def _with_kecamatan(top: list[Any], villages: Sequence[Any]) -> list[Any]:
    """The rows without a parent: those addressed themselves, and the kecamatan above the villages."""
    above = {o.district_code for o in villages} - {
        o.wilayah_code for o in top if o.kind is OfficeKind.KECAMATAN
    }
    if not above:
        return top
    added = _offices(sa.and_(Office.kind == OfficeKind.KECAMATAN, Office.wilayah_code.in_(above)))
    return sorted([*top, *added], key=lambda o: o.wilayah_code)


class Above(NamedTuple):
    """The row that those of desa/kelurahan hang under, and the office that reviews them."""

    assignment_id: int | None
    office_id: int


def _assign(
    task: Task, offices: Sequence[Any], *, above: Mapping[str, Above] | None = None
) -> dict[int, int]:
    """One row per office in one batch; returns the new id by office. `above` is looked up by kecamatan."""
    if not offices:
        return {}
    moment = now()
    nobody = Above(None, task.owner_office_id)
    over = {office.id: (above or {}).get(office.district_code, nobody) for office in offices}
    rows = [
        {
            "task_id": task.id,
            "office_id": office.id,
            "issuer_office_id": task.owner_office_id,
            "reviewer_office_id": over[office.id].office_id,
            "parent_id": over[office.id].assignment_id,
            "due_on": task.due_on,
            "created_at": moment,
            **same_place(office),
        }
        for office in offices
    ]
    made = db.session.execute(
        sa.insert(Assignment).returning(Assignment.id, Assignment.office_id),
        rows,
    )
    return {office_id: key for key, office_id in made}


def _begin_stories(actor: User, which: sa.ColumnElement[bool], note: str = "") -> None:
    """The first event of new assignments, in one statement however many they are."""
    first = sa.select(
        Assignment.id,
        Assignment.status,
        sa.literal(note),
        sa.literal(actor.name),
        sa.literal(actor.office_name),
        sa.literal(now(), AssignmentEvent.at.type),
    ).where(which)
    columns = ["assignment_id", "status", "note", "actor_name", "office_name", "at"]
    db.session.execute(sa.insert(AssignmentEvent).from_select(columns, first))


def withdraw_task(*, actor: User, task: Task, reason: str) -> None:
    """Takes a task back: it leaves every list and accepts no more answers; what was handed in stays readable.

    Refuses a task that was withdrawn before, and an empty reason.
    """
    locked(task)
    _refuse_withdrawn(task)
    _need(reason, "Tulis mengapa tugas ini ditarik.")
    task.withdrawn_at = now()
    waiting = sa.select(Assignment.office_id).where(
        Assignment.task_id == task.id, Assignment.status.in_(OPEN)
    )
    offices = db.session.scalars(waiting).all()
    db.session.execute(
        sa.update(Assignment).where(Assignment.task_id == task.id).values(withdrawn_at=task.withdrawn_at)
    )
    _tell(actor, offices, f"Tugas ditarik: {task.title}. {reason}", "tasks.show", task_id=task.id)
    audit.record(actor, Action.TASK_WITHDRAW, task, changes={"reason": reason})


def start(*, actor: User, assignment: Assignment, version: int) -> None:
    """The assigned office takes the task up."""
    _change(actor, assignment, "start", version)


def report(
    *, actor: User, assignment: Assignment, version: int, report: Report, blocked: bool = False
) -> None:
    """Adds evidence while the work goes on; a hindrance is told to the reviewer at once.

    Refuses an empty report, and a hindrance without a note.
    """
    if blocked:
        _need(report.note, "Tulis kendalanya, supaya pemeriksa dapat membantu.", "note")
    if report.is_empty:
        raise RuleViolation("Isi catatan, angka, foto, atau berkas lebih dahulu.", "note")
    note = f"Kendala: {report.note}" if blocked else report.note
    _change(actor, assignment, "report", version, note=note, handed_in=report)
    if blocked:
        _tell_reviewer(actor, assignment, "Ada kendala")


def submit(*, actor: User, assignment: Assignment, version: int, report: Report, reason: str = "") -> None:
    """Hands the finished work to the reviewer.

    Refuses while there is no evidence of the kind that was asked for, and, without a reason, while
    rows of desa/kelurahan below are still open.
    """
    status = _next(assignment, "submit", version)
    left = _open_children(assignment)
    if left and not reason:
        raise RuleViolation(
            f"{left} {actor.words.said('desa/kelurahan')} belum selesai. "
            "Tulis alasan mengirim sekarang, atau tunggu laporannya.",
            "reason",
        )
    _need_evidence(assignment, report)
    note = "\n".join(part for part in (report.note, reason and f"Alasan dikirim sekarang: {reason}") if part)
    _move(actor, assignment, "submit", status, note=note, handed_in=report, reason=reason, submitted_at=now())
    _tell_reviewer(actor, assignment, "Laporan menunggu pemeriksaan")


def accept(*, actor: User, assignment: Assignment, version: int, note: str = "") -> None:
    """The reviewer is satisfied."""
    _judge(actor, assignment, "accept", version, note=note, announcement="Laporan diterima")


def return_(*, actor: User, assignment: Assignment, version: int, reason: str) -> None:
    """The reviewer sends a report back; the reason says what is to be mended."""
    _need(reason, "Tulis apa yang perlu diperbaiki.")
    _judge(actor, assignment, "return", version, note=reason, announcement="Laporan dikembalikan")


def exempt(*, actor: User, assignment: Assignment, version: int, reason: str) -> None:
    """The reviewer states that the task does not apply to this office."""
    _need(reason, "Tulis mengapa tugas ini tidak berlaku di sini.")
    _judge(actor, assignment, "exempt", version, note=reason, announcement="Tugas dinyatakan tidak berlaku")


def delegate(*, actor: User, assignment: Assignment, version: int) -> int:
    """A kecamatan passes its row on to each desa/kelurahan below it; returns how many rows were made.

    Idempotent: a village that has its row already gets no second one. Refuses other offices, and a
    row that is finished or under review.
    """
    status = _next(assignment, "delegate", version)
    office = assignment.office
    if office.kind is not OfficeKind.KECAMATAN:
        raise RuleViolation(actor.words.said("Hanya kecamatan yang meneruskan tugasnya ke desa/kelurahan."))
    villages = _offices(unserved_villages(assignment))
    if not villages:
        return 0
    above = {office.wilayah_code: Above(assignment.id, office.id)}
    children = _assign(assignment.task, villages, above=above)
    _begin_stories(actor, Assignment.id.in_(children.values()))
    note = f"Diteruskan ke {len(children)} {actor.words.said('desa/kelurahan')}."
    _move(actor, assignment, "delegate", status, note=note)
    _tell(
        actor,
        list(children),
        f"Tugas baru dari {office.name}: {assignment.task.title}",
        "tasks.show_own",
        task_id=assignment.task_id,
    )
    return len(children)


def give_to_follow(*, actor: User, assignment: Assignment, partner: Office) -> None:
    """Lets a partner see a row and what is handed in for it; it adds nothing. Said again, nothing changes.

    Refuses an office that is no partner, one whose area the row lies outside of, and a withdrawn task.
    """
    locked(assignment)
    _refuse_withdrawn(assignment.task)
    if partner.kind is not OfficeKind.PARTNER:
        raise RuleViolation("Hanya mitra yang diberi tugas untuk diikuti.", "office_id")
    if not covers(partner.wilayah_code, assignment.office.wilayah_code):
        raise RuleViolation(f"{partner.name} tidak bekerja di wilayah kantor ini.", "office_id")
    following = insert(AssignmentFollower).values(assignment_id=assignment.id, office_id=partner.id)
    new = following.on_conflict_do_nothing().returning(AssignmentFollower.office_id)
    if db.session.scalar(new) is not None:
        audit.record(actor, Action.ASSIGNMENT_FOLLOW, assignment, changes={"office": partner.id})


def _judge(
    actor: User, assignment: Assignment, verb: str, version: int, *, note: str, announcement: str
) -> None:
    judged = {"reviewed_at": now(), "reviewed_by_id": actor.account_id}
    _change(actor, assignment, verb, version, note=note, reason=note, **judged)
    said = f". {note}" if note else ""
    _tell(
        actor,
        [assignment.office_id],
        f"{announcement}: {assignment.task.title}{said}",
        "tasks.show_assignment",
        assignment_id=assignment.id,
    )


def _next(assignment: Assignment, verb: str, version: int) -> AssignmentStatus:
    """Locks the row and says to which state the verb leads from what is true now."""
    locked(assignment)
    _refuse_withdrawn(assignment.task)
    status = ASSIGNMENT.move(verb, assignment.status)
    if assignment.version != version:
        raise Clash(
            "Keadaan tugas ini baru saja berubah. Periksa yang terbaru, lalu kirim lagi.",
            assignment.status,
            assignment.version,
        )
    return status


def _change(actor: User, assignment: Assignment, verb: str, version: int, **said: Any) -> None:
    _move(actor, assignment, verb, _next(assignment, verb, version), **said)


def _move(
    actor: User,
    assignment: Assignment,
    verb: str,
    status: AssignmentStatus,
    *,
    note: str = "",
    handed_in: Report | None = None,
    reason: str = "",
    **columns: Any,
) -> None:
    """The one place where an assignment changes: state, version, story and trail."""
    before = assignment.status
    assignment.status = status
    assignment.version += 1
    assignment.reason = reason
    for name, value in columns.items():
        setattr(assignment, name, value)
    db.session.add(
        AssignmentEvent(
            assignment_id=assignment.id,
            status=status,
            note=note,
            actor_name=actor.name,
            office_name=actor.office_name,
            at=now(),
        )
    )
    if handed_in:
        _keep(actor, assignment, handed_in)
    audit.record(
        actor,
        f"assignment:{verb}",
        assignment,
        changes={"status": [before, status], "note": note, "files": _digests(handed_in)},
    )


def _keep(actor: User, assignment: Assignment, report: Report) -> None:
    """The evidence of a report, in one batch."""
    common = {"assignment_id": assignment.id, "created_at": now(), "created_by_id": actor.account_id}
    blank = {"text": "", "figure": None, "unit": "", "file_id": None}
    rows: list[dict[str, Any]] = []
    if report.figure is not None:
        rows.append({"kind": EvidenceKind.FIGURE, "figure": report.figure, "unit": report.unit})
    if report.note:
        rows.append({"kind": EvidenceKind.NOTE, "text": report.note})
    rows += [{"kind": kind_of(file), "file_id": file.id} for file in report.files]
    if rows:
        together = sa.insert(Evidence).execution_options(render_nulls=True)
        db.session.execute(together, [{**blank, **common, **row} for row in rows])


def kind_of(file: StoredFile) -> EvidenceKind:
    """What a kept file proves as: pictures are photographs, all else is a file."""
    return EvidenceKind.PHOTO if file.media_type.startswith("image/") else EvidenceKind.FILE


def _digests(report: Report | None) -> list[str]:
    return [file.sha256 for file in report.files] if report else []


def _need_evidence(assignment: Assignment, report: Report) -> None:
    """What was asked for is in this report or was handed in before."""
    asked = assignment.task.evidence
    kinds = {kind_of(file) for file in report.files}
    kinds |= {EvidenceKind.FIGURE} if report.figure is not None else set()
    kinds |= {EvidenceKind.NOTE} if report.note else set()
    if asked in kinds or (kinds and asked is EvidenceKind.NOTE):
        return
    earlier = sa.exists().where(Evidence.assignment_id == assignment.id)
    if asked is not EvidenceKind.NOTE:
        earlier = earlier.where(Evidence.kind == asked)
    if not db.session.scalar(sa.select(earlier)):
        sentence, field = ASKED_FOR[asked]
        raise RuleViolation(sentence, field)


ASKED_FOR = {
    EvidenceKind.NOTE: ("Tulis apa yang sudah dikerjakan.", "note"),
    EvidenceKind.FIGURE: ("Isi angka yang diminta.", "figure"),
    EvidenceKind.PHOTO: ("Lampirkan paling sedikit satu foto.", "photos"),
    EvidenceKind.FILE: ("Lampirkan berkas yang diminta.", "file"),
}


def _open_children(assignment: Assignment) -> int:
    """Rows below that are not finished; only a kecamatan has any."""
    if assignment.office.kind is not OfficeKind.KECAMATAN:
        return 0
    count = sa.select(sa.func.count()).where(
        Assignment.parent_id == assignment.id, Assignment.status.in_(OPEN)
    )
    return db.session.scalar(count) or 0


def _need(text: str, sentence: str, field: str = "reason") -> None:
    if not text.strip():
        raise RuleViolation(sentence, field)


def _refuse_withdrawn(task: Task) -> None:
    if task.withdrawn_at:
        raise RuleViolation("Tugas ini sudah ditarik oleh pemberi tugas.")


def _tell_reviewer(actor: User, assignment: Assignment, announcement: str) -> None:
    text = f"{announcement}: {assignment.office.name}, {assignment.task.title}"
    _tell(actor, [assignment.reviewer_office_id], text, "tasks.show_assignment", assignment_id=assignment.id)


def _tell(actor: User, offices: Iterable[int], text: str, endpoint: str, **arguments: int) -> None:
    notifications.notify(
        offices=list(offices),
        text=text,
        endpoint=endpoint,
        arguments=arguments,
        actor=actor,
    )

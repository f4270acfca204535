from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, url_for

from ilp.blueprints.tasks import bp
from ilp.blueprints.tasks.forms import (
    ExemptForm,
    Progress,
    ReportForm,
    ReviewForm,
    Verdict,
    VersionForm,
    chosen,
)
from ilp.core.clock import local, today
from ilp.core.indonesian import short_date
from ilp.models.directory import OfficeKind
from ilp.models.tasks import ASSIGNMENT, OPEN, WAITING, Assignment, EvidenceKind, Task
from ilp.models.tasks import AssignmentStatus as S
from ilp.policy.access import access_assignment, access_task
from ilp.policy.actions import Action
from ilp.queries import assignments
from ilp.queries import tasks as found
from ilp.services import files, tasks
from ilp.web.due import due_on
from ilp.web.forms import BaseForm
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing


@bp.get("/<id:task_id>/kantor-saya")
@requires(Action.TASK_READ, access_task)
def show_own(task: Task) -> Response:
    """Where a notice of a new task leads: to the row of the reader's own office, if there is one."""
    key = assignments.own_assignment(me(), task)
    if key is None:
        return make_response(redirect(url_for("tasks.show", task_id=task.id)))
    return make_response(redirect(url_for("tasks.show_assignment", assignment_id=key)))


@bp.get("/rincian/<id:assignment_id>")
@requires(Action.ASSIGNMENT_READ, access_assignment)
def show_assignment(assignment: Assignment) -> Response:
    return assignment_page(assignment)


@bp.post("/rincian/<id:assignment_id>/mulai")
@requires(Action.ASSIGNMENT_REPORT, access_assignment)
def start(assignment: Assignment) -> Response:
    return carry_out(assignment, VersionForm(), tasks.start, message="tugas-dimulai")


@bp.post("/rincian/<id:assignment_id>/lapor")
@requires(Action.ASSIGNMENT_REPORT, access_assignment)
def report(assignment: Assignment) -> Response:
    """Photographs and files are opened and kept first; the transaction only names them."""
    form = ReportForm()
    kept: list[files.Kept] = []
    if form.validate():
        with form.absorbing():
            kept = keep_uploads(form)

    finished = form.progress.data == Progress.SUBMITTED

    def hand_in(**common: Any) -> None:
        typed = form.payload()
        said = tasks.Report(
            note=typed["note"],
            figure=typed["figure"],
            unit=typed["unit"],
            files=files.store(actor=me(), kept=kept),
        )
        if finished:
            tasks.submit(**common, report=said, reason=typed["reason"])
        else:
            tasks.report(**common, report=said, blocked=typed["progress"] == Progress.BLOCKED)

    return carry_out(
        assignment, form, hand_in, message="laporan-terkirim" if finished else "laporan-tersimpan"
    )


def keep_uploads(form: ReportForm) -> list[files.Kept]:
    kept = [files.keep_photo(photo.filename, photo.read()) for photo in chosen(form.photos.data)]
    papers = chosen([form.file.data])
    return kept + [files.keep_paper(paper.filename, paper.read()) for paper in papers]


@bp.post("/rincian/<id:assignment_id>/periksa")
@requires(Action.ASSIGNMENT_REVIEW, access_assignment)
def review(assignment: Assignment) -> Response:
    form = ReviewForm()
    if form.verdict.data == Verdict.ACCEPT:
        return carry_out(
            assignment,
            form,
            lambda **common: tasks.accept(**common, note=form.payload()["reason"]),
            message="laporan-diterima",
        )
    return carry_out(
        assignment,
        form,
        lambda **common: tasks.return_(**common, reason=form.payload()["reason"]),
        message="laporan-dikembalikan",
    )


@bp.post("/rincian/<id:assignment_id>/tidak-berlaku")
@requires(Action.ASSIGNMENT_REVIEW, access_assignment)
def exempt(assignment: Assignment) -> Response:
    form = ExemptForm()
    return carry_out(
        assignment,
        form,
        lambda **common: tasks.exempt(**common, reason=form.payload()["reason"]),
        message="tidak-berlaku",
    )


@bp.post("/rincian/<id:assignment_id>/teruskan")
@requires(Action.ASSIGNMENT_DELEGATE, access_assignment)
def delegate(assignment: Assignment) -> Response:
    return carry_out(assignment, VersionForm(), tasks.delegate, message="diteruskan")


def carry_out(assignment: Assignment, form: Any, verb: Callable[..., object], *, message: str) -> Response:
    """Runs a verb on a row at the version the page showed; refused, the page keeps what was typed."""
    key = assignment.id
    location = url_for("tasks.show_assignment", assignment_id=key)
    if not form.refused and form.validate():
        with form.absorbing(), writing() as result:
            result.location = location
            verb(actor=me(), assignment=assignment, version=form.version.data)
        if not form.refused:
            return done(location, message)
    return assignment_page(access_assignment(me(), key), form)


def assignment_page(assignment: Assignment, sent: BaseForm | None = None) -> Response:
    """One assignment with its forms; `sent` stands in for the fresh one of its kind."""
    day = today(me().zone)
    task = assignment.task
    forms = {type(form): form for form in (ReportForm(), ReviewForm(), ExemptForm(), VersionForm())}
    for form in forms.values():
        form.version.data = assignment.version
    if sent is not None:
        forms[type(sent)] = sent
    below = found.rows_below(me(), assignment.id) if is_kecamatan(assignment) else []
    origin, handed_in = found.origin_of(task), assignments.evidence(assignment)
    return page(
        "tasks/assignment.html",
        status=sent.status if sent else 200,
        assignment=assignment,
        task=task,
        origin=origin,
        due=due_on(assignment.due_on, day, waiting=assignment.status in WAITING),
        below=in_order(below),
        progress=found.Progress.of(row.status for row in below),
        events=assignments.events(assignment),
        evidence=handed_in,
        chain=chain_of(assignment, origin, len(handed_in)),
        reviewer=reviewer_of(assignment),
        report_form=forms[ReportForm],
        review_form=forms[ReviewForm],
        exempt_form=forms[ExemptForm],
        version_form=forms[VersionForm],
        sent=sent,
        moves={verb: ASSIGNMENT.allows(verb, assignment.status) for verb in ASSIGNMENT.steps},
        asks={kind.value: task.evidence is kind for kind in EvidenceKind},
        may_pass_on=is_kecamatan(assignment),
        unserved=is_kecamatan(assignment) and found.has_unserved_villages(assignment),
    )


def is_kecamatan(assignment: Assignment) -> bool:
    return assignment.office.kind is OfficeKind.KECAMATAN


def reviewer_of(assignment: Assignment) -> str:
    """The office that judges a row: that of the row above, or the one that gave the task."""
    return assignment.parent.office.name if assignment.parent else assignment.task.owner_office.name


Knot = tuple[str, str, str]


def chain_of(assignment: Assignment, origin: Any, handed_in: int) -> list[Knot]:
    """The chain through this row, from the meeting or promise it came from to where it is verified."""
    status = assignment.status
    judged = status in {S.ACCEPTED, S.NOT_APPLICABLE}
    evidence = f"{handed_in} bukti" if handed_in else f"{assignment.task.evidence.label}, belum ada"
    knots = [
        *_source(assignment, origin),
        ("Tugas ini", assignment.office.name, "now" if status in WAITING else "passed"),
        ("Bukti", evidence, "next" if status in WAITING else "passed"),
        (
            "Verifikasi",
            reviewer_of(assignment),
            "passed" if judged else "next" if status in WAITING else "now",
        ),
    ]
    if origin.next_at and not judged:
        knots.append((f"Rapat {_day(origin.next_at)}", "Dibahas bila belum selesai", "next"))
    return knots


def _source(assignment: Assignment, origin: Any) -> list[Knot]:
    if origin.meeting_id:
        knots = [(origin.meeting_title, f"Rapat, {_day(origin.meeting_at)}", "passed")]
        if origin.decision_number:
            number = f"{origin.decision_number}/{origin.decision_year}"
            knots.append((f"Keputusan {number}", "Diputuskan rapat", "passed"))
        return knots
    if origin.commitment_id:
        return [(f"Butir {origin.clause_place}", origin.commitment_title, "passed")]
    task = assignment.task
    if origin.body_id:
        return [(origin.body_name, f"Bidang {task.division}" if task.division else "Pokjanal", "passed")]
    return [(task.owner_office.name, "Pemberi tugas", "passed")]


def _day(moment: datetime) -> str:
    return short_date(local(moment, me().zone))


REVIEWED_FIRST = (S.SUBMITTED, S.RETURNED, S.ASSIGNED, S.IN_PROGRESS, S.ACCEPTED, S.NOT_APPLICABLE)


def in_order(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows below with what the kecamatan has to look at first; the settled ones fold away."""
    ranked = sorted(rows, key=lambda row: REVIEWED_FIRST.index(row.status))
    return [{**row._asdict(), "settled": row.status not in OPEN} for row in ranked]

"""The component sheet: every part once, in every state its data can have."""

from __future__ import annotations

from flask import Response

from ilp.blueprints.gallery import bp
from ilp.blueprints.gallery.forms import sample_form
from ilp.core.clock import today
from ilp.models.commitments import CommitmentStatus, SlotStatus
from ilp.models.documents import DocumentStatus
from ilp.models.facilities import FacilityStatus
from ilp.models.jobs import JobState
from ilp.models.meetings import AgendaStatus, AttendanceStatus, InvitationStatus, MeetingStatus
from ilp.models.tasks import AssignmentStatus
from ilp.policy.actions import Action
from ilp.web.htmx import page
from ilp.web.requires import requires

MACHINES = (
    ("Rapat", MeetingStatus),
    ("Undangan", InvitationStatus),
    ("Kehadiran", AttendanceStatus),
    ("Butir agenda", AgendaStatus),
    ("Tugas", AssignmentStatus),
    ("Komitmen", CommitmentStatus),
    ("Penandatangan", SlotStatus),
    ("Fasilitas", FacilityStatus),
    ("Dokumen", DocumentStatus),
)


@bp.get("/")
@requires(Action.GALLERY_READ)
def show() -> Response:
    return page("gallery/show.html", machines=MACHINES, jobs=JobState, form=sample_form(), today=today())

"""The look keeps its promises: every state has its shape and tone, and a first load stays small."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest

from ilp.core.config import ROOT
from ilp.core.enums import LabelledEnum
from ilp.models.commitments import CommitmentStatus, SlotStatus
from ilp.models.documents import DocumentStatus
from ilp.models.facilities import FacilityStatus
from ilp.models.jobs import JobState
from ilp.models.meetings import AgendaStatus, AttendanceStatus, InvitationStatus, MeetingStatus
from ilp.models.tasks import AssignmentStatus
from tests.support.browser import Browser, drawn_pictures

AsUser = Callable[[str], Browser]
STATIC = ROOT / "ilp" / "static"
MACHINES = (
    AgendaStatus,
    AssignmentStatus,
    AttendanceStatus,
    CommitmentStatus,
    DocumentStatus,
    FacilityStatus,
    InvitationStatus,
    JobState,
    MeetingStatus,
    SlotStatus,
)
STATES = sorted({member for machine in MACHINES for member in machine})
CSS = (STATIC / "css" / "app.css").read_text()
NEUTRAL = re.search(r"the first group is also the fallback:\s+([a-z, _\s]+) \*/", CSS)


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_shape_and_a_tone(state: LabelledEnum) -> None:
    assert f"g-{state}" in drawn_pictures()
    assert NEUTRAL
    assert f"[data-s={state}]" in CSS or state in re.split(r"[,\s]+", NEUTRAL[1])


def weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_the_style_sheet_stays_within_its_budget() -> None:
    assert weight("css/app.css") <= 16_000


def test_a_first_load_stays_under_sixty_kilobytes() -> None:
    assert weight("css/app.css", "vendor/script.js") < 60_000


def test_a_first_load_is_five_requests(as_user: AsUser) -> None:
    page = as_user("setda.malang").get("/rapat/").soup
    places = {"link[href]": "href", "script[src]": "src", "img[src]": "src", "use[href]": "href"}
    asked = {tag[name].partition("#")[0] for chosen, name in places.items() for tag in page.select(chosen)}
    fonts = re.findall(r"src: ?url\(", CSS)
    assert page.select_one("link[rel=icon]")
    assert len(asked - {""}) + len(fonts) + 1 <= 5

"""The component sheet draws every macro's part, for administrators only."""

from __future__ import annotations

from collections.abc import Callable

from ilp.models.meetings import MeetingStatus
from tests.support.browser import Browser

AsUser = Callable[[str], Browser]


def test_an_administrator_sees_every_state_by_its_word(as_user: AsUser) -> None:
    badges = as_user("admin").get("/gaya/").soup.select(".badge")
    words = {badge.get_text(strip=True).lower() for badge in badges}
    assert {member.label for member in MeetingStatus} <= words


def test_an_invalid_field_names_its_error_to_screen_readers(as_user: AsUser) -> None:
    field = as_user("admin").get("/gaya/").soup.find(id="due")
    assert field["aria-invalid"] == "true"
    assert "due-error" in field["aria-describedby"].split()


def test_others_have_no_component_sheet(as_user: AsUser) -> None:
    as_user("setda.malang").get("/gaya/", status=403)

"""Groups an office keeps: made, filled, used to invite, and nobody else's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.audit import AuditEntry
from ilp.models.directory import OfficeGroup, OfficeGroupMember
from ilp.models.meetings import Invitation
from tests.factories.directory import head_of
from tests.factories.meetings import make_draft
from tests.support.browser import visible_text
from tests.support.people import user_named
from tests.support.queries import counted

LIST = "/direktori/kelompok/"


@pytest.fixture
def group(as_user) -> OfficeGroup:
    as_user("setda.malang").post(LIST, {"name": "Tim kerja harian"}, page=LIST)
    return db.session.scalars(sa.select(OfficeGroup)).one()


def fill(as_user, group: OfficeGroup, *offices: str) -> list[int]:
    ids = [head_of(name).id for name in offices]
    as_user("setda.malang").post(f"{LIST}{group.id}/tambah", {"position_id": [str(key) for key in ids]})
    return ids


def members(group: OfficeGroup) -> set[int]:
    found = sa.select(OfficeGroupMember.position_id).where(OfficeGroupMember.group_id == group.id)
    return set(db.session.scalars(found))


def test_the_list_shows_what_is_computed_and_what_is_kept(as_user, group):
    text = visible_text(as_user("setda.malang").get(LIST))
    assert "Tim kerja harian" in text
    assert "Camat se-Kabupaten Malang 33" in text
    assert "Tim kerja harian" not in visible_text(as_user("dinkes.malang").get(LIST))


def test_a_group_is_filled_by_search_and_emptied(as_user, group):
    page = f"{LIST}{group.id}"
    browser = as_user("setda.malang")
    found = browser.get(f"{page}?cari=camat+kepanjen")
    assert "Camat Kepanjen" in visible_text(found)
    ids = fill(as_user, group, "Kecamatan Kepanjen", "RSUD Lawang")
    fill(as_user, group, "RSUD Lawang")
    assert members(group) == set(ids)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain, entry.changes["positions"]) == ("group:add", "35.07", [])
    assert "sudah anggota" in visible_text(browser.get(f"{page}?cari=camat+kepanjen"))
    browser.post(f"{page}/keluarkan", {"position_id": str(ids[0])}, page=page)
    assert members(group) == {ids[1]}
    browser.post(f"{page}/ubah", {"name": "Tim kecil"}, page=page)
    browser.post(f"{page}/hapus", page=page)
    assert db.session.scalars(sa.select(OfficeGroup)).all() == []


def test_a_saved_group_is_invited_at_once(as_user, group):
    ids = fill(as_user, group, "Kecamatan Kepanjen", "RSUD Lawang", "Puskesmas Kepanjen")
    meeting = make_draft(user_named("setda.malang"))
    page = f"/rapat/{meeting.id}/undangan"
    browser = as_user("setda.malang")
    assert "Tim kerja harian (3)" in visible_text(browser.get(f"{page}/kelompok"))
    browser.post(f"{page}/kelompok/simpanan-{group.id}", page=f"{page}/kelompok")
    seats = db.session.execute(
        sa.select(Invitation.position_id, Invitation.group_name).where(Invitation.meeting_id == meeting.id)
    ).all()
    assert {seat.position_id for seat in seats} == set(ids)
    assert {seat.group_name for seat in seats} == {""}, "each is named in the letter"
    browser.post(f"{page}/kelompok/simpanan-{group.id + 1}", status=404)


def test_a_group_of_another_office_is_not_invited(as_user, group):
    fill(as_user, group, "RSUD Lawang")
    meeting = make_draft(user_named("dinkes.malang"))
    as_user("dinkes.malang").post(f"/rapat/{meeting.id}/undangan/kelompok/simpanan-{group.id}", status=404)


@pytest.mark.parametrize(
    ("path", "data", "sentence"),
    [
        ("", {"name": ""}, "perlu diisi"),
        ("", {"name": "Tim kerja harian"}, "sudah mempunyai kelompok dengan nama itu"),
        ("{id}/tambah", {}, "Centang dahulu"),
        ("{id}/tambah", {"position_id": "2147483647"}, "Pilih jabatan dari daftar"),
        ("{id}/keluarkan", {"position_id": "1"}, "Centang jabatan yang dikeluarkan"),
        ("{id}/ubah", {"name": " "}, "perlu diisi"),
    ],
)
def test_a_wrong_form_is_answered_with_a_sentence(as_user, group, path, data, sentence):
    answer = as_user("setda.malang").post(LIST + path.format(id=group.id), data, status=422)
    assert sentence in visible_text(answer)


@pytest.mark.parametrize(
    ("username", "lists", "shows"),
    [
        ("setda.malang", 200, 200),
        ("dinkes.malang", 200, 403),
        ("pimpinan.malang", 403, 403),
        ("auditor.jatim", 403, 403),
        ("camat.kepanjen", 200, 404),
        ("setda.blitar", 200, 404),
        ("mitra.blitar", 403, 404),
        ("admin", 403, 404),
    ],
)
def test_groups_are_kept_by_who_calls_meetings(as_user, group, username, lists, shows):
    browser = as_user(username)
    browser.get(LIST, status=lists)
    browser.get(f"{LIST}{group.id}", status=shows)
    for act in ("ubah", "tambah", "keluarkan", "hapus"):
        if shows != 200:
            browser.post(f"{LIST}{group.id}/{act}", {"name": "x"}, status=shows)


def test_a_position_of_another_regency_is_not_taken_in(as_user, group):
    foreign = head_of("Kecamatan Garum").id
    answer = as_user("setda.malang").post(
        f"{LIST}{group.id}/tambah", {"position_id": str(foreign)}, status=422
    )
    assert "Pilih jabatan dari daftar" in visible_text(answer)
    assert members(group) == set()


def test_the_pages_cost_the_same_for_any_number(as_user, group):
    browser = as_user("setda.malang")
    page, costs = f"{LIST}{group.id}", []
    for names in (["RSUD Lawang"], ["Kecamatan Kepanjen", "Kecamatan Pagak", "Puskesmas Kepanjen"]):
        fill(as_user, group, *names)
        with counted() as statements:
            browser.get(page)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5

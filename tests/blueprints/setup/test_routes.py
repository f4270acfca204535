"""`/mulai` by the browser: from nothing to a desk, for a regency in Papua and a city on Java."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.accounts import Account
from ilp.models.directory import Office
from ilp.models.notifications import Notification
from ilp.services import setup
from ilp.services.wilayah import import_codes, read_package
from tests.conftest import a_name
from tests.pages.factor import enrol
from tests.support.browser import Browser
from tests.support.databases import blank, copy

ANSWERS = {
    "address": "Jalan Contoh Nomor 1\nTelepon (0986) 000000",
    "name": "Yosina Contoh",
    "username": "Admin.Pertama",
    "new_password": "kuda meja biru lari",
    "repeated_password": "kuda meja biru lari",
}


@pytest.fixture(scope="module")
def country(engine, tmp_path_factory):
    """Every province and regency, and what lies below two of them."""
    database = blank(engine, a_name(), tmp_path_factory.mktemp("setup"))
    app = database.app(ILP_DEMO="0")
    with app.app_context():
        import_codes(
            [p for p in read_package() if p.code.count(".") < 2 or p.code.startswith(("92.02.", "33.76."))]
        )
        db.session.remove()
        db.engine.dispose()
    return database


@pytest.fixture
def empty(country, tmp_path):
    database = copy(country, a_name(), tmp_path)
    app = database.app(ILP_DEMO="0")
    with app.app_context():
        yield app
    database.close()


def arrive(app) -> Browser:
    """Somebody who has typed the code of the terminal."""
    browser = Browser(app)
    assert browser.get("/", status=303).location == "/masuk"
    assert browser.get("/masuk", status=303).location == "/mulai"
    answer = browser.post("/mulai", {"code": setup.terminal_code()}, page="/mulai")
    assert answer.location == "/mulai/wilayah"
    return browser


@pytest.mark.parametrize(
    ("search", "chosen"),
    [
        ("manokwari", ("92.02", "Kabupaten Manokwari", "Asia/Jayapura", ("Distrik", "Kampung"))),
        ("kota tegal", ("33.76", "Kota Tegal", "Asia/Jakarta", ("Kecamatan", "Desa"))),
    ],
)
def test_from_nothing_to_a_desk(empty, search, chosen) -> None:
    code, place, zone, words = chosen
    browser = arrive(empty)
    found = browser.get(f"/mulai/wilayah?cari={search}")
    assert found.soup.find("a", href=f"/mulai/{code}").text == place
    proposed = browser.form(f"/mulai/{code}", f"/mulai/{code}")
    assert (proposed["zone"], proposed["district_label"], proposed["village_label"]) == (zone, *words)
    assert proposed["tier"] == f"PEMERINTAH {place.upper()}"
    answer = browser.post(f"/mulai/{code}", {**ANSWERS, "is_secretary": "y"}, page=f"/mulai/{code}")
    assert answer.location == "/?kabar=mulai"
    assert browser.get(answer.location, status=303).location.startswith("/akun/kode-masuk")
    enrol(browser, ANSWERS["new_password"])
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == 0, "nobody else is there yet"
    desk = browser.get("/?kabar=mulai")
    assert "Selamat datang" in desk.text
    assert "5 langkah lagi" in desk.text
    assert f"PEMERINTAH {place.upper()}" in desk.text
    offices = browser.get("/direktori/?jenis=kecamatan")
    assert f"{words[0]} " in offices.text
    browser.get("/rapat/baru")
    for path in ("/mulai", "/mulai/wilayah", f"/mulai/{code}"):
        assert browser.get(path, status=303).location == "/"
        Browser(empty).get(path, status=404)
    Browser(empty).get("/masuk")


def test_a_second_window_comes_to_the_same_desk(empty) -> None:
    first = arrive(empty)
    first.post("/mulai/92.02", ANSWERS, page="/mulai/92.02")
    second = {**ANSWERS, "csrf_token": first.form("/akun/kode-masuk", "/keluar")["csrf_token"]}
    again = first.post("/mulai/92.02", second)
    assert again.location == "/"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


def test_distrik_and_kampung_stand_on_the_screens(empty) -> None:
    browser = arrive(empty)
    browser.post("/mulai/92.02", {**ANSWERS, "is_secretary": "y"}, page="/mulai/92.02")
    enrol(browser, ANSWERS["new_password"])
    listed = browser.get("/direktori/")
    assert "Distrik Warmare" in listed.text
    assert "Kantor distrik" in listed.text
    assert "Kecamatan Warmare" not in listed.text
    assert "Kampung/kelurahan" in browser.get("/tugas/baru").text


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Monokwari", "92.02"), ("manokwri", "92.02"), ("kab. manokwary", "92.02"), ("kota tgal", "33.76")],
)
def test_a_name_misspelt_leads_to_those_that_are_like_it(empty, typed: str, code: str) -> None:
    page = arrive(empty).get("/mulai/wilayah", query_string={"cari": typed})
    assert page.soup.find("a", href=f"/mulai/{code}")
    assert f"Tidak ada kabupaten/kota bernama “{typed}”" in page.text


def test_a_province_leads_to_its_regencies(empty) -> None:
    browser = arrive(empty)
    assert len(browser.get("/mulai/wilayah").soup.select(".chips a")) == 38
    page = browser.get("/mulai/wilayah?provinsi=92")
    assert "Kabupaten Manokwari Selatan" in page.text
    assert "Tidak ada kabupaten/kota" in browser.get("/mulai/wilayah?cari=atlantis").text
    browser.get("/mulai/wilayah?provinsi=xx", status=404)


def test_nobody_passes_without_the_code(empty) -> None:
    stranger = Browser(empty)
    page = stranger.post("/mulai", {"code": "AAAA-BBBB-CCCC"}, page="/mulai", status=422)
    assert "belum cocok" in page.text
    for path in ("/mulai/wilayah", "/mulai/92.02"):
        assert stranger.get(path, status=303).location == "/mulai"
    answer = stranger.post("/mulai/92.02", {**ANSWERS, "csrf_token": _token(stranger)})
    assert answer.location == "/mulai"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def _token(browser: Browser) -> str:
    return str(browser.form("/mulai", "/mulai")["csrf_token"])


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"new_password": "pendek", "repeated_password": "pendek"}, "12 sampai 128"),
        ({"repeated_password": "lain sama sekali"}, "belum sama"),
        ({"username": "Nama Saya"}, "Pakai huruf kecil"),
        ({"address": "a\nb\nc\nd"}, "Paling banyak tiga baris"),
        ({"zone": "Asia/Tokyo"}, "Pilih"),
        ({"district_label": "Kawasan"}, "Pilih"),
        ({"name": ""}, "perlu diisi"),
        ({"office_kind": "health_agency"}, "Tulis nama Dinas Kesehatan itu, juga pada kopnya."),
    ],
)
def test_bad_input_is_named_beside_its_field_and_changes_nothing(empty, over, sentence) -> None:
    browser = arrive(empty)
    page = browser.post("/mulai/92.02", {**ANSWERS, **over}, page="/mulai/92.02", status=422)
    assert sentence in page.text
    assert "kuda meja biru lari" not in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Office)) == 0


@pytest.mark.parametrize("code", ["92", "92.02.05", "99.99"])
def test_only_a_regency_can_be_set_up(empty, code: str) -> None:
    arrive(empty).get(f"/mulai/{code}", status=404)

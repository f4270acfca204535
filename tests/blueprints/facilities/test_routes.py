"""The roll-out on the screen: one page of counts, its lists, a facility, and who may change it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ilp.core.clock import today
from ilp.models.facilities import FacilityKind, FacilityStatus
from tests.factories.facilities import facility, make_posyandu
from tests.support.browser import Browser, visible_text
from tests.support.queries import counted

AsUser = Callable[[str], Browser]
PRONOJIWO = "35.08.02"


def test_every_figure_opens_as_many_rows_as_it_says(as_user: AsUser) -> None:
    dinkes = as_user("dinkes.lumajang")
    page = dinkes.get("/capaian/").soup
    links = {
        link["href"]: int(re.sub(r"\D", "", link.text))
        for link in page.select(".ladder a, .rollout td:last-child a")
    }
    links |= {
        link["href"]: int(link.find_parent("li").find("b").text) for link in page.select(".minis .mini a")
    }
    (others,) = page.find_all("a", string=re.compile("34 Posyandu lain"))
    links[others["href"]] = 34
    assert len(links) >= 18
    for address, number in links.items():
        heading = dinkes.get(address).soup.h1.text
        assert heading.split()[0] == str(number), address


def test_the_page_says_what_was_reported(as_user: AsUser) -> None:
    text = visible_text(as_user("dinkes.lumajang").get("/capaian/"))
    for words in (
        "12 Puskesmas",
        "15 Pustu",
        "34 Posyandu lain",
        "seluruh Puskesmas menerapkan ILP pada 2025",
    ):
        assert words in text
    assert "anjuran Kementerian Kesehatan" in text


def test_the_drawing_can_be_read_without_seeing_it(as_user: AsUser) -> None:
    page = as_user("setda.malang").get("/capaian/").soup
    plot = page.find("svg", class_="plot")
    assert plot.title.text == "Puskesmas yang menerapkan ILP"
    assert "9 Puskesmas" in plot.desc.text
    assert len(page.select("details table tbody tr")) == 9


@pytest.mark.parametrize("username", ["setda.malang", "setda.blitar", "pokjanal.gunungmas", "mitra.blitar"])
def test_others_find_nothing_of_lumajang(as_user: AsUser, username: str) -> None:
    browser, key = as_user(username), facility(PRONOJIWO).id
    for address in (
        "/capaian/?wilayah=35.08",
        "/capaian/daftar?wilayah=35.08",
        "/capaian/daftar?wilayah=35.08.02",
        f"/capaian/{key}",
    ):
        browser.get(address, status=404)
    browser.post(f"/capaian/{key}/keadaan", {"standing": "running"}, status=404)
    browser.get(f"/capaian/{key}/fokus", status=404)
    assert "Pronojiwo" not in browser.get("/capaian/").text


def test_an_auditor_chooses_a_regency_of_his_province(as_user: AsUser) -> None:
    auditor = as_user("auditor.jatim")
    names = [option.text for option in auditor.get("/capaian/").soup.select("#wilayah option")]
    assert names == ["Kabupaten Blitar", "Kabupaten Malang", "Kabupaten Lumajang"]
    auditor.get("/capaian/?wilayah=35.08")
    for outside in ("62.10", "35.09", "35", "x", "35.08'--"):
        auditor.get(f"/capaian/?wilayah={outside}", status=404)


@pytest.mark.parametrize(
    "query",
    ["", "wilayah=35", "wilayah=35.08&jenis=rsud", "wilayah=35.08&keadaan=siap", "wilayah=35.08&fokus=2"],
)
def test_a_list_without_sense_leads_nowhere(as_user: AsUser, query: str) -> None:
    as_user("dinkes.lumajang").get(f"/capaian/daftar?{query}", status=404)


def test_the_dinas_records_a_status_and_the_count_moves(as_user: AsUser) -> None:
    dinkes, one = as_user("dinkes.lumajang"), facility(PRONOJIWO)
    page, action = f"/capaian/{one.id}", f"/capaian/{one.id}/keadaan"
    sent = dinkes.form(page, action) | {"standing": "running", "on": "2024-12-02", "note": "Semua klaster"}
    dinkes.post(action, sent)
    dinkes.post(action, sent)
    text = visible_text(dinkes.get(page))
    assert text.count("Semua klaster") == 1
    assert "Senin, 2 Desember 2024" in text
    assert "1 Puskesmas" in visible_text(dinkes.get("/capaian/"))
    refused = dinkes.post(action, {"standing": "none", "on": str(today()), "note": ""}, page=page, status=422)
    assert "Tulis alasannya" in refused.text
    assert facility(PRONOJIWO).status is FacilityStatus.RUNNING


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"standing": "siap"}, "Pilih"),
        ({"on": ""}, "perlu diisi"),
        ({"on": "2024-02-30"}, "Bulan Februari berakhir tanggal 29."),
        ({"on": "2099-01-01"}, "belum tiba"),
        ({"note": "x" * 501}, "paling banyak 500"),
        ({"note": "a\x00b"}, "tidak dapat dibaca"),
        ({"standing": "in_progress"}, "Keadaannya sudah proses"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    as_user: AsUser, typed: dict[str, str], words: str
) -> None:
    dinkes, one = as_user("dinkes.lumajang"), facility(PRONOJIWO)
    given = {"standing": "running", "on": "2024-12-02", "note": "", **typed}
    page = dinkes.post(f"/capaian/{one.id}/keadaan", given, page=f"/capaian/{one.id}", status=422)
    assert words in visible_text(page)
    assert facility(PRONOJIWO).status is FacilityStatus.IN_PROGRESS


def test_the_mark_is_taken_and_given_again(as_user: AsUser) -> None:
    dinkes, key = as_user("dinkes.lumajang"), facility(PRONOJIWO).id
    take, give = f"/capaian/{key}/fokus/cabut", f"/capaian/{key}/fokus"
    refused = dinkes.post(give, {"on": str(today())}, page=give, status=422)
    assert "Sudah ditandai fokus" in refused.text
    dinkes.post(take, {"on": str(today()), "note": "Tahap kedua"}, page=take)
    assert facility(PRONOJIWO).focus_on is None
    dinkes.post(give, {"on": "2025-01-06"}, page=give)
    assert "Fokus sejak 06/01/2025" in visible_text(dinkes.get(f"/capaian/{key}"))


@pytest.mark.parametrize(
    "username", ["setda.malang", "pimpinan.malang", "camat.kepanjen", "puskesmas.kepanjen"]
)
def test_only_the_dinas_changes_a_status(as_user: AsUser, username: str) -> None:
    browser, key = as_user(username), facility("35.07.13").id
    assert "Perbarui keadaan" not in browser.get(f"/capaian/{key}").text
    browser.post(f"/capaian/{key}/keadaan", {"standing": "none"}, status=403)
    browser.get(f"/capaian/{key}/fokus", status=403)
    browser.get(f"/capaian/{key}/fokus/cabut", status=403)


def test_the_administrator_sees_no_contents(as_user: AsUser) -> None:
    as_user("admin").get("/capaian/", status=403)


@pytest.mark.parametrize("more", [1, 30, 185, 1000])
def test_pages_cost_the_same_whatever_the_number(as_user: AsUser, more: int) -> None:
    make_posyandu(more)
    dinkes, key = as_user("dinkes.lumajang"), facility(PRONOJIWO, FacilityKind.PUSKESMAS).id
    costs = {}
    for address in ("/capaian/", "/capaian/daftar?wilayah=35.08", f"/capaian/{key}"):
        with counted() as statements:
            dinkes.get(address)
        costs[address] = len(statements)
    assert list(costs.values()) == [7, 4, 6]

"""The register of places: public reference for whoever is logged in."""

from __future__ import annotations

import pytest

from ilp.core.db import db, transaction
from ilp.models.wilayah import RegencySetting
from tests.support.browser import visible_text
from tests.support.queries import counted


def test_the_tree_leads_from_province_to_desa(as_user):
    browser = as_user("lurah.tampang")
    assert 'href="/wilayah/35"' in browser.get("/wilayah/").text
    page = browser.get("/wilayah/35.07")
    assert "Kabupaten Malang" in visible_text(page)
    assert len(page.soup.select("tbody tr")) == 33
    village = browser.get("/wilayah/62.10.02.1012")
    assert "Disebut juga Kuala Kurun" in visible_text(village)
    assert [crumb.text for crumb in village.soup.select(".crumbs a")] == [
        "Indonesia",
        "Provinsi Kalimantan Tengah",
        "Kabupaten Gunung Mas",
        "Kecamatan Kurun",
        "Kelurahan Kurun",
    ]


def test_names_are_public_but_offices_are_counted_in_scope(as_user):
    assert "kantor di direktori" in visible_text(as_user("setda.malang").get("/wilayah/35.07.13"))
    page = as_user("setda.malang").get("/wilayah/35.05")
    assert "Kabupaten Blitar" in visible_text(page)
    assert "kantor di direktori" not in visible_text(page)


@pytest.mark.parametrize("path", ["/wilayah/99", "/wilayah/35.07.99", "/wilayah/35.7", "/wilayah/35.07.13.1"])
def test_no_such_place(as_user, path):
    as_user("setda.malang").get(path, status=404)


def test_a_visitor_is_sent_to_the_login(visitor):
    assert visitor.get("/wilayah/", status=303).location.startswith("/masuk")


def test_the_picker_shows_one_level_more(as_user):
    browser = as_user("admin")
    levels = [
        (select["name"], len(select.select("option")) - 1)
        for select in browser.get("/wilayah/_pilihan?provinsi=35&kabupaten=35.07", htmx=True).soup.select(
            "select"
        )
    ]
    assert levels == [("provinsi", 38), ("kabupaten", 38), ("kecamatan", 33)]
    within = browser.get("/wilayah/_pilihan?induk=35.07&kecamatan=35.07.13", htmx=True).soup
    assert [select["name"] for select in within.select("select")] == ["kecamatan", "desa"]
    assert within.select_one("option[selected]")["value"] == "35.07.13"


def test_the_picker_forgets_what_no_longer_fits(as_user):
    soup = as_user("admin").get("/wilayah/_pilihan?provinsi=13&kabupaten=35.07&kecamatan=x", htmx=True).soup
    assert [select["name"] for select in soup.select("select")] == ["provinsi", "kabupaten"]


@pytest.mark.parametrize("root", ["x", "35.7", "'"])
def test_the_picker_refuses_a_root_that_is_no_code(as_user, root):
    as_user("admin").get(f"/wilayah/_pilihan?induk={root}", status=404, htmx=True)


@pytest.mark.parametrize("path", ["/wilayah/", "/wilayah/13.75", "/wilayah/35.07", "/wilayah/62.10.02.1012"])
def test_few_statements(as_user, path):
    browser = as_user("setda.malang")
    with counted() as statements:
        browser.get(path)
    assert len(statements) <= 5


def test_places_are_called_as_in_their_own_regency(as_user):
    with transaction():
        db.session.get_one(RegencySetting, "62.10").district_label = "Distrik"
        db.session.get_one(RegencySetting, "62.10").village_label = "Kampung"
    for username in ("lurah.tampang", "setda.malang"):
        page = as_user(username).get("/wilayah/62.10.02.1012")
        assert "Distrik Kurun" in [crumb.text for crumb in page.soup.select(".crumbs a")]
        assert "Distrik Kurun" in visible_text(as_user(username).get("/wilayah/62.10.02"))
        assert "Distrik" in as_user(username).get("/wilayah/62.10").soup.select_one("section h2").text
        assert "Kecamatan Kepanjen" in visible_text(as_user(username).get("/wilayah/35.07.13"))

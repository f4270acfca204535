from __future__ import annotations

import pytest

from tests.support.queries import counted


def test_the_box_stands_in_the_header_and_leads_to_grouped_results(as_user):
    browser = as_user("setda.malang")
    box = browser.get("/rapat/").soup.select_one("header form[role=search] input[name=cari]")
    assert box["data-shortcut"] == "/"
    page = browser.get("/cari/?cari=kepanjen")
    heads = [head.text.split()[0] for head in page.soup.select("main section h2")]
    assert {"Kantor", "Wilayah"} <= set(heads)
    for link in page.soup.select("main section h3 a"):
        browser.get(link["href"].partition("#")[0])


def test_the_box_of_the_page_has_the_focus_so_that_the_arrows_lead_on(as_user):
    for asked in ("", "?cari=kepanjen"):
        page = as_user("setda.malang").get(f"/cari/{asked}")
        assert [box["name"] for box in page.soup.select("[autofocus]")] == ["cari"]


def pages(browser, address):
    """All pages of a list, one after another."""
    text = ""
    while address:
        page = browser.get(address)
        further = page.soup.find("a", rel="next")
        text, address = text + page.text, further["href"] if further else None
    return text


def test_what_leads_on_finds_there_what_is_shown_here(as_user):
    browser = as_user("setda.malang")
    for typed in ("kepanjen", "contoh", "kepala", "puskesmas kepanjen", "desa"):
        page = browser.get(f"/cari/?cari={typed}")
        for panel in page.soup.select("main section.panel"):
            link = panel.select_one("header a")
            if link is not None:
                listed = pages(browser, link["href"])
                for hit in panel.select("h3 a"):
                    assert hit["href"] in listed, (typed, hit.text)
    page = browser.get("/cari/?cari=kepanjen")
    links = {link["href"] for link in page.soup.select("main section.panel header a")}
    assert links == {"/direktori/?cari=kepanjen"}, "people are found by their offices, and listed by name"
    people = browser.get("/cari/?cari=contoh").soup.select_one("a[href='/direktori/orang/?cari=contoh']")
    assert people is not None


def test_a_misspelt_word_says_what_it_was_taken_for(as_user):
    page = as_user("setda.malang").get("/cari/?cari=kepanxen")
    assert "“kepanxen” dicari juga sebagai kepanjen" in page.text


@pytest.mark.parametrize("typed", ["", "%00", "%22%27", "%25", "*", "()%3A-%26%7C!%5C", "😀"])
def test_nothing_to_look_for_asks_for_words(as_user, typed):
    page = as_user("camat.kepanjen").get(f"/cari/?cari={typed}")
    assert page.soup.select_one("main section").text.split()[:3] == ["Ketik", "yang", "dicari"]


@pytest.mark.parametrize("typed", ["zzzzzzzzz", "a" * 200, "q%00q%25*%22", "1e5", "zz " * 60, "²½", "%FF"])
def test_nothing_found_is_said_honestly(as_user, typed):
    page = as_user("camat.kepanjen").get(f"/cari/?cari={typed}")
    assert "Tidak ada yang cocok" in page.soup.select_one("main section").text


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("kepanjen " + "a" * 111, False),
        ("kepanjen " + "a" * 112, True),
        ("kepanjen" + " kec" * 500, True),
        ("kepanjen satu dua tiga empat lima enam tujuh", False),
        ("kepanjen satu dua tiga empat lima enam tujuh delapan", True),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_too_long_to_be_looked_for_whole_is_said_beside_the_field(as_user, typed, cut, htmx):
    page = as_user("setda.malang").get(f"/cari/?cari={typed}", htmx=htmx)
    told = [line.text for line in page.soup.select("#found > [role=status]")]
    sentence = "Terlalu panjang: yang dicari hanya 8 kata pertama, paling banyak 120 huruf."
    assert (sentence in told) is cut
    assert {field["maxlength"] for field in page.soup.select("input[name=cari]")} <= {"1000"}, "told, not cut"


@pytest.mark.parametrize("typed", ["k", "k%00", "%25k*", "yang", "dan"])
def test_a_letter_and_a_small_word_are_looked_for(as_user, typed):
    as_user("setda.malang").get(f"/cari/?cari={typed}").soup.select_one("main section")


def test_only_the_block_for_htmx_and_few_statements(as_user):
    browser = as_user("setda.malang")
    assert "<html" not in browser.get("/cari/?cari=kepanjen", htmx=True).text
    with counted() as statements:
        browser.get("/cari/?cari=kepanxen+rapat")
    assert len(statements) <= 8


def test_an_administrator_finds_offices_and_people_but_no_contents(as_user):
    page = as_user("admin").get("/cari/?cari=malang")
    heads = {head.text.split()[0] for head in page.soup.select("main section h2")}
    assert "Kantor" in heads
    assert not heads & {"Rapat", "Tugas", "Komitmen", "Dokumen", "Keputusan"}


def test_a_visitor_is_asked_to_log_in(visitor):
    visitor.get("/cari/", status=303)

"""The report on the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.directory import Office
from tests.factories.tasks import due, make_task
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named
from tests.support.queries import counted

AsUser = Callable[[str], Browser]


def figure(browser: Browser, address: str, name: str) -> int:
    """What the strip of figures says."""
    page = browser.get(address).soup
    (found,) = [link for link in page.select(".figures a") if link.find_all("span")[-1].text == name]
    return int(found.b.text)


def test_late_tasks_by_kecamatan_open_their_rows(as_user: AsUser) -> None:
    setda, address = as_user("setda.malang"), f"/laporan/?tahun={due(-1).year}"
    before = figure(setda, address, "Tugas terlambat")
    make_task(user_named("setda.malang"), due_on=due(-1), title="Laporkan jadwal Posyandu")
    assert figure(setda, address, "Tugas terlambat") == before + 33
    page = setda.get(address).soup
    (kepanjen,) = [row for row in page.select(".rollout tbody tr") if row.td.text == "Kepanjen"]
    link = kepanjen.find("a", class_="late-text")
    rows = setda.get(link["href"]).soup.select("tbody tr")
    assert len(rows) == int(link.text)
    assert [row for row in rows if "Laporkan jadwal Posyandu" in row.text]


def test_every_figure_leads_to_a_page(as_user: AsUser) -> None:
    make_task(user_named("setda.malang"), due_on=due(0))
    setda = as_user("setda.malang")
    links = setda.get("/laporan/").soup.select("main .figures a, main .minis a, main .panel header a")
    assert len(links) >= 10
    for link in links:
        setda.get(link["href"])


@pytest.mark.parametrize(
    "query",
    ["tahun=1999", "tahun=dua", "triwulan=5", "wilayah=35.05", "wilayah=35"],
)
def test_a_period_or_place_that_is_none_leads_nowhere(as_user: AsUser, query: str) -> None:
    as_user("setda.malang").get(f"/laporan/?{query}", status=404)


@pytest.mark.parametrize(
    "query",
    [
        "wilayah=35.07",
        "bagian=semua&wilayah=35.07",
        "bagian=tugas&wilayah=35.08",
        "bagian=tugas&wilayah=35.07&keadaan=x",
        "bagian=rapat&wilayah=35.07&setelah=kemarin",
    ],
)
def test_a_list_without_sense_leads_nowhere(as_user: AsUser, query: str) -> None:
    as_user("setda.malang").get(f"/laporan/daftar?{query}", status=404)


def test_a_partner_reports_on_its_own_part_only(as_user: AsUser) -> None:
    partner = as_user("mitra.blitar")
    text = visible_text(partner.get("/laporan/"))
    assert "Laporan Kabupaten Blitar" in text
    assert "Hanya yang termasuk wilayah atau bagian" in text
    before = figure(partner, "/laporan/", "Tugas jatuh tempo")
    make_task(user_named("setda.blitar"), due_on=due(0))
    assert figure(partner, "/laporan/", "Tugas jatuh tempo") == before


def test_an_auditor_reads_each_regency_of_his_province(as_user: AsUser) -> None:
    auditor, addresses = as_user("auditor.jatim"), ("/laporan/?wilayah=35.05", "/laporan/?wilayah=35.08")
    before = [figure(auditor, address, "Tugas jatuh tempo") for address in addresses]
    make_task(user_named("setda.blitar"), due_on=due(0))
    after = [figure(auditor, address, "Tugas jatuh tempo") for address in addresses]
    assert after == [before[0] + 22, before[1]]


@pytest.mark.parametrize("count", [1, 30, 185, 1000])
def test_the_report_costs_the_same_whatever_the_number(as_user: AsUser, count: int) -> None:
    places = db.session.scalars(
        sa.select(Office.id).where(Office.wilayah_code.startswith("35.07.")).limit(200)
    )
    offices, actor = places.all(), user_named("setda.malang")
    for start in range(0, count, len(offices)):
        make_task(actor, offices[: count - start], due_on=due(0))
    setda = as_user("setda.malang")
    costs = []
    for address in ("/laporan/", "/laporan/daftar?bagian=tugas&wilayah=35.07"):
        with counted() as statements:
            setda.get(address)
        costs.append(len(statements))
    assert costs == [6, 3]

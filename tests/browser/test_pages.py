"""Every main page, wide and narrow, light and dark: no barrier, no complaint, no sideways scrolling."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from ilp.core.config import ROOT
from ilp.core.db import db
from ilp.models.commitments import Commitment
from ilp.models.documents import Document, DocumentKind
from ilp.models.facilities import Facility
from ilp.models.meetings import Meeting, MeetingStatus
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from tests.support.chromium import DESKTOP, PHONE, Visit
from tests.support.databases import Database

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
# A new width is laid out with the next frame, and only then do its transitions begin.
CHECK = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  await Promise.allSettled(document.getAnimations().map((change) => change.finished));
  return (await axe.run(document, {resultTypes: ["violations"]})).violations;
}"""


PAGES = {
    None: "/masuk /lupa-sandi /v/ /v/{code} /v/ZZZZ-ZZZZ-ZZZZ",
    "setda.malang": """
        / /rapat/ /rapat/baru /rapat/{approved} /rapat/{planned}/agenda /rapat/{planned}/undangan
        /rapat/{planned}/undangan/surat /rapat/{planned}/tunda /rapat/{planned}/kehadiran
        /rapat/{approved}/kehadiran/daftar /rapat/{approved}/berkas /rapat/{approved}/jejak
        /tugas/ /tugas/{task} /tugas/baru /tugas/matriks /tugas/matriks?jenjang=desa
        /tugas/rincian/{submitted} /komitmen/baru
        /capaian/ /direktori/ /laporan/ /dokumen/ /dokumen/{document} /notifikasi/ /akun/saya /akun/sandi
        /akun/perangkat /wilayah/35.07 /rapat/0
    """,
    "camat.kepanjen": "/ /tugas/rincian/{own} /rapat/ /tugas/",
    "pokjanal.gunungmas": "/pokjanal/ /pokjanal/{body} /pokjanal/{body}/tugas/baru /komitmen/{commitment}",
    "dinkes.lumajang": "/capaian/ /capaian/{facility}",
    "auditor.jatim": "/jejak/ /jejak/?perbuatan=document:issue",
    "admin": "/akun/ /akun/baru /gaya/",
}
EVERY_PAGE = [(username, path) for username, paths in PAGES.items() for path in paths.split()]


@pytest.fixture(scope="session")
def names(events: Database) -> dict[str, Any]:
    """What the addresses above speak of, looked up in the demo."""
    kepanjen = sa.and_(Assignment.district_code == "35.07.13", Assignment.parent_id.is_(None))
    wanted = {
        "approved": sa.select(Meeting.id).where(Meeting.title.startswith("Kick Off Integrasi Pelayanan")),
        "planned": sa.select(Meeting.id).where(
            Meeting.regency_code == "35.07", Meeting.status == MeetingStatus.INVITED
        ),
        "task": sa.select(Task.id).where(Task.regency_code == "35.07", Task.meeting_id.is_not(None)),
        "submitted": sa.select(Assignment.id).where(
            Assignment.regency_code == "35.07", Assignment.status == AssignmentStatus.SUBMITTED
        ),
        "own": sa.select(Assignment.id).where(kepanjen, Assignment.status != AssignmentStatus.ACCEPTED),
        "document": sa.select(Document.id).where(Document.regency_code == "35.07"),
        "code": sa.select(Document.code).where(Document.kind == DocumentKind.MINUTES),
        "commitment": sa.select(Commitment.id),
        "body": sa.select(CoordinationBody.id).where(CoordinationBody.wilayah_code == "62.10"),
        "facility": sa.select(Facility.id).where(Facility.regency_code == "35.08"),
    }
    app = events.app()
    with app.app_context():
        found = {name: db.session.scalars(one.limit(1)).one() for name, one in wanted.items()}
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize(("username", "path"), EVERY_PAGE)
def test_page_has_no_barrier(visit: Visit, names: dict[str, Any], username: str | None, path: str) -> None:
    page = visit(username)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(path.format(**names))
        page.evaluate(AXE)
        for width in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{width} px, {scheme}: {fault}" for fault in faults(page)]
    assert not found, "\n".join(found)


CELLS = """() => [...document.querySelectorAll(".table.fold td[data-label]")].map((cell) => {
  const lefts = [...cell.children].map((child) => child.getBoundingClientRect().left);
  return [cell.dataset.label, new Set(lefts).size, getComputedStyle(cell).display];
})"""


def test_two_holders_stand_beside_their_label_and_each_number_in_one_piece(visit: Visit) -> None:
    page = visit("admin")
    page.goto("/direktori/?cari=Kecamatan+Kanigoro")
    page.get_by_role("link", name="Kecamatan Kanigoro", exact=True).click()
    page.get_by_role("link", name="Camat Kanigoro").click()
    page.get_by_label("Kedudukan").select_option("plh")
    page.get_by_label("Nama tanpa gelar").fill("Lintang Rekaan Bernama Panjang")
    page.get_by_label("Nomor HP").fill("0813-1111-2222")
    page.get_by_role("button", name="Simpan pejabat").click()
    expect(page.locator("td[data-label=Pejabat] > div")).to_have_count(2)
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        pieces = page.locator("a[href^='tel:']").evaluate_all(
            "all => all.map((number) => number.getClientRects().length)"
        )
        assert pieces == [1, 1]
    for label, columns, display in page.evaluate(CELLS):
        assert display == "grid"
        assert columns <= 1, f"{label}: one beside its label, the other under it"


def test_a_sentence_below_a_heading_is_one_column(visit: Visit) -> None:
    page = visit("admin", PHONE)
    page.goto("/direktori/orang/ganda")
    sentence = page.locator(".page-head .meta > span > *")
    assert sentence.count() == 1
    assert "dr. bukan Dr." in sentence.inner_text()


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    found = [
        f"{rule['id']}: {node['html'][:160]}" for rule in page.evaluate(CHECK) for node in rule["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


STRAY = """() => {
  const heads = [...document.querySelectorAll(".matrix thead th")];
  const box = (cell) => cell.getBoundingClientRect();
  return [...document.querySelectorAll(".matrix td[data-s]")].filter((cell) => {
    const head = box(heads[cell.cellIndex]), middle = box(cell).left + box(cell).width / 2;
    return middle < head.left || middle > head.right;
  }).length;
}"""


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_cell_of_the_matrix_has_its_head_above_it_for_all_senses(visit: Visit, width: int) -> None:
    page = visit("setda.malang", width)
    page.goto("/tugas/matriks?buka=35.07.13")
    expect(page.locator("tr.village td.na").first).to_be_attached()
    assert page.evaluate(STRAY) == 0
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heads = [node["role"]["value"] for node in tree if not node["ignored"]].count("columnheader")
    assert heads == page.locator(".matrix thead th").count() > 2


@pytest.mark.parametrize("width", [DESKTOP, 900, PHONE])
def test_a_long_word_in_a_title_stays_in_its_column_of_the_matrix(visit: Visit, width: int) -> None:
    page = visit("setda.malang", width)
    page.goto("/tugas/matriks")
    page.locator(".tasks summary").click()
    titles = page.locator(".names a, .matrix thead a span")
    titles.evaluate_all("all => all.forEach((one) => one.textContent = 'Mempertanggungjawabkan'.repeat(6))")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    within = "all => all.every((one) => one.scrollWidth <= one.clientWidth)"
    assert page.locator(".names, .matrix thead th:nth-child(n+3)").evaluate_all(within)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(
    "path", ["/", "/rapat/", "/rapat/{approved}", "/tugas/?tampil=semua", "/notifikasi/"]
)
def test_a_long_word_widens_no_page(visit: Visit, names: dict[str, Any], path: str, width: int) -> None:
    """As the address of a meeting's video that somebody gives for its place."""
    page = visit("setda.malang", width)
    page.goto(path.format(**names))
    texts = page.locator("main :is(h1, h2, p, p span, li a, td:first-child a):not(:has(*))")
    texts.evaluate_all("all => all.forEach((one) => one.textContent += 'Mempertanggungjawabkan'.repeat(6))")
    assert page.evaluate("document.documentElement.scrollWidth") == width

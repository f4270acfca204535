from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.audit import AuditEntry
from ilp.models.directory import Position
from ilp.models.imports import ImportKind, ImportRun, ImportState
from ilp.models.jobs import Job, JobState
from ilp.models.privacy import SeenPage, ViewLog
from ilp.services.files import read_sheet
from ilp.services.importers import IMPORTERS
from tests.adapters.test_sheets import far_apart, large, repacked, with_password
from tests.factories.directory import head_of, holder_of
from tests.support.browser import visible_text
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.queries import counted
from tests.support.sheets import made, opened

HEAD = ["Kantor", "Jabatan", "Nama", "TMT", "Hobi"]
GOOD = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1 Maret 2025", "catur"]
BAD = ["Kecamatan Kepanjeng", "Staf Contoh", "=1+1", "31/02/2025", ""]


@pytest.fixture
def admin(as_user):
    return as_user("admin")


def send(browser, data, *, kind="pejabat", name="pejabat.xlsx", place="35.07", status=303):
    return browser.post(
        f"/impor/{kind}",
        {"place": place, "file": (io.BytesIO(data), name)},
        page=f"/impor/{kind}",
        status=status,
        content_type="multipart/form-data",
    )


def handed_in(browser, *rows):
    address = send(browser, made([HEAD, *rows])).location.partition("?")[0]
    run_jobs()
    return address


def test_a_file_is_looked_at_applied_and_what_is_wrong_comes_back(admin):
    address = send(admin, made([HEAD, GOOD, BAD])).location.partition("?")[0]
    assert "Memeriksa berkas 0 dari 2" in visible_text(admin.get(address))
    run_jobs()
    page = admin.get(address)
    assert "1 baris siap diterapkan" in page.text
    assert "Mungkin maksudnya “Kecamatan Kepanjen”" in page.text
    assert "Tanggal 31/02/2025 tidak ada." in page.text
    assert "Salah Kantor, Nama, Mulai menjabat" in visible_text(page), "the cells may be out of sight"
    assert "Kolom yang tidak dikenal dan tidak dibaca: Hobi" in page.text
    assert "Contoh Baru" not in admin.get(f"{address}?putusan=fault").text
    admin.post(f"{address}/terapkan", page=address)
    run_jobs()
    assert "1 baris diterapkan" in admin.get(address).text
    assert db.session.scalar(sa.select(sa.exists().where(Position.title == "Staf Contoh")))
    back = opened(admin.get(f"{address}/ditolak.xlsx").data)
    assert back.rows[0]["Nama *"] == "=1+1"
    assert back.rows[0]["Baris"] == 3
    assert "Tanggal 31/02/2025 tidak ada." in back.rows[0]["Yang perlu dibetulkan"]
    assert not [cell for cell in back.cells if cell.data_type == "f"]
    again = send(admin, admin.get(f"{address}/ditolak.xlsx").data).location.partition("?")[0]
    run_jobs()
    assert "tidak dikenal" not in admin.get(again).text, "its two columns are our own"


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "lama.xls", "masih Excel lama"),
        (with_password(), "kunci.xlsx", "terkunci kata sandi"),
        (b"Kantor;Nama\n", "csv.xlsx", "bukan berkas Excel"),
        (b"", "kosong.xlsx", "bukan berkas Excel"),
        (made([["a"]])[:400], "potong.xlsx", "rusak"),
        (repacked(made([["a"]]), sheet1=far_apart("XFD1048576")), "bom.xlsx", "lebih dari 5.000 baris"),
        (large(), "besar.xlsx", "terlalu besar bila dibuka"),
        (made([["Satu", "Dua"], [1, 2]]), "lain.xlsx", "Kolom Kantor, Jabatan, Nama tidak ditemukan"),
        (made([HEAD]), "tanpa.xlsx", "belum ada baris yang terisi"),
        (made([HEAD, *([GOOD] * 5001)]), "panjang.xlsx", "5.001 baris; paling banyak 5.000"),
    ],
    ids=[
        "xls",
        "password",
        "csv",
        "empty",
        "cut",
        "bomb",
        "inflates",
        "other",
        "no rows",
        "many",
    ],
)
def test_a_bad_file_gets_a_sentence_and_changes_nothing(admin, data, name, told):
    answer = send(admin, data, name=name, status=422)
    assert told in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportRun)) == 0
    assert admin.get("/impor/pejabat").status_code == 200


def test_a_file_over_five_megabytes_is_not_opened():
    with pytest.raises(RuleViolation, match="lebih dari 5 MB"):
        read_sheet("6mb.xlsx", b"PK" + bytes(6 * 1024 * 1024))


def test_the_template_holds_what_may_be_chosen_and_its_contents_come_back_the_same(admin):
    empty = opened(admin.get("/impor/pejabat/templat.xlsx?wilayah=35.07").data)
    assert empty.headings[:2] == ["Kantor *", "Kecamatan"]
    assert empty.rows == []
    filled = taken_out(admin, "akun", status=200).data
    assert "camat.kepanjen" in {row["Nama pengguna *"] for row in opened(filled).rows}
    address = send(admin, filled, kind="akun").location.partition("?")[0]
    run_jobs()
    assert "Tidak ada baris" in admin.get(f"{address}?putusan=changed").text
    assert "0 baris siap diterapkan" in admin.get(address).text


def taken_out(browser, kind, place="35.07", **kw):
    return browser.post(f"/impor/{kind}/isi.xlsx", {"wilayah": place}, page=f"/impor/{kind}", **kw)


def test_a_filled_template_is_in_the_trail_and_among_what_was_looked_at(admin):
    taken_out(admin, "pejabat", status=200).close()
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain, entry.changes) == ("import:take_out", "35.07", {"kind": "pejabat"})
    assert looks() == [(SeenPage.TEMPLATE, entry.subject_id)]
    taken_out(admin, "akun", status=200).close()
    assert len(looks()) == 1, "numbers of telephones are not in it"
    taken_out(admin, "pejabat", place="35.99", status=404)
    person = holder_of(head_of("Kecamatan Kepanjen"), today()).id
    assert "Templat impor berisi pejabat" in admin.get(f"/data-pribadi/orang/{person}").text


def test_who_looks_at_a_file_of_officials_is_noted(admin):
    address = handed_in(admin, GOOD, BAD)
    key = int(address.rpartition("/")[2])
    for path in (address, f"{address}/ditolak.xlsx"):
        admin.get(path).close()
    assert looks() == [(SeenPage.IMPORT, key)]
    person = holder_of(head_of("Kecamatan Kepanjen"), today()).id
    assert "pejabat.xlsx" in admin.get(f"/data-pribadi/orang/{person}").text


def looks():
    return [tuple(row) for row in db.session.execute(sa.select(ViewLog.page, ViewLog.record_id))]


def test_whoever_administers_several_regencies_chooses_one(admin):
    answer = send(admin, made([HEAD, GOOD]), place="", status=422)
    assert "Pilih salah satu dari daftar." in answer.text
    chosen = answer.soup.select_one("select[name=place] option[selected]")
    assert chosen is None or chosen["value"] == ""


def test_what_stopped_for_a_moment_is_said_to_be_tried_again(admin):
    address = send(admin, made([HEAD, GOOD])).location.partition("?")[0]
    with transaction():
        db.session.execute(sa.update(Job).values(attempts=1, error="Terhenti."))
    page = admin.get(address)
    assert "Sempat terhenti, sebentar lagi dicoba lagi." in page.text
    assert page.soup.select("#run[hx-get]")


@pytest.mark.parametrize("deed", ["ulangi", "buang"])
def test_a_file_whose_work_was_given_up_is_taken_up_again_or_put_away(admin, deed):
    address = send(admin, made([HEAD, GOOD])).location.partition("?")[0]
    for refused in ("ulangi", "buang"):
        admin.post(f"{address}/{refused}", status=422)
    with transaction():
        db.session.execute(sa.update(Job).values(state=JobState.FAILED, attempts=5, error="Terhenti."))
    page = admin.get(address)
    assert "Pemeriksaan terhenti, belum ada yang berubah. Terhenti." in visible_text(page)
    assert not page.soup.select("#run[hx-get]"), "nothing is awaited any more"
    admin.post(f"{address}/{deed}", page=address)
    run_jobs()
    state = db.session.scalars(sa.select(ImportRun.state)).one()
    assert state is (ImportState.READY if deed == "ulangi" else ImportState.DISCARDED)


def test_twice_the_same_button_applies_once_and_a_discarded_file_is_not_applied(admin):
    address = handed_in(admin, GOOD)
    form = admin.form(address, f"{address}/terapkan")
    for _ in range(2):
        admin.post(f"{address}/terapkan", form)
    run_jobs()
    assert db.session.scalar(sa.select(sa.func.count()).where(Position.title == "Staf Contoh")) == 1


def test_what_became_of_a_file_in_another_window_is_said_on_its_page(admin):
    address = handed_in(admin, GOOD)
    forms = {deed: admin.form(address, f"{address}/{deed}") for deed in ("terapkan", "buang")}
    admin.post(f"{address}/buang", page=address)
    for deed, told in (("terapkan", "tidak ada yang diterapkan"), ("buang", "jadi tidak dapat dibuang")):
        page = admin.post(f"{address}/{deed}", forms[deed], status=422)
        assert f"Berkas ini dibuang{'; ' if deed == 'terapkan' else ', '}{told}." in visible_text(page)
        assert page.soup.select_one("a[href='/impor/pejabat']"), "it leads on"
    assert "Berkas ini sudah dibuang." in visible_text(admin.get(address))

    address = handed_in(admin, GOOD)
    form = admin.form(address, f"{address}/buang")
    admin.post(f"{address}/terapkan", page=address)
    page = admin.post(f"{address}/buang", form, status=422)
    assert "Berkas ini diterapkan, jadi tidak dapat dibuang. Menerapkan baris" in visible_text(page)
    run_jobs()
    page = admin.post(f"{address}/buang", form, status=422)
    assert "Berkas ini sudah diterapkan, jadi tidak dapat dibuang." in visible_text(page)
    assert "1 baris diterapkan." in visible_text(page)
    assert db.session.scalar(sa.select(sa.func.count()).where(Position.title == "Staf Contoh")) == 1


def test_who_may_import_what(as_user):
    for name in ("setda.malang", "camat.kepanjen", "auditor.jatim", "mitra.blitar"):
        as_user(name).get("/impor/", status=403)
        as_user(name).get("/impor/pejabat/templat.xlsx?wilayah=35.07", status=403)
    health = as_user("dinkes.malang")
    assert "Fasilitas" in health.get("/impor/").text
    health.get("/impor/pejabat", status=403)
    health.get("/impor/fasilitas/templat.xlsx?wilayah=35.08", status=404)
    health.get("/impor/fasilitas")
    send(health, made([HEAD, GOOD]), kind="fasilitas", place="35.08", status=422)
    health.get("/impor/lain", status=404)


def test_a_file_is_its_owners_alone(admin, as_user):
    address = handed_in(admin, GOOD)
    for name in ("dinkes.malang",):
        for path in (address, f"{address}/ditolak.xlsx"):
            as_user(name).get(path, status=404)
        as_user(name).post(f"{address}/terapkan", status=404)
    as_user("setda.malang").get(address, status=404)


def test_the_preview_costs_the_same_for_one_row_and_for_two_hundred(admin):
    costs = set()
    for count in (1, 200):
        rows = [["Kecamatan Kepanjen", f"Staf {n}", f"Contoh {n}", "1/3/2025", ""] for n in range(count)]
        address = handed_in(admin, *rows)
        with counted() as statements:
            page = admin.get(address)
        costs.add(len(statements))
        assert len(page.soup.select("tbody tr")) == min(count, 50)
    assert len(costs) == 1
    assert costs.pop() <= 8


def test_every_area_declares_columns_that_a_template_can_show(app):
    for kind, area in IMPORTERS.items():
        assert area.kind is kind
        names = [column.key for column in area.columns]
        assert len(names) == len(set(names))
        importer = area(user_named("dinkes.malang" if kind is ImportKind.FACILITIES else "admin"), "35.07")
        for column in area.columns:
            if column.example:
                column.read(column.example)
            for offered in importer.allowed(column.key):
                column.read(offered)


PEOPLE = ["Kantor", "Jabatan", "Nama", "TMT", "NIP", "L / P"]


def told_of(admin, *rows):
    address = send(admin, made(list(rows))).location.partition("?")[0]
    run_jobs()
    return address, admin.get(address)


def test_a_rounded_nip_stays_a_fault_when_the_rejected_rows_come_back(admin):
    row = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1/3/2025", 198003152005011003, "L"]
    address, page = told_of(admin, PEOPLE, row)
    assert "0 baris siap diterapkan" in page.text
    for path in ("ditolak.xlsx", "baris.xlsx"):
        again = send(admin, admin.get(f"{address}/{path}").data).location.partition("?")[0]
        run_jobs()
        page = admin.get(again)
        assert "0 baris siap diterapkan" in page.text, path
        assert "Angka di sel ini sudah dibulatkan Excel. Ketik ulang sebagai teks." in page.text


def test_a_heading_that_stands_twice_is_not_called_unknown(admin):
    row = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1/3/2025", "", "X", "Contoh Lain"]
    _, page = told_of(admin, [*PEOPLE, "Nama"], row)
    assert "Kolom Nama ada dua kali; yang pertama dibaca." in page.text
    assert "tidak dikenal" not in page.text
    assert "Pilih salah satu: L, P" in page.text, "the heading with spaces around its slash is read"


def test_a_signature_below_the_table_is_passed_over_and_told(admin):
    row = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1/3/2025", "", "L"]
    beside = [""] * 5
    signature = [[*beside, "Manokwari, 26 November 2026"], [], [*beside, "Mengetahui"]]
    _, page = told_of(admin, PEOPLE, row, [], *signature)
    assert "1 baris siap diterapkan." in page.text
    assert (
        "Dilewati karena berdiri sendiri di bawah tabel: "
        "baris 4 “Manokwari, 26 November 2026”; baris 6 “Mengetahui”." in page.text
    )


def test_what_a_row_lacks_is_said_on_the_page_though_the_file_has_no_column_for_it(admin):
    _, page = told_of(admin, ["Kantor", "Jabatan", "Nama"], ["Kecamatan Kepanjen", "Staf Contoh", "Contoh"])
    assert "Salah Mulai menjabat" in visible_text(page)
    assert "(kosong) Mulai menjabat perlu diisi untuk pejabat baru." in visible_text(page)


def test_a_lone_text_right_below_the_table_or_within_it_stays_a_row(admin):
    row = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1/3/2025", "", "L"]
    alone = [*[""] * 5, "L"]
    _, page = told_of(admin, PEOPLE, row, [], alone, [row[0], "Staf Lain", *row[2:]], alone)
    assert "Dilewati" not in page.text
    assert "2 baris salah tidak ikut." in page.text


def test_from_a_second_window_a_file_that_is_applied_leads_back_to_itself(admin):
    address = handed_in(admin, GOOD)
    forms = [admin.form(address, f"{address}/terapkan") for _ in range(3)]
    assert len({form["kunci"] for form in forms}) == 3
    for form in forms[:2]:
        assert admin.post(f"{address}/terapkan", form).location == address, "and what is done is on the page"
    assert "Menerapkan baris 0 dari 1" in visible_text(admin.get(address))
    run_jobs()
    assert admin.post(f"{address}/terapkan", forms[2]).location == address
    run_jobs()
    assert "1 baris diterapkan." in admin.get(address).text
    assert db.session.scalar(sa.select(sa.func.count()).where(Position.title == "Staf Contoh")) == 1

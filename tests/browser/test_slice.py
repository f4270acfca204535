"""The whole slice, with JavaScript and without: the secretariat at a desk, the others with a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from ilp.core.clock import today
from ilp.core.demo import PASSWORD
from tests.pages import meetings, papers, tasks
from tests.pages.meetings import press, told
from tests.support.chromium import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

KICKOFF = "Kick Off Integrasi Pelayanan Kesehatan Primer (ILP) Kabupaten Malang"
Come = Callable[..., Page]


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def come(visit: Visit, scripts: bool) -> Come:
    """`come("camat.kepanjen", PHONE)`."""
    return lambda username, width=DESKTOP: visit(username, width, java_script_enabled=scripts)


def photo(width: int, height: int) -> FilePayload:
    """What the camera of a telephone gives."""
    content = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(content, "JPEG")
    return {"name": "papan.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def test_from_the_invitation_to_the_next_meeting(come: Come, scripts: bool, tmp_path: Path) -> None:
    setda = come("setda.malang")
    title = f"Kick Off Kedua ILP {'dengan' if scripts else 'tanpa'} skrip"
    meeting = call_and_invite(setda, title)
    attend(setda, meeting)
    decision = f"Setiap kecamatan menyusun jadwal Posyandu {'dengan' if scripts else 'tanpa'} skrip."
    write_minutes(come("notulis.malang"), setda, meeting, decision, watched=scripts)
    notula = approve(come("pimpinan.malang"), meeting)
    verify(come(None), notula, tmp_path)
    report_and_review(come("camat.kepanjen", PHONE), setda, meeting, decision, scripts=scripts)
    follow_up(setda, meeting, decision)


def call_and_invite(setda: Page, title: str) -> str:
    setda.goto("/")
    expect(setda.get_by_role("heading", level=1, name="Meja kerja")).to_be_visible()
    meeting = meetings.call_after_pattern(setda, KICKOFF, title, today() + timedelta(days=14))
    meetings.add_item(setda, "Penetapan jadwal Posyandu")
    setda.goto(f"{meeting}/undangan")
    meetings.invite_group(setda, "TP PKK Kabupaten Malang")
    meetings.invite_contact(setda, "Bagus Misal", "Ketua Karang Taruna")
    press(setda, "Siapkan surat undangan")
    press(setda, "Terbitkan undangan")
    told(setda, "Undangan sedang disusun")
    letter = papers.words_of(papers.download(setda, f"{meeting}/berkas", "Undangan"))
    assert title in letter
    assert "Camat se-Kabupaten Malang 33 orang" in letter
    assert "Bagus Misal" in letter
    return meeting


def attend(setda: Page, meeting: str) -> None:
    setda.goto(meeting)
    press(setda, "Buka rapat")
    told(setda, "Rapat dibuka")
    desk = f"{meeting}/kehadiran"
    setda.goto(desk)
    meetings.search_seat(setda, "camat kepanjen")
    press(setda, "Catat hadir")
    meetings.was_noted(setda, "Tercatat hadir")
    setda.goto(desk)
    meetings.search_seat(setda, "puskesmas kepanjen")
    press(setda, "Diwakili")
    setda.get_by_label("Nama yang mewakili").fill("Siti Umpama")
    press(setda, "Catat diwakili")
    meetings.was_noted(setda, "Siti Umpama")
    press(setda, "Catat sebagai tamu")
    for field, words in (("Nama", "Joko Rekaan"), ("Instansi", "Radio Desa"), ("Nomor HP", "0812000111")):
        setda.get_by_label(field, exact=True).fill(words)
    press(setda, "Catat tamu")
    meetings.was_noted(setda, "Joko Rekaan")
    setda.goto(f"{desk}/daftar")
    press(setda, "Susun daftar hadir")
    told(setda, "Daftar hadir sedang disusun")
    assert "Joko Rekaan" in papers.words_of(papers.download(setda, f"{meeting}/berkas", "Daftar hadir"))


def write_minutes(notulis: Page, setda: Page, meeting: str, decision: str, *, watched: bool) -> None:
    setda.goto(meeting)
    notulis.goto(meeting)
    meetings.write_row(notulis, "Catatan", "Dinas Kesehatan memaparkan kesiapan 39 Puskesmas.")
    row = meetings.write_row(notulis, "Keputusan", decision)
    if watched:
        expect(setda.locator(".decision-row").filter(has_text=decision)).to_be_visible()
    meetings.make_task(notulis, row, "Semua kecamatan", today() + timedelta(days=45))
    expect(notulis.get_by_role("link", name="0/33 diterima")).to_be_visible()
    notulis.goto(meeting)
    press(notulis, "Tutup rapat, mulai notulen")
    told(notulis, "Rapat ditutup")
    press(notulis, "Ajukan untuk disahkan")
    told(notulis, "Notula diajukan")


def approve(leader: Page, meeting: str) -> Path:
    leader.goto(meeting)
    press(leader, "Periksa dan sahkan")
    press(leader, "Sahkan notula")
    told(leader, "Notula disahkan")
    notula = papers.download(leader, f"{meeting}/berkas", "Notula")
    assert "RENCANA TINDAK LANJUT" in papers.words_of(notula).upper()
    return notula


def verify(anyone: Page, notula: Path, folder: Path) -> None:
    anyone.goto(papers.address_in_qr(notula))
    anyone.wait_for_url("**/v/*")
    expect(anyone.get_by_text("Terdaftar dan berlaku")).to_be_visible()
    page = anyone.url
    papers.check_file(anyone, notula)
    expect(anyone.locator(".verdict[data-s=accepted]").first).to_be_visible()
    changed = bytearray(notula.read_bytes())
    changed[len(changed) // 2] ^= 1
    forged = folder / "berubah.pdf"
    forged.write_bytes(changed)
    anyone.goto(page)
    papers.check_file(anyone, forged)
    expect(anyone.locator(".verdict[data-s=late]").first).to_be_visible()


def report_and_review(camat: Page, setda: Page, meeting: str, decision: str, *, scripts: bool) -> None:
    tasks.open_from_desk(camat, decision)
    assignment = camat.url.partition("?")[0]
    tasks.add_photos(camat, [photo(2400, 1800)])
    if scripts:
        expect(camat.locator("[data-preview] img")).to_have_js_property("naturalWidth", 1600)
    tasks.report(camat, "Dikerjakan", "Sedang dibahas dengan 18 desa.")
    told(camat, "Laporan tersimpan")
    expect(camat.locator("#bukti img")).to_have_count(1)
    tasks.report(camat, "Selesai", "Jadwal ditetapkan.")
    told(camat, "Laporan terkirim")

    setda.goto(f"{meeting}/tugas")
    setda.get_by_role("link", name=decision).click()
    rows = setda.locator("#task-rows tbody tr")
    expect(rows).to_have_count(33)
    rows.filter(has_text="Kecamatan Kepanjen").get_by_role("link", name="Periksa").click()
    tasks.review(setda, "Kembalikan", "Foto papan tidak terbaca.")
    told(setda, "Laporan dikembalikan")

    camat.goto("/")
    expect(camat.get_by_text("Dikembalikan: Foto papan tidak terbaca.").first).to_be_visible()
    camat.goto(assignment)
    tasks.add_photos(camat, [photo(800, 600)])
    tasks.report(camat, "Selesai", "Foto baru, dari dekat.")
    told(camat, "Laporan terkirim")
    setda.goto(assignment)
    tasks.review(setda, "Terima")
    told(setda, "Laporan diterima")


def follow_up(setda: Page, meeting: str, decision: str) -> None:
    setda.goto(meeting)
    press(setda, "Buat rapat lanjutan")
    following = meetings.save_as(setda, "Rapat evaluasi ILP", today() + timedelta(days=28))
    expect(setda.locator(".agenda-item").first).to_contain_text("Diisi sendiri dari rapat sebelumnya")
    setda.goto(following)
    expect(setda.locator("#bawaan").get_by_role("listitem").filter(has_text=decision)).to_contain_text(
        "32 dari 33 kantor belum"
    )


def test_from_the_body_to_the_village(come: Come, scripts: bool) -> None:
    title = f"Mutakhirkan data kader {'dengan' if scripts else 'tanpa'} skrip"
    pokjanal = come("pokjanal.gunungmas")
    pokjanal.goto("/pokjanal/")
    pokjanal.get_by_role("link", name="Kabupaten Gunung Mas").first.click()
    press(pokjanal, "Tugas baru")
    pokjanal.get_by_label("Tugas", exact=True).fill(title)
    pokjanal.get_by_label("Tenggat").fill((today() + timedelta(days=14)).isoformat())
    press(pokjanal, "Beri tugas")
    told(pokjanal, "Tugas diberikan")
    task = pokjanal.url.partition("?")[0]
    expect(pokjanal.locator("#task-rows tbody tr")).to_have_count(12)

    camat = come("camat.kurun", PHONE)
    tasks.open_from_desk(camat, title)
    press(camat, "Teruskan ke desa/kelurahan")
    told(camat, "Tugas diteruskan")
    expect(camat.locator(".village-row")).to_have_count(15)

    lurah = come("lurah.tampang", PHONE)
    tasks.open_from_desk(lurah, title)
    tasks.report(lurah, "Selesai", "12 kader, semua sudah dilatih.")
    told(lurah, "Laporan terkirim")

    camat.reload()
    camat.locator(".village-row").filter(has_text="Tampang").get_by_role("link", name="Periksa").click()
    tasks.review(camat, "Terima")
    told(camat, "Laporan diterima")

    pokjanal.goto(task)
    pokjanal.get_by_role("link", name="Kecamatan Kurun").first.click()
    below = pokjanal.locator("tr.below")
    expect(below).to_have_count(15)
    expect(below.filter(has_text="Tampang").locator(".badge[data-s=accepted]")).to_be_visible()


def test_three_sign_a_commitment(come: Come, scripts: bool) -> None:
    setda = come("setda.malang")
    title = f"Penyelenggaraan ILP Kabupaten Malang {'dengan' if scripts else 'tanpa'} skrip"
    commitment = draft_commitment(setda, title)
    press(setda, "Buka penandatanganan")
    setda.locator("details.confirm").get_by_role("button", name="Buka penandatanganan").click()
    told(setda, "Penandatanganan dibuka")
    for username in ("pimpinan.malang", "dinkes.malang", "camat.kepanjen"):
        sign(come(username, PHONE), commitment, drawn=scripts and username != "camat.kepanjen")
    setda.goto(commitment)
    press(setda, "Tutup penandatanganan")
    press(setda, "Tutup dan terbitkan naskah")
    told(setda, "Penandatanganan ditutup")
    naskah = papers.download(setda, commitment, "Naskah")
    assert title.upper() in papers.words_of(naskah).upper()
    setda.goto(commitment)
    expect(setda.locator(".page-head .badge[data-s=in_force]")).to_be_visible()
    anyone = come(None, PHONE)
    anyone.goto(papers.address_in_qr(naskah))
    expect(anyone.get_by_text("Terdaftar dan berlaku")).to_be_visible()


def draft_commitment(setda: Page, title: str) -> str:
    setda.goto("/komitmen/")
    press(setda, "Komitmen baru")
    setda.get_by_label("Judul").fill(title)
    setda.get_by_label("Pembukaan").fill("Kami yang bertanda tangan di bawah ini menyatakan")
    press(setda, "Simpan naskah")
    told(setda, "Tersimpan")
    commitment = setda.url.partition("?")[0]
    press(setda, "Tambah butir")
    setda.get_by_label("Isi butir").fill("Menerapkan ILP di seluruh Puskesmas.")
    press(setda, "Simpan butir")
    setda.locator(".clause").get_by_role("link", name="Target").click()
    for field, words in (
        ("Indikator", "Puskesmas yang menerapkan ILP"),
        ("Satuan", "Puskesmas"),
        ("Target", "39"),
        ("Tenggat", (today() + timedelta(days=400)).isoformat()),
    ):
        setda.get_by_label(field, exact=True).fill(words)
    press(setda, "Simpan target")
    for group, position in (
        ("Pimpinan", "Sekretaris Daerah"),
        ("Kepala OPD", "Kepala Dinas Kesehatan"),
        ("Camat", "Camat Kepanjen"),
    ):
        setda.goto(commitment)
        press(setda, "Tambah penandatangan")
        setda.locator("nav.chips").get_by_role("link", name=group).first.click()
        setda.get_by_label(position).first.check()
        press(setda, "Tambah ke daftar")
    return commitment


def sign(signer: Page, commitment: str, *, drawn: bool) -> None:
    signer.goto("/")
    signer.goto(commitment)
    press(signer, "Baca dan tanda tangani")
    if drawn:
        draw(signer)
        signer.get_by_label("Kata sandi").fill("bukan kata sandinya")
        press(signer, "Tanda tangani naskah ini")
        expect(signer.locator(".field.invalid").first).to_be_visible()
        assert signer.locator("canvas").evaluate(INK), "the strokes that will be sent are not seen"
    else:
        name = signer.locator("p:has-text('Atas nama') b").inner_text()
        signer.get_by_label("Ketik nama").fill(name.partition(",")[0])
    signer.get_by_label("Kata sandi").fill(PASSWORD)
    press(signer, "Tanda tangani naskah ini")
    told(signer, "Tanda tangan tersimpan")


INK = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  .data.some((value, at) => at % 4 === 3 && value > 0)"""


def draw(signer: Page) -> None:
    """A few strokes with the finger."""
    canvas = signer.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for stroke in ([(0.2, 0.7), (0.3, 0.2), (0.4, 0.8), (0.5, 0.3)], [(0.55, 0.6), (0.8, 0.4)]):
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        signer.mouse.move(*points[0])
        signer.mouse.down()
        for point in points[1:]:
            signer.mouse.move(*point, steps=8)
        signer.mouse.up()
    expect(signer.locator("input[name=strokes]")).not_to_have_value("")

"""A form with one field of every kind, for the component sheet."""

from __future__ import annotations

from wtforms import MultipleFileField, PasswordField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.models.meetings import AttendanceStatus
from ilp.models.tasks import AssignmentStatus
from ilp.web.forms import (
    BaseForm,
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    choices,
    day,
    paragraph,
    row_choice,
    text,
    whole_number,
)


class SampleForm(BaseForm):
    title = text("Tugas", longest=200, hint="Tulis hasil yang diharapkan, bukan kegiatannya.")
    note = paragraph("Catatan", required=False)
    due = day("Tenggat")
    owner = row_choice("Penanggung jawab")
    villages = whole_number("Desa yang sudah menetapkan jadwal")
    state = RadioField(
        "Keadaan sekarang", choices=choices([AssignmentStatus.IN_PROGRESS, AssignmentStatus.SUBMITTED])
    )
    presence = RadioField(
        "Kehadiran", choices=choices([AttendanceStatus.PRESENT, AttendanceStatus.REPRESENTED])
    )
    shared = BooleanField("HP ini dipakai bersama di kantor", description="Keluar sendiri setelah 12 jam.")
    password = PasswordField("Kata sandi")
    file = FileField("Surat keputusan")
    photos = MultipleFileField("Foto papan jadwal")
    strokes = HiddenField("Goresan tanda tangan")
    typed_name = text("Nama lengkap", longest=200)


def sample_form() -> SampleForm:
    """The form as it stands after a refused submit."""
    form = SampleForm(
        formdata=None,
        title="Setiap Puskesmas menyerahkan data sasaran per desa",
        villages=11,
        state=AssignmentStatus.SUBMITTED,
        presence=AttendanceStatus.PRESENT,
    )
    form.owner.choices = [SelectChoice(value="", label="Semua OPD")]
    form.due.errors = ["Tanggal 31/11/2024 tidak ada. Bulan November berakhir tanggal 30."]
    form.owner.errors = ["Pilih satu kantor. “Semua OPD” tidak dapat ditagih."]
    return form

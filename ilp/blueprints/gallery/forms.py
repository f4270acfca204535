"""A form with one field of every kind, for the component sheet."""

from __future__ import annotations

from wtforms import BooleanField, FileField, HiddenField, MultipleFileField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.simple import StringField

from ilp.web.forms import BaseForm, day, paragraph, text, whole_number


class SampleForm(BaseForm):
    title = text("Tugas", longest=200, hint="Tulis hasil yang diharapkan, bukan kegiatannya.")
    note = paragraph("Catatan", required=False)
    due = day("Tenggat")
    owner = SelectField("Penanggung jawab", choices=[SelectChoice(value="", label="Semua OPD")])
    villages = whole_number("Desa yang sudah menetapkan jadwal")
    state = RadioField(
        "Keadaan sekarang",
        choices=[
            SelectChoice(value="in_progress", label="Dikerjakan"),
            SelectChoice(value="submitted", label="Selesai"),
        ],
        default="submitted",
    )
    presence = RadioField(
        "Kehadiran",
        choices=[SelectChoice(value="present", label="Hadir"), SelectChoice(value="represented", label="Diwakili")],
        default="present",
    )
    shared = BooleanField("HP ini dipakai bersama di kantor", description="Keluar sendiri setelah 12 jam.")
    password = PasswordField("Kata sandi")
    file = FileField("Surat keputusan")
    photos = MultipleFileField("Foto papan jadwal")
    strokes = HiddenField("Goresan tanda tangan")
    typed_name = StringField("Nama lengkap")


def sample_form() -> SampleForm:
    """The form as it stands after a refused submit."""
    form = SampleForm(formdata=None, title="Setiap Puskesmas menyerahkan data sasaran per desa", villages=11)
    form.due.errors = ["Tanggal 31/11/2024 tidak ada. Bulan November berakhir tanggal 30."]
    form.owner.errors = ["Pilih satu kantor. “Semua OPD” tidak dapat ditagih."]
    return form

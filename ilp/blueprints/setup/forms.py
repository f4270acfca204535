from __future__ import annotations

from wtforms import Field, SelectField
from wtforms.validators import ValidationError

from ilp.core.clock import Zone
from ilp.models.directory import OfficeKind
from ilp.models.wilayah import DISTRICT_WORDS, VILLAGE_WORDS
from ilp.web.forms import BooleanField, SelectChoice, choice_of, paragraph, text
from ilp.web.passwords import NewPasswordForm
from ilp.web.places import word_choice

FIRST_OFFICES = (OfficeKind.SETDA, OfficeKind.HEALTH_AGENCY, OfficeKind.AGENCY)


def office_kind() -> SelectField:
    return SelectField(
        "Kantor pertama",
        choices=[SelectChoice(value=kind.value, label=kind.label) for kind in FIRST_OFFICES],
        coerce=lambda value: value if isinstance(value, OfficeKind) else OfficeKind(value),
        description="Biasanya kantor yang memanggil rapat. Kantor lain ditambah sesudahnya.",
    )


class BeginForm(NewPasswordForm):
    """Everything that the first day asks once the regency is chosen."""

    zone = choice_of("Zona waktu", Zone)
    district_label = word_choice("Sebutan kecamatan", DISTRICT_WORDS)
    village_label = word_choice("Sebutan desa", VILLAGE_WORDS)
    office_kind = office_kind()
    office_name = text("Nama kantor", longest=200)
    tier = text("Baris pertama kop", longest=200)
    unit = text("Nama kantor pada kop", longest=200)
    address = paragraph("Alamat pada kop", longest=300, hint="Paling banyak tiga baris")
    town = text("Tempat surat ditulis", longest=100, hint="Tampil di depan tanggal surat")
    unit_code = text(
        "Kode unit pada nomor surat",
        longest=40,
        required=False,
        hint="Pada 400.7/12/SETDA/2026: SETDA",
    )
    name = text("Nama lengkap", longest=120, hint="Tanpa gelar; gelar diisi di Direktori")
    username = text("Nama pengguna", longest=80, hint="Huruf kecil, angka, titik, misalnya admin.manokwari")
    is_secretary = BooleanField("Saya juga bekerja sebagai sekretariat kantor ini")

    def validate_office_name(self, field: Field) -> None:
        if self.office_kind.data is not OfficeKind.SETDA and field.data.startswith(OfficeKind.SETDA.label):
            raise ValidationError(f"Tulis nama {self.office_kind.data.label} itu, juga pada kopnya.")

    def validate_address(self, field: Field) -> None:
        if len(field.data.split("\n")) > 3:
            raise ValidationError("Paling banyak tiga baris.")

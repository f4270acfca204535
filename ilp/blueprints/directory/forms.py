from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.validators import ValidationError

from ilp.core.indonesian import with_office
from ilp.core.number_patterns import USUAL, fault
from ilp.models.directory import (
    MARGINS,
    AppointmentKind,
    Constituency,
    Letterhead,
    Office,
    OfficeKind,
    Paper,
    Sex,
)
from ilp.web.forms import (
    BaseForm,
    BooleanField,
    FileField,
    SelectMultipleField,
    choice_of,
    choices,
    day,
    mail_address,
    nip_number,
    paragraph,
    row_choice,
    telephone,
    text,
    ticked,
    whole_number,
)

QUALITIES = [(AppointmentKind.DEFINITIVE.value, "Definitif")] + [
    (kind.value, kind.label) for kind in AppointmentKind if kind.label
]

OFFICE_KINDS = choices([kind for kind in OfficeKind if kind is not OfficeKind.OPERATOR])


class OfficeForm(BaseForm):
    name = text("Nama kantor", longest=200, hint="Lengkap dengan daerahnya: Dinas Kesehatan Kabupaten Malang")
    kind = choice_of("Jenis", OfficeKind, hint="Menentukan apa yang boleh dilakukan peran di sana")
    constituency = choice_of("Unsur", Constituency, hint="Untuk rekap hadir dan urutan undangan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = OFFICE_KINDS


class OfficeEditForm(BaseForm):
    name = text("Nama kantor", longest=200, hint="Lengkap dengan daerahnya: Dinas Kesehatan Kabupaten Malang")
    kind = choice_of("Jenis", OfficeKind, hint="Menentukan apa yang boleh dilakukan peran di sana")
    constituency = choice_of("Unsur", Constituency, hint="Untuk rekap hadir dan urutan undangan")
    parent_id = row_choice("Kantor induk", required=False)
    protocol_order = whole_number(
        "Urutan protokol", most=9999, hint="Yang lebih kecil berdiri lebih dahulu dalam daftar dan undangan"
    )

    def __init__(self, parents: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parent_id.choices = [("", "Tanpa induk"), *parents]
        self.kind.choices = (
            OFFICE_KINDS if self.kind.object_data is not OfficeKind.OPERATOR else choices(OfficeKind)
        )


class PersonForm(BaseForm):
    prefix = text("Gelar depan", longest=60, required=False, hint="Seperti tertulis: dr., Drs. H.")
    name = text("Nama tanpa gelar", longest=120)
    suffix = text("Gelar belakang", longest=120, required=False, hint="Seperti tertulis: S.K.M., M.Kes.")
    sex = choice_of("Jenis kelamin", Sex, required=False)
    nip = nip_number()
    rank = text("Pangkat", longest=80, required=False)
    phone = telephone(hint="Hanya terlihat oleh sekretariat")
    email = mail_address(hint="Untuk pemberitahuan")


class PositionForm(BaseForm):
    title = text("Nama jabatan", longest=200, hint="Seperti pada surat: Kepala Bidang Pelayanan Kesehatan")
    is_head = BooleanField("Memimpin kantor ini")
    constituency = choice_of(
        "Unsur, bila lain dari kantornya", Constituency, required=False, hint="Misalnya promosi kesehatan"
    )


class AppointmentForm(BaseForm):
    person_id = row_choice("Pejabat", required=False)
    prefix = text("Gelar depan", longest=60, required=False)
    name = text("Nama tanpa gelar", longest=120, required=False)
    suffix = text("Gelar belakang", longest=120, required=False)
    sex = choice_of("Jenis kelamin", Sex, required=False)
    nip = nip_number()
    rank = text("Pangkat", longest=80, required=False)
    phone = telephone(hint="Hanya terlihat oleh sekretariat")
    kind = choice_of("Kedudukan", AppointmentKind)
    starts_on = day("Mulai")
    ends_on = day("Sampai", required=False, hint="Kosongkan bila belum ditentukan")

    def __init__(self, persons: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_id.choices = [("", "Orang baru, diisi di bawah"), *persons]
        self.kind.choices = QUALITIES

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        valid = super().validate(*args, **kwargs)
        if valid and self.person_id.data is None and not self.name.data:
            self.name.errors = ["Pilih pejabat dari daftar, atau tulis nama orang baru."]
            return False
        return valid

    def term(self) -> dict[str, Any]:
        """In which quality, from when and until when."""
        return {field: self[field].data for field in ("kind", "starts_on", "ends_on")}

    def person(self) -> dict[str, Any]:
        """What was typed about a new person."""
        fields = ("prefix", "name", "suffix", "sex", "nip", "rank", "phone")
        return {field: self[field].data for field in fields}


class EndForm(BaseForm):
    ends_on = day("Hari terakhir")


class TransferForm(BaseForm):
    kind = choice_of("Kedudukan", AppointmentKind)
    starts_on = day("Mulai")
    ends_on = day("Sampai", required=False, hint="Untuk Plt., Plh., dan Pj.; kosongkan bila belum ditentukan")
    leaves = SelectMultipleField("Jabatan yang ditinggalkan", coerce=int)
    hand_over_roles = BooleanField(
        "Alihkan peran akun",
        description="Peran akun pejabat lama di kantor ini dicabut dan diberikan kepada penggantinya; "
        "perannya sendiri di kantor yang ditinggalkannya dicabut",
    )

    def __init__(self, terms: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = QUALITIES
        self.leaves.choices = [(row.id, with_office(row.title, row.name)) for row in terms]

    def terms(self) -> dict[str, Any]:
        """In which quality, from when and until when, and what is left for it."""
        return {field: self[field].data for field in ("kind", "starts_on", "ends_on", "leaves")}


class LetterheadForm(BaseForm):
    tiers = paragraph(
        "Baris atas", longest=300, required=False, hint="Satu tingkat per baris: PEMERINTAH KABUPATEN MALANG"
    )
    unit = text("Nama unit", longest=200, hint="Dicetak paling besar: DINAS KESEHATAN")
    address = paragraph(
        "Alamat", longest=400, required=False, hint="Paling banyak empat baris, dengan telepon dan laman"
    )
    town = text("Tempat surat", longest=100, hint="Berdiri di depan tanggal: Kepanjen")
    paper = choice_of("Kertas", Paper)
    top = whole_number("Atas", least=10, most=40)
    right = whole_number("Kanan", least=10, most=40)
    bottom = whole_number("Bawah", least=20, most=40)
    left = whole_number("Kiri", least=15, most=45)
    classification = text("Klasifikasi", longest=20, required=False, hint="Kode klasifikasi arsip: 400.7")
    unit_code = text("Kode unit", longest=40, required=False, hint="Kode unit pengolah: 35.07.013")
    pattern = text(
        "Pola nomor",
        longest=80,
        hint="Isian: {klasifikasi} {nomor} {unit} {bulan} {bulan_romawi} {tahun}, dipisah garis miring",
    )
    emblem = FileField("Lambang", description="PNG atau SVG, paling besar 2 MB. Kosongkan bila tidak berubah")
    drop_emblem = BooleanField("Pakai lambang umum, bukan yang diunggah")
    version = whole_number("Versi", required=False)

    @staticmethod
    def values_of(office: Office, known: Letterhead | None) -> dict[str, Any]:
        """What the form shows at first: the letterhead as it is, or a proposal from the office's name."""
        margins = known.margins if known else MARGINS
        sides = dict(zip(("top", "right", "bottom", "left"), margins, strict=True))
        if known is None:
            return {"unit": office.name.upper(), "paper": Paper.A4, "pattern": USUAL, "version": 0, **sides}
        return {
            "tiers": "\n".join(known.tiers),
            "unit": known.unit,
            "address": "\n".join(known.address),
            "town": known.town,
            "paper": Paper(known.paper),
            "classification": known.classification,
            "unit_code": known.unit_code,
            "pattern": known.pattern,
            "version": known.version,
            **sides,
        }

    def validate_tiers(self, field: Any) -> None:
        _few_lines(field, 3)

    def validate_address(self, field: Any) -> None:
        _few_lines(field, 4)

    def validate_pattern(self, field: Any) -> None:
        refusal = fault(field.data)
        if refusal:
            raise ValidationError(refusal)

    def head(self) -> dict[str, Any]:
        """The letterhead as typed, but for the emblem."""
        plain = ("unit", "town", "paper", "classification", "unit_code", "pattern", "version")
        return {
            **{name: self[name].data for name in plain},
            "tiers": _lines(self.tiers.data),
            "address": _lines(self.address.data),
            "margins": [self[side].data for side in ("top", "right", "bottom", "left")],
        }


def _lines(typed: str | None) -> list[str]:
    return [line.strip() for line in (typed or "").split("\n") if line.strip()]


def _few_lines(field: Any, most: int) -> None:
    if len(_lines(field.data)) > most:
        raise ValidationError(f"Paling banyak {most} baris.")
    if any(len(line) > 100 for line in _lines(field.data)):
        raise ValidationError("Terlalu panjang: paling banyak 100 huruf per baris.")


class GroupForm(BaseForm):
    name = text("Nama kelompok", longest=120, hint="Misalnya: Tim inti ILP")


class MembersForm(BaseForm):
    position_id = ticked("Jabatan")

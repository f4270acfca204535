from __future__ import annotations

from typing import Any

from wtforms import IntegerField, MultipleFileField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from ilp.core.enums import LabelledEnum
from ilp.web.forms import BaseForm, FileField, RadioField, figure, paragraph, text, whole_number

MOST_PHOTOS = 6


class Progress(LabelledEnum):
    """What the office says about its own work."""

    IN_PROGRESS = "in_progress", "Dikerjakan"
    SUBMITTED = "submitted", "Selesai"
    BLOCKED = "blocked", "Terkendala"


class Verdict(LabelledEnum):
    """What the reviewer says about a report."""

    ACCEPT = "accept", "Terima"
    RETURN = "return", "Kembalikan"


def _radio(label: str, members: type[LabelledEnum], message: str) -> RadioField:
    return RadioField(
        label,
        choices=[SelectChoice(value=member.value, label=member.label) for member in members],
        validators=[InputRequired(message)],
    )


def version() -> IntegerField:
    return whole_number("Versi", least=1)


def chosen(files: list[Any] | None) -> list[Any]:
    """The files that were really chosen: a browser sends an empty one for an empty field."""
    return [file for file in files or [] if getattr(file, "filename", "")]


def _few_photos(form: Any, field: Any) -> None:
    if len(chosen(field.data)) > MOST_PHOTOS:
        raise ValidationError(f"Paling banyak {MOST_PHOTOS} foto sekali kirim.")


class ReportForm(BaseForm):
    version = version()
    progress = _radio("Keadaan sekarang", Progress, "Pilih keadaan tugas ini.")
    figure = figure("Angka", required=False)
    unit = text("Satuan", longest=60, required=False)
    photos = MultipleFileField("Foto", validators=[_few_photos])
    file = FileField("Berkas")
    note = paragraph("Catatan", longest=5000, required=False)
    reason = paragraph("Alasan mengirim sekarang", longest=1000, required=False)


class ReviewForm(BaseForm):
    version = version()
    verdict = _radio("Hasil pemeriksaan", Verdict, "Pilih terima atau kembalikan.")
    reason = paragraph("Catatan pemeriksa", longest=1000, required=False)


class ExemptForm(BaseForm):
    version = version()
    reason = paragraph("Alasan", longest=1000)


class VersionForm(BaseForm):
    version = version()


class WithdrawForm(BaseForm):
    reason = paragraph("Alasan", longest=1000)

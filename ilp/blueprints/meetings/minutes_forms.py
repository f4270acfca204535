from __future__ import annotations

from typing import Any

from ilp.models.meetings import AgendaStatus, RowKind
from ilp.models.tasks import EvidenceKind
from ilp.services.minutes import Errand
from ilp.web.forms import (
    INT32,
    BaseForm,
    HiddenField,
    LetterForm,
    RadioField,
    SelectMultipleField,
    choice_of,
    choices,
    day,
    paragraph,
    row_choice,
)
from ilp.web.forms import (
    text as line,
)


def _id(value: Any) -> int:
    number = int(value)
    if not 0 < number <= INT32:
        raise ValueError(value)
    return number


class VersionField(HiddenField):
    """Which state of a row somebody has read; whatever is no number is older than all."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        number = str(valuelist[0]) if valuelist else ""
        self.data = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


class RowForm(BaseForm):
    """A row of the minutes."""

    kind = RadioField("Jenis baris", choices=choices(RowKind), coerce=RowKind, default=RowKind.NOTE)
    text = paragraph("Isi", longest=5000)
    version = VersionField()

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        """`key` sets the ids apart: several rows may be edited on one page."""
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = field.label.field_id = f"{key}-{field.name}"

    def emptied(self, kind: RowKind) -> RowForm:
        """This form, once it is carried out, as it is for the next row: its fields are not made anew."""
        self.process(formdata=None, kind=kind)
        for field in self:
            field.raw_data = None
        return self


class ErrandForm(RowForm):
    """A row that may become a task: who, by when, with which proof. The route offers the offices."""

    due_on = day("Tenggat", required=False)
    evidence = choice_of("Bukti", EvidenceKind, required=False, default=EvidenceKind.NOTE)
    detail = paragraph("Rincian", longest=5000, required=False)
    groups = SelectMultipleField("Kelompok", choices=[], validate_choice=False)
    offices = SelectMultipleField("Penanggung jawab", coerce=_id, choices=[], validate_choice=False)
    cari = line("Cari kantor lain", longest=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence.choices = choices(EvidenceKind)

    def errand(self, basis_id: int | None) -> Errand:
        """What was typed about a task, as the service takes it."""
        return Errand(
            due_on=self.due_on.data,
            groups=self.groups.data or (),
            offices=self.offices.data or (),
            evidence=self.evidence.data or EvidenceKind.NOTE,
            detail=self.detail.data or "",
            basis_id=basis_id,
        )


class SettleForm(BaseForm):
    """One text for a row that has several."""

    text = paragraph("Naskah gabungan", longest=5000)
    version = VersionField()


class VersionForm(BaseForm):
    version = VersionField()


class ItemStatusForm(BaseForm):
    state = choice_of("Keadaan butir", AgendaStatus)


class DiscussForm(BaseForm):
    item_id = row_choice("Butir")


class ReturnForm(BaseForm):
    reason = line("Alasan", longest=500)


class ApprovalForm(LetterForm):
    """Approval numbers the notula like any letter."""

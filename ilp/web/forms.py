"""The base of all forms: one input rule, Indonesian messages, a key against double submission.

Forms never query: choices are passed in by the route. Text is NFC, without control characters but
newline and tab; whole numbers lie within 32 bits; dates between 2000 and 2100. What SQLite would
forgive and PostgreSQL refuse never gets past here.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import TextInput

from ilp.core import cells, phones
from ilp.core.enums import LabelledEnum
from ilp.core.errors import Clash, RuleViolation
from ilp.core.indonesian import MONTHS
from ilp.models.documents import NumberSource
from ilp.web.session import me_or_none

CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
INT32 = 2**31 - 1

INDONESIAN = {
    "This field is required.": "Bagian ini perlu diisi.",
    "Not a valid integer value.": "Isi dengan angka bulat, misalnya 12.",
    "Not a valid decimal value.": "Isi dengan angka, misalnya 12,5.",
    "Not a valid time value.": "Jam ini tidak ada. Tulis seperti 09.00.",
    "Not a valid datetime value.": "Waktu ini tidak ada.",
    "Not a valid choice.": "Pilih salah satu dari daftar.",
    "'%(value)s' is not a valid choice for this field.": "Pilih hanya dari daftar.",
    "'%(value)s' are not valid choices for this field.": "Pilih hanya dari daftar.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Pilih hanya dari daftar.",
    "Invalid Choice: could not coerce.": "Pilih salah satu dari daftar.",
    "Invalid email address.": "Alamat surat elektronik ini tidak lengkap, contoh: nama@contoh.go.id.",
}


class Indonesian:
    """WTForms' own sentences, in Indonesian."""

    def gettext(self, text: str) -> str:
        return INDONESIAN.get(text, text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


def clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class BaseForm(FlaskForm):
    """Strips and normalises text, refuses control characters, and knows how to take a RuleViolation in."""

    class Meta(FlaskForm.Meta):
        locales = ("id",)
        csrf = False  # every request that writes has been asked already (`extensions.csrf`)

        def get_translations(self, form: Any) -> Indonesian:
            return Indonesian()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            data = super().wrap_formdata(form, formdata)
            if data is None:
                return None
            return MultiDict(
                {
                    name: [clean(value) if isinstance(value, str) else value for value in values]
                    for name, values in data.lists()
                }
            )

    kunci = HiddenField(default=lambda: uuid4().hex)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.summary: list[str] = []
        self.theirs: Any = None

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for field in self:
            for raw in field.raw_data or []:
                if isinstance(raw, str) and CONTROL.search(raw):
                    self._refuse(field, "Ada tanda yang tidak dapat dibaca. Ketik ulang bagian ini.")
                    valid = False
        return bool(valid)

    @staticmethod
    def _refuse(field: Field, message: str) -> None:
        field.errors = [*field.errors, message]

    def absorb(self, violation: RuleViolation) -> None:
        """Puts a rule's refusal beside its field, or above the form; a clash leaves `theirs` to be shown.

        After a clash the hidden version is the one shown, so that sending again is done knowingly.
        """
        if isinstance(violation, Clash):
            self.theirs = violation.theirs
            if "version" in self and violation.version is not None:
                self["version"].raw_data = [str(violation.version)]
        field = getattr(self, violation.field, None) if violation.field else None
        if isinstance(field, Field):
            self._refuse(field, violation.message)
        else:
            self.summary.append(violation.message)

    @contextmanager
    def absorbing(self) -> Iterator[None]:
        """Runs a verb; its RuleViolation becomes an error of this form instead of an exception."""
        try:
            yield
        except RuleViolation as violation:
            self.absorb(violation)

    @property
    def refused(self) -> bool:
        return bool(self.errors or self.summary)

    @property
    def status(self) -> int:
        """409 for a clash, 422 for a form that was sent and refused, else 200."""
        if self.theirs is not None:
            return 409
        return 422 if self.refused else 200

    def payload(self) -> dict[str, Any]:
        """What was typed, by field name, typed; without the technical field."""
        return {name: value for name, value in self.data.items() if name != "kunci"}


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _presence(*, required: bool, message: str = "Bagian ini perlu diisi.") -> list[Any]:
    return [InputRequired(message), _NotBlank(message)] if required else [Optional()]


class _NotBlank:
    """InputRequired looks at what was sent; a line of blanks is sent, but says nothing."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.message)


def text(label: str, *, longest: int, required: bool = True, hint: str = "", **kwargs: Any) -> StringField:
    """One line of text of at most `longest` characters."""
    return StringField(
        label,
        validators=[*_presence(required=required), _length(longest), _one_line],
        filters=[_strip],
        default="",
        description=hint,
        **kwargs,
    )


def paragraph(
    label: str, *, longest: int = 5000, required: bool = True, hint: str = "", **kwargs: Any
) -> TextAreaField:
    """Several lines of text."""
    return TextAreaField(
        label,
        validators=[*_presence(required=required), _length(longest)],
        filters=[_strip],
        default="",
        description=hint,
        **kwargs,
    )


class PhoneField(StringField):
    """A telephone number, typed as people write it; the data is what `core/phones.py` keeps."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else phones.shown(self.data or "")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = ""
        try:
            self.data = phones.normalised(valuelist[0]) if valuelist else ""
        except ValueError as error:
            raise ValueError("Nomor ini tidak lengkap. Tulis seperti 0812-3456-7890.") from error


def telephone(label: str = "Nomor HP", *, required: bool = False, hint: str = "") -> PhoneField:
    """A telephone number in the country, or of another with its `+`."""
    return PhoneField(
        label,
        validators=[*_presence(required=required), _length(30)],
        default="",
        description=hint,
        render_kw={"inputmode": "tel"},
    )


def mail_address(*, required: bool = False, hint: str = "") -> StringField:
    """An address somebody can be written to; whether it is theirs, only a letter can show."""
    return StringField(
        "Surat elektronik",
        filters=[_strip],
        validators=[
            *_presence(required=required),
            _length(254),
            Regexp(MAILBOX, message=INDONESIAN["Invalid email address."]),
        ],
        default="",
        description=hint,
        render_kw={"inputmode": "email"},
    )


def _nip(form: Any, field: Field) -> None:
    """The rule of the import, so that what was typed by hand comes in again from a sheet."""
    try:
        cells.nip(field.data)
    except cells.Unreadable as unreadable:
        raise ValidationError(str(unreadable)) from unreadable


def nip_number(hint: str = "18 angka; boleh kosong") -> StringField:
    """The number of a civil servant; blanks between its groups are taken out, "" if there is none."""
    return StringField(
        "NIP",
        filters=[lambda value: re.sub(r"[\s.]", "", value or "")],
        validators=[Optional(), _nip],
        default="",
        description=hint,
        render_kw={"inputmode": "numeric"},
    )


def _length(longest: int) -> Length:
    return Length(max=longest, message=f"Terlalu panjang: paling banyak {longest} huruf.")


def _one_line(form: Any, field: Field) -> None:
    if "\n" in (field.data or "") or "\t" in (field.data or ""):
        raise ValidationError("Tulis dalam satu baris.")


def whole_number(
    label: str, *, least: int = 0, most: int = INT32, required: bool = True, hint: str = ""
) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            *_presence(required=required)[:1],
            NumberRange(least, most, f"Isi dengan angka bulat dari {least} sampai {most}."),
        ],
        description=hint,
    )


class FigureField(Field):
    """A figure as people write it, `12`, `12,5` or `1.234,5`; the data is a Decimal."""

    widget = TextInput()

    PATTERN = re.compile(r"(\d{1,3}(?:\.\d{3}){1,3}|\d{1,11})(?:,(\d{1,2}))?|(\d{1,11})\.(\d{1,2})")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data}".replace(".", ",")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        found = self.PATTERN.fullmatch(typed)
        if found is None or not typed.isascii():
            raise ValueError("Isi dengan angka, misalnya 12 atau 12,5.")
        whole, decimals = (found[1].replace(".", ""), found[2]) if found[1] else (found[3], found[4])
        self.data = Decimal(f"{whole}.{decimals or 0}")


def figure(label: str, *, required: bool = True, hint: str = "", **kwargs: Any) -> FigureField:
    """A number that may have two decimals."""
    return FigureField(
        label,
        validators=_presence(required=required)[:1],
        description=hint,
        render_kw={"inputmode": "decimal"},
        **kwargs,
    )


class DayField(DateField):
    """A date, as browsers send it (2026-11-30) and as people write it (30/11/2026, 30-11-2026)."""

    PATTERN = re.compile(
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<D>\d{1,2})[/-](?P<M>\d{1,2})[/-](?P<Y>\d{4})"
    )

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        found = self.PATTERN.fullmatch(typed)
        if found is None or not typed.isascii():
            raise ValueError("Tulis tanggal seperti 30/11/2026.")
        year, month, of_month = (int(found[name] or found[name.swapcase()]) for name in "ymd")
        self.data = _existing_day(year, month, of_month)


def _existing_day(year: int, month: int, of_month: int) -> date:
    written = f"Tanggal {of_month:02}/{month:02}/{year} tidak ada."
    if not 1 <= month <= 12:
        raise ValueError(f"{written} Bulan ditulis dari 1 sampai 12.")
    if not date.min.year <= year:
        raise ValueError(f"{written} Tahun ditulis dengan empat angka.")
    last = monthrange(year, month)[1]
    if not 1 <= of_month <= last:
        raise ValueError(f"{written} Bulan {MONTHS[month - 1]} berakhir tanggal {last}.")
    return date(year, month, of_month)


def day(label: str, *, required: bool = True, hint: str = "") -> DayField:
    """A date between 2000 and 2100."""
    return DayField(
        label,
        format=["%Y-%m-%d"],
        validators=[*_presence(required=required)[:1], _sane_year],
        description=hint,
    )


def time_of_day(label: str, *, required: bool = True, hint: str = "") -> TimeField:
    """A time on the clock, as browsers send it (09:00) and as people write it (09.00)."""
    return TimeField(
        label,
        format=["%H:%M", "%H.%M", "%H:%M:%S"],
        validators=[*_presence(required=required)[:1]],
        description=hint,
    )


def _sane_year(form: Any, field: Field) -> None:
    if isinstance(field.data, date) and not 2000 <= field.data.year <= 2100:
        raise ValidationError("Tahunnya di luar 2000 sampai 2100. Periksa kembali tanggal ini.")


def choices(members: type[LabelledEnum] | Sequence[LabelledEnum]) -> list[SelectChoice]:
    return [SelectChoice(value=m.value, label=m.label[:1].upper() + m.label[1:]) for m in members]


def choice_of(
    label: str, members: type[LabelledEnum], *, required: bool = True, hint: str = "", **kwargs: Any
) -> SelectField:
    """A closed list; the data is the enum member (or None when not required and left open)."""

    def coerce(value: Any) -> LabelledEnum | None:
        if value in ("", None, "None"):
            return None
        return members(value)

    options = (
        choices(members)
        if required
        else [SelectChoice(value="", label="Tidak ditentukan"), *choices(members)]
    )
    return _SaidField(
        label,
        choices=options,
        coerce=coerce,
        validators=[InputRequired("Pilih salah satu dari daftar.")] if required else [Optional()],
        description=hint,
        **kwargs,
    )


class _SaidField(SelectField):
    """A closed list in the words of the user's regency: kampung where that is what a desa is called."""

    def iter_choices(self) -> Iterator[Any]:
        user = me_or_none()
        said = user.words.said if user else str
        choice: Any
        for choice in super().iter_choices():
            yield choice._replace(label=said(choice.label))


def row_choice(label: str, *, required: bool = True, hint: str = "") -> SelectField:
    """A choice of a row by id; the route sets `form.field.choices` (only rows that this user may choose)."""

    def coerce(value: Any) -> int | None:
        return int(value) if value not in ("", None, "None") else None

    return SelectField(
        label,
        choices=[],
        coerce=coerce,
        validators=[InputRequired("Pilih salah satu dari daftar.")] if required else [Optional()],
        description=hint,
    )


def _row_id(value: str) -> int:
    number = int(value)
    if not 0 < number < 2**31:
        raise ValueError(value)
    return number


def ticked(label: str, most: int = 300) -> SelectMultipleField:
    """Rows ticked in a list, by id, at least one; the service checks that each may be chosen."""
    return SelectMultipleField(
        label,
        coerce=_row_id,
        choices=[],
        validate_choice=False,
        validators=[Length(1, most, "Centang dahulu barisnya.")],
    )


class LetterForm(BaseForm):
    """What every numbered paper asks: its date and where its number comes from (`numbering.assign`)."""

    letter_date = day("Tanggal surat", hint="Tahun nomor mengikuti tanggal ini")
    number_source = choice_of("Nomor", NumberSource, default=NumberSource.SERIES)
    number_text = text("Nomor dari buku agenda", longest=80, required=False)


__all__ = [
    "BaseForm",
    "BooleanField",
    "DateField",
    "FieldList",
    "FileField",
    "HiddenField",
    "LetterForm",
    "RadioField",
    "SelectChoice",
    "SelectMultipleField",
    "choice_of",
    "choices",
    "day",
    "figure",
    "mail_address",
    "nip_number",
    "paragraph",
    "row_choice",
    "telephone",
    "text",
    "ticked",
    "time_of_day",
    "whole_number",
]

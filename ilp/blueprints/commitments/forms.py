from __future__ import annotations

from decimal import Decimal

from wtforms import IntegerField, PasswordField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from ilp.models.commitments import Capacity, LiveFigure
from ilp.web.forms import (
    BaseForm,
    HiddenField,
    choice_of,
    day,
    figure,
    paragraph,
    row_choice,
    text,
    whole_number,
)


def _version() -> IntegerField:
    return whole_number("Versi", least=1)


class CommitmentForm(BaseForm):
    title = text("Judul", longest=300, hint="Tercetak sebagai judul naskah, tanpa kata KOMITMEN BERSAMA")
    preamble = paragraph("Pembukaan", longest=4000, hint="Sampai sebelum kata BERKOMITMEN")
    closing = paragraph("Penutup", longest=2000, required=False)
    place = text("Tempat penandatanganan", longest=200, required=False)
    signed_on = day("Tanggal penandatanganan", required=False)


class EditCommitmentForm(CommitmentForm):
    version = _version()


class ClauseForm(BaseForm):
    heading = text(
        "Kata pembuka", longest=120, required=False, hint="Tercetak tebal, misalnya: Menerapkan ILP"
    )
    text = paragraph("Isi butir", longest=2000)


class EditClauseForm(ClauseForm):
    version = _version()


class TargetForm(BaseForm):
    indicator = text(
        "Indikator", longest=300, hint="Apa yang dihitung, misalnya: Puskesmas yang menerapkan ILP"
    )
    unit = text("Satuan", longest=60, hint="Misalnya: Puskesmas, desa, persen")
    baseline = figure("Angka awal", default=Decimal(0))
    value = figure("Target")
    due_on = day("Tenggat")
    lead_office_id = row_choice("Penanggung jawab", hint="Satu kantor, supaya dapat ditagih")
    live_figure = choice_of(
        "Angka langsung",
        LiveFigure,
        required=False,
        hint="Dihitung sendiri dari Penerapan ILP, tidak perlu diketik",
    )


class SignatoriesForm(BaseForm):
    position_id = SelectMultipleField(
        "Jabatan",
        coerce=int,
        validators=[InputRequired("Pilih paling sedikit satu.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    capacity = choice_of("Kapasitas", Capacity)
    on_behalf_of = text("Atas nama", longest=200, required=False, hint="Diisi bila a.n. atau u.b.")


class SignForm(BaseForm):
    content_sha256 = HiddenField(default="")
    strokes = HiddenField("Tanda tangan", default="")
    typed_name = text("Ketik nama", longest=200, required=False)
    password = PasswordField(
        "Kata sandi", validators=[InputRequired("Ketik kata sandi sekali lagi sebelum menandatangani.")]
    )
    code = text("Kode masuk", longest=40, required=False)


class ReasonForm(BaseForm):
    reason = paragraph("Alasan", longest=500)

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import Optional

from ilp.policy.actions import Action
from ilp.web.deeds import DEEDS, SUBJECTS, deed
from ilp.web.forms import BaseForm, SelectChoice, day

ACTIONS = sorted({*DEEDS, *Action}, key=deed)


class FilterForm(BaseForm):
    """What an auditor looks for; it lives in the address, so it is sent by GET and needs no token."""

    class Meta(BaseForm.Meta):
        csrf = False

    perbuatan = SelectField(
        "Perbuatan",
        choices=[
            SelectChoice(value="", label="Semua perbuatan"),
            *(SelectChoice(value=str(a), label=deed(a)) for a in ACTIONS),
        ],
        validators=[Optional()],
    )
    tentang = SelectField(
        "Tentang",
        choices=[
            SelectChoice(value="", label="Semua hal"),
            *(SelectChoice(value=table, label=word) for table, word in SUBJECTS.items()),
        ],
        validators=[Optional()],
    )
    dari = day("Dari tanggal", required=False)
    sampai = day("Sampai tanggal", required=False)

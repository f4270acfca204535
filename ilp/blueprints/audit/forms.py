from __future__ import annotations

from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional

from ilp.models.audit import ADMINISTRATIVE
from ilp.web.deeds import DEEDS, RECORDED, SUBJECTS, deed
from ilp.web.forms import BaseForm, SelectChoice, day, text

ACTIONS = sorted({*DEEDS, *RECORDED}, key=deed)


class FilterForm(BaseForm):
    """What somebody looks for; it lives in the address."""

    perbuatan = SelectField(
        "Perbuatan",
        choices=[
            SelectChoice(value="", label="Semua perbuatan"),
            *(SelectChoice(value=str(a), label=deed(a)) for a in ACTIONS),
        ],
        validators=[Optional()],
    )
    tentang = SelectField("Tentang", validators=[Optional()])
    pelaku = text("Nama pelaku", longest=80, required=False)
    dari = day("Dari tanggal", required=False)
    sampai = day("Sampai tanggal", required=False)

    def __init__(self, *args: Any, contents: bool, **options: Any) -> None:
        """Without `contents` only what the administration did can be asked for."""
        super().__init__(*args, **options)
        self.tentang.choices = [
            SelectChoice(value="", label="Semua hal"),
            *(
                SelectChoice(value=table, label=word)
                for table, word in SUBJECTS.items()
                if contents or table in ADMINISTRATIVE
            ),
        ]

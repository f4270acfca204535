from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired

from ilp.web.forms import BaseForm, FileField


class UploadForm(BaseForm):
    place = SelectField(
        "Kabupaten/kota", choices=[], validators=[InputRequired("Pilih salah satu dari daftar.")]
    )
    file = FileField("Berkas Excel", validators=[InputRequired("Pilih berkas Excel-nya dahulu.")])

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms.validators import InputRequired

from ilp.web.forms import BaseForm


class FileForm(BaseForm):
    file = FileField("Berkas PDF", validators=[InputRequired("Pilih berkas PDF-nya dahulu.")])

from __future__ import annotations

from ilp.models.facilities import FacilityStatus
from ilp.web.forms import BaseForm, SelectMultipleField, choice_of, day, text


class StatusForm(BaseForm):
    standing = choice_of("Keadaan sekarang", FacilityStatus)
    on = day("Sejak tanggal")
    note = text(
        "Bukti atau alasan",
        longest=500,
        required=False,
        hint="Wajib diisi bila mundur dari keadaan sebelumnya",
    )


class MarkForm(BaseForm):
    on = day("Fokus sejak tanggal")
    note = text("Keterangan", longest=500, required=False, hint="Misalnya surat penetapannya")


class UnmarkForm(BaseForm):
    on = day("Dicabut per tanggal")
    note = text("Alasan", longest=500)


class CatchmentForm(BaseForm):
    village = SelectMultipleField("Desa/kelurahan", choices=[], validate_choice=False)

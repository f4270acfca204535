from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import InputRequired

from ilp.models.privacy import ErasureBasis
from ilp.web.forms import BaseForm, choice_of


class ErasureForm(BaseForm):
    """Why somebody's data is erased, and that it is meant."""

    basis = choice_of("Dasar penghapusan", ErasureBasis)
    meant = BooleanField(
        "Saya sudah membaca apa yang hilang dan mengerti bahwa ini tidak dapat dibatalkan",
        validators=[InputRequired("Beri tanda di sini bila data memang hendak dihapus.")],
    )

from __future__ import annotations

from ilp.models.documents import NumberSource
from ilp.web.forms import BaseForm, choice_of, choices, paragraph, text


class NumberForm(BaseForm):
    """Where the number comes from that was to follow; it cannot be left for later once more."""

    number_source = choice_of("Nomor", NumberSource, default=NumberSource.SERIES)
    number_text = text("Nomor dari buku agenda", longest=80, required=False)

    def __init__(self) -> None:
        super().__init__()
        self.number_source.choices = choices([NumberSource.SERIES, NumberSource.TYPED])


class RevokeForm(BaseForm):
    reason = paragraph("Alasan", longest=500, hint="Tampil pada halaman pemeriksaan dokumen, untuk umum")

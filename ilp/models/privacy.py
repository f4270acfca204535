"""Who looked at whose personal data (UU 27/2022): one row per account, page, record and day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, enum_type
from ilp.core.enums import LabelledEnum


class SeenPage(LabelledEnum):
    """The pages that show phone numbers or drawn signatures; the record of each is named beside it.

    Of an office's page it is the person shown, one row for each: who holds a position may change that day.
    Of the invitation to an account it is its owner.
    """

    OFFICE = "office", "Halaman kantor di direktori"
    PERSON = "person", "Halaman orang di direktori"
    HISTORY = "history", "Riwayat perubahan data orang"
    INVITING = "inviting", "Undangan akun lewat WhatsApp"
    INVITATIONS = "invitations", "Daftar undangan rapat"
    ATTENDANCE = "attendance", "Presensi rapat"
    PAPER = "paper", "Naskah bertanda tangan"
    IMPORT = "import", "Berkas impor pejabat"
    TEMPLATE = "template", "Templat impor berisi pejabat"


class ErasureBasis(LabelledEnum):
    """Why somebody's data is erased; a closed list, so that the trail repeats nothing of it."""

    REQUEST = "request", "Permintaan pemilik data"
    DECEASED = "deceased", "Pemilik data meninggal dunia"
    MISTAKE = "mistake", "Data salah dicatat"
    EXPIRED = "expired", "Tidak lagi diperlukan"


class ViewLog(Keyed, Base):
    """An account looked at a page of a record on a day (of its own zone)."""

    __tablename__ = "view_log"
    __table_args__ = (sa.UniqueConstraint("page", "record_id", "day", "account_id"),)

    page: Mapped[SeenPage] = mapped_column(enum_type(SeenPage))
    record_id: Mapped[int]
    day: Mapped[date]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

from __future__ import annotations

from ilp.core.enums import LabelledEnum
from ilp.models.directory import Constituency, Sex
from ilp.models.meetings import AttendanceStatus, InvitationStatus, MeetingKind
from ilp.services.meetings import Plan
from ilp.services.papers.invitation import Letter
from ilp.web.forms import (
    BaseForm,
    BooleanField,
    LetterForm,
    choice_of,
    choices,
    day,
    paragraph,
    row_choice,
    telephone,
    text,
    ticked,
    time_of_day,
    whole_number,
)


class Urgency(LabelledEnum):
    """Sifat of a letter; the label is what is printed."""

    NORMAL = "normal", "Biasa"
    URGENT = "urgent", "Segera"
    IMMEDIATE = "immediate", "Sangat segera"


class MeetingForm(BaseForm):
    """What a meeting is; the route fills the choices of organiser and minute-taker."""

    office_id = row_choice("Penyelenggara")
    title = text("Judul rapat", longest=200, hint="Seperti akan tercetak pada undangan dan notula")
    kind = choice_of("Jenis", MeetingKind)
    day = day("Tanggal", hint="Tanggal lampau boleh, untuk mencatat rapat yang sudah berlangsung")
    start = time_of_day("Mulai")
    end = time_of_day("Selesai", required=False, hint="Kosong berarti s.d. selesai")
    place = text("Tempat", longest=200)
    chair = text("Pimpinan rapat", longest=200, required=False, hint="Jabatan yang memimpin")
    opened_by = text("Dibuka oleh", longest=200, required=False)
    minute_taker_id = row_choice("Notulis", required=False)
    basis = paragraph("Dasar", longest=2000, required=False, hint="Peraturan atau keputusan yang mendasari")
    note = paragraph("Catatan", longest=2000, required=False, hint="Tidak tercetak pada undangan")

    def plan(self) -> Plan:
        """What was typed, as the service takes it."""
        facts = {name: value for name, value in self.payload().items() if name != "office_id"}
        return Plan(**facts)


class AgendaItemForm(BaseForm):
    title = text("Butir acara", longest=300)
    presenter = text("Penyaji", longest=200, required=False)
    minutes_planned = whole_number("Menit", least=1, most=600, required=False)


class PostponeForm(BaseForm):
    reason = text("Alasan", longest=500)
    day = day("Tanggal baru", required=False, hint="Boleh kosong bila belum ditetapkan")
    start = time_of_day("Mulai", required=False)
    end = time_of_day("Selesai", required=False, hint="Kosong berarti s.d. selesai")


class ReasonForm(BaseForm):
    reason = text("Alasan", longest=300)


class ContactForm(BaseForm):
    """Somebody who is not in the directory."""

    name = text("Nama lengkap dengan gelar", longest=300)
    title = text("Jabatan", longest=200)
    office_name = text("Instansi", longest=200, required=False)
    constituency = choice_of("Unsur", Constituency, default=Constituency.COMMUNITY)
    sex = choice_of("L/P", Sex, required=False)
    phone = telephone()


class PositionsForm(BaseForm):
    """Positions ticked in what the search found."""

    position_id = ticked("Jabatan")


class SeatsForm(BaseForm):
    """Seats ticked in the list of the invited."""

    seat = ticked("Undangan")


class InvitationLetterForm(LetterForm):
    """The invitation as a letter; the route fills the signers."""

    keep_number = BooleanField("Tetap memakai nomor surat sebelumnya")
    signer_id = row_choice("Penanda tangan")
    urgency = choice_of("Sifat", Urgency, default=Urgency.NORMAL)
    subject = text("Hal", longest=300)
    opening = paragraph("Pembuka surat", longest=2000)
    dress = text("Pakaian", longest=200, required=False)
    note = text(
        "Catatan untuk undangan",
        longest=300,
        required=False,
        hint="Misalnya: membawa data; yang diwakili menugaskan pejabat yang berwenang mengambil keputusan",
    )
    copies = paragraph("Tembusan", longest=1000, required=False, hint="Satu baris untuk satu pejabat")

    def letter(self) -> Letter:
        """What was typed, as the service takes it."""
        facts = self.payload()
        facts["urgency"] = facts["urgency"].label
        facts["copies"] = [line.strip() for line in facts["copies"].splitlines() if line.strip()]
        return Letter(**facts)


class AnswerForm(BaseForm):
    answer = choice_of("Jawaban", InvitationStatus)
    note = text(
        "Keterangan",
        longest=300,
        required=False,
        hint="Alasan bila tidak hadir; nama dan jabatan bila diwakili",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = choices(
            [InvitationStatus.ATTENDING, InvitationStatus.REPRESENTED, InvitationStatus.DECLINED]
        )


class MarkForm(BaseForm):
    """What became of a seat; name, title and sex are those of a delegate."""

    mark = choice_of("Kehadiran", AttendanceStatus)
    name = text("Nama yang mewakili", longest=300, required=False)
    title = text("Jabatan yang mewakili", longest=200, required=False)
    sex = choice_of("L/P", Sex, required=False)
    reason = text("Alasan berhalangan", longest=300, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        marks = [status for status in AttendanceStatus if status is not AttendanceStatus.ABSENT]
        self.mark.choices = choices(marks)


class WalkInForm(BaseForm):
    """Three fields; the rest may stay as it is."""

    name = text("Nama", longest=300)
    office_name = text("Instansi", longest=200)
    phone = telephone(required=True)
    sex = choice_of("L/P", Sex, required=False)
    constituency = choice_of("Unsur", Constituency, required=False)


class AttendanceListForm(BaseForm):
    signer_id = row_choice("Penanda tangan")

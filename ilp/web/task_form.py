"""The form by which a task is given, for every blueprint that gives tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget

from ilp.models.tasks import EvidenceKind
from ilp.web.forms import BaseForm, SelectMultipleField, choice_of, day, paragraph, text


def checklist(label: str) -> SelectMultipleField:
    """Rows to tick; the route sets `choices`, and nothing else can be sent."""
    return SelectMultipleField(
        label,
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class TaskForm(BaseForm):
    title = text("Tugas", longest=300, hint="Mulai dengan kata kerja: Tetapkan, Kirim, Laksanakan")
    detail = paragraph("Penjelasan", longest=5000, required=False)
    due_on = day("Tenggat")
    evidence = choice_of("Bukti yang diminta", EvidenceKind)
    offices = checklist("Dikerjakan oleh")

    def offer(self, offices: Iterable[Any]) -> None:
        """Sets the offices that may be chosen; a fresh form has all of them ticked."""
        rows = list(offices)
        self.offices.choices = [SelectChoice(value=office.id, label=office.name) for office in rows]
        if not self.is_submitted():
            self.offices.data = [office.id for office in rows]

    def message(self, today: date) -> str:
        """The key of what to say after giving: a past due date is allowed for recording, and told."""
        due = self.due_on.data
        return "tenggat-lampau" if due and due < today else "tugas-diberikan"

"""What the official papers say: the frozen content of a document, before it is set in type.

A service builds one of the four papers, stores it with the document, and never touches it again;
`adapters/pdf.py` prints it. So everything here is plain JSON (text, whole numbers, lists, dicts, None), and
the same content always gives the same bytes.

- Texts are printed as they stand: dates, times and names are written out when the content is frozen
  (`core/indonesian.py`), never recapitalised, never cut. Markup in them is printed, not obeyed.
- What is absent is `""` or `[]`; its line is then left out. Keys are never missing.
- Sums are not frozen: they are counted from the rows, so that a total cannot contradict its list.
"""

from __future__ import annotations

from typing import Literal

from ilp.core.papers.attendance import AttendancePaper
from ilp.core.papers.commitment import CommitmentPaper
from ilp.core.papers.invitation import InvitationPaper
from ilp.core.papers.minutes import MinutesPaper

Kind = Literal["invitation", "attendance", "minutes", "commitment"]
"""The papers; the members of `models.documents.DocumentKind`."""
Paper = InvitationPaper | AttendancePaper | MinutesPaper | CommitmentPaper

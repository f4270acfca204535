"""What the job process does to finish a reserved document, and what follows from its being issued."""

from __future__ import annotations

from ilp.core.config import current
from ilp.core.db import transaction
from ilp.policy.user import SYSTEM
from ilp.services import documents, signing
from ilp.services.jobs import Progress


def finish(document_id: int, progress: Progress) -> None:
    """Sets the paper in type and stores it, then issues it in one short transaction.

    Safe to repeat from any point: bytes are stored under their fingerprint, and a document that is no
    longer reserved is left alone. A commitment comes into force together with its naskah.
    """
    progress(0, "Menyusun halaman")
    rendered = documents.typeset(document_id, address=current().url)
    if rendered is None:
        return
    progress(1, "Menerbitkan")
    with transaction():
        document = documents.issue(actor=SYSTEM, document_id=document_id, rendered=rendered)
        if document is not None and document.commitment_id is not None:
            signing.put_in_force(actor=SYSTEM, commitment_id=document.commitment_id)

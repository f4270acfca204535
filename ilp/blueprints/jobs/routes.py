from __future__ import annotations

from flask import Response

from ilp.blueprints.jobs import bp
from ilp.models.jobs import Job, JobKind
from ilp.policy.access import access_job
from ilp.policy.actions import Action
from ilp.queries import documents
from ilp.web.htmx import page_or_block
from ilp.web.requires import requires
from ilp.web.session import me


@bp.get("/<id:job_id>")
@requires(Action.JOB_READ, access_job)
def show(job: Job) -> Response:
    """How far long work has come; a page that waits asks for its block."""
    about = documents.link(me(), job.target_id) if job.kind is JobKind.RENDER_DOCUMENT else None
    return page_or_block("jobs/show.html", block="job", job=job, document=about)

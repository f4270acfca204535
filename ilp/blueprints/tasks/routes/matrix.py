"""The matrix as a page and as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ilp.blueprints.tasks import bp
from ilp.blueprints.tasks.grid import Matrix, Rows, Shown
from ilp.blueprints.tasks.sheets import matrix_of
from ilp.core.clock import now
from ilp.models.tasks import TaskOrigin
from ilp.policy.actions import Action
from ilp.queries.matrix import COLUMNS_OF_A_MATRIX
from ilp.web.arguments import member_argument, number_argument
from ilp.web.htmx import page
from ilp.web.places import chosen_regency
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download_rows


def asked(regency: Any) -> Matrix:
    """What the address asks for. Raises NotFound for a word that leads nowhere."""
    return Matrix(
        user=me(),
        regency=regency,
        rows=member_argument("jenjang", Rows) or Rows.DISTRICTS,
        origin=member_argument("asal", TaskOrigin),
        body_id=number_argument("badan"),
        meeting_id=number_argument("rapat"),
        wanted=member_argument("keadaan", Shown),
        opened=request.args.get("buka", ""),
    )


@bp.get("/matriks")
@requires(Action.TASK_READ)
def show_matrix() -> Response:
    regency, regencies = chosen_regency()
    matrix = asked(regency)
    blocks, after = matrix.page(request.args.get("setelah", ""))
    return page(
        "tasks/matrix.html",
        matrix=matrix,
        regencies=regencies,
        rows=Rows,
        origins=TaskOrigin,
        shown=Shown,
        blocks=blocks,
        after=after,
        at=now(),
    )


@bp.get("/matriks.xlsx")
@requires(Action.TASK_READ)
def matrix_sheet() -> Response:
    """The rows of the matrix with this filter, all pages of them, a column for each task."""
    regency, _ = chosen_regency()
    matrix = asked(regency)
    about = [f"{regency.kind.label} {regency.name}" if regency else ""]
    about += [one.label for one in (matrix.origin, matrix.wanted) if one]
    if len(matrix.columns) == COLUMNS_OF_A_MATRIX:
        about.append(f"{len(matrix.columns)} tugas dengan tenggat terakhir")
    return download_rows(matrix_of(matrix.columns, of_villages=matrix.of_villages), matrix.lines(), *about)

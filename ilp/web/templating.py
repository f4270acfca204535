"""How templates are compiled: they print what Jinja would have them print, sooner.

A page prints hundreds of values, reads a thousand attributes and calls for its icons and badges; for each
Jinja asks first what else it might be. Here what it nearly always is comes first, and all else goes to Jinja.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import templating
from jinja2 import FileSystemBytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]

log = logging.getLogger(__name__)


def printed(value: Any) -> str:
    """The text of a value within HTML, as `markupsafe.escape` has it.

    `escape` makes each a Markup, lest it be escaped again; what is printed is only joined, and by far the
    most of it is plain text, or is a Markup already. `escaped` is the part of `escape` that does the work.
    """
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is int:
        return str(value)
    return value if kind is Markup else escape(value)


KEPT = type(lru_cache(str))
"""A function that keeps its answers, as those of icons and badges do."""


class _Context(Context):
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What wants nothing of the template is called as it is."""
        if type(called) is not KEPT or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(*args, **kwargs)


GENERATOR = "printed-attributes"
"""Changes with what `_Generator` writes: what was compiled before is not taken then."""


class _Generator(CodeGenerator):
    """Writes `environment.printed(...)` where Jinja writes `escape(...)`, and reads attributes in place.

    `environment.getattr(...)` is left for what has no such attribute: for the keys of a dict, for an error. A
    property that raises AttributeError is asked twice.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        """The two names are free again as soon as the attribute is read, so they serve for all of them."""
        self.write("(read if (read := getattr((of := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(of, {node.attr!r}))")


class Environment(templating.Environment):
    code_generator_class = _Generator
    context_class = _Context
    printed = staticmethod(printed)


class Compiled(FileSystemBytecodeCache):
    """Templates as this very Jinja and `Environment` compile them.

    A disk that takes none costs time, never an answer.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder / f"jinja-{version('jinja2')}-{GENERATOR}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            log.warning("compiled templates cannot be kept in %s", folder, exc_info=True)
        super().__init__(str(folder))

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            super().dump_bytecode(bucket)
        except OSError:
            log.warning("a compiled template was not kept", exc_info=True)

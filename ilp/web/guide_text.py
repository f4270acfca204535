"""The text of a guide as a page, with its headings, links and pictures."""

from __future__ import annotations

import html
import re
import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mistune
from markupsafe import Markup

from ilp.web.guides import FOLDER, GUIDES


@dataclass
class Guide:
    """A guide ready to be shown: its title, its parts (anchor and heading), and the text below the title."""

    title: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    body: Markup = field(default_factory=Markup)


def anchor(heading: str) -> str:
    """The anchor of a heading, as the hosts of code repositories write it: `#1-masuk`."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class _Renderer(mistune.HTMLRenderer):
    """Collects the headings; pictures and guides are found under the address of the help pages."""

    def __init__(self, guide: Guide, base: str) -> None:
        super().__init__(escape=True)
        self.guide = guide
        self.base = base

    def heading(self, text: str, level: int, **attrs: object) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text))
        if level == 1:
            self.guide.title = plain
            return ""
        name = anchor(plain)
        self.guide.anchors.add(name)
        if level == 2:
            self.guide.parts.append((name, plain))
        return f'<h{level} id="{html.escape(name)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        guide, _, part = url.partition(".md")
        return super().link(text, f"{self.base}{guide}{part}" if guide in GUIDES else url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        kind = "phone" if url.endswith("-360.png") else "screen"
        source = html.escape(self.base + url)
        size = _size(FOLDER / url)
        return f'<img class="{kind}" src="{source}" alt="{html.escape(text)}"{size} loading="lazy">'

    def table(self, text: str) -> str:
        return f'<div class="scroll" tabindex="0"><table class="table">{text}</table></div>\n'


def _size(picture: Path) -> str:
    """Width and height of a PNG, so that its room is kept and an anchor below it stays where it is."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return f' width="{width}" height="{height}"'


@cache
def read_guide(name: str, base: str) -> Guide:
    """A guide whose links and pictures lie under the address `base`. Read once; raw HTML in it is text.

    Raises FileNotFoundError where the guides were not installed with the product.
    """
    guide = Guide()
    to_html = mistune.create_markdown(renderer=_Renderer(guide, base), plugins=["table"])
    text = to_html((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    guide.body = Markup(text)  # noqa: S704 (our own text, rendered with escape=True)
    return guide

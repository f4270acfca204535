"""QR symbols as SVG, sized in millimetres by themselves, for papers and pages."""

from __future__ import annotations

import io


def qr_svg(text: str, mm: int) -> str:
    """A symbol of `mm` millimetres, error level Q, without a quiet zone: the page around it gives that.

    An address in upper case takes the alphanumeric mode and so the smallest symbol. Never a Micro QR, which
    phones do not read. The same text always gives the same SVG.
    """
    import segno  # noqa: PLC0415 (with a parser of XML, which pages hardly ever need)

    drawing = io.BytesIO()
    segno.make_qr(text, error="q").save(
        drawing, kind="svg", border=0, omitsize=True, xmldecl=False, nl=False, svgclass=None, lineclass=None
    )
    return drawing.getvalue().decode().replace("<svg ", f'<svg width="{mm}mm" height="{mm}mm" ', 1)

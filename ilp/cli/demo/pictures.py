"""A photograph that nobody took: a drawn notice board, so that the evidence of the demo can be looked at."""

from __future__ import annotations

from io import BytesIO

from ilp.services.files import Kept, keep_photo

SKY, GROUND, WALL, BOARD, INK, LINE = "#cfe3e8", "#b7c7a3", "#f4efe3", "#ffffff", "#1d4f45", "#9fb8b1"


def notice_board() -> Kept:
    """Draws, encodes and keeps a notice board of a Posyandu before a wall; marked as an example."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - 4 MB that web processes never need

    image = Image.new("RGB", (1200, 900), SKY)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 640, 1200, 900), fill=GROUND)
    pen.rectangle((60, 120, 1140, 700), fill=WALL)
    pen.rectangle((260, 190, 940, 620), fill=BOARD, outline=INK, width=10)
    pen.text((600, 245), "PAPAN INFORMASI POSYANDU", fill=INK, anchor="mm", font_size=40)
    for row in range(5):
        top = 300 + row * 48
        pen.rectangle((310, top, 360, top + 28), fill=INK)
        pen.rectangle((385, top + 4, 820 - row * 35, top + 24), fill=LINE)
    pen.text((600, 580), "Gambar contoh, bukan foto kegiatan", fill=INK, anchor="mm", font_size=24)
    pen.rectangle((330, 620, 350, 780), fill=INK)
    pen.rectangle((850, 620, 870, 780), fill=INK)
    data = BytesIO()
    image.save(data, "JPEG", quality=85)
    return keep_photo("papan-informasi-contoh.jpg", data.getvalue())

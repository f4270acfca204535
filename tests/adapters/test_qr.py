from __future__ import annotations

from ilp.adapters.qr import qr_svg

ADDRESS = "HTTPS://SIMPUL.EXAMPLE/V/7K3M92QDWX4T/1"


def test_symbol_states_its_size_in_millimetres() -> None:
    svg = qr_svg(ADDRESS, 15)

    assert svg.startswith("<svg")
    assert 'width="15mm" height="15mm"' in svg


def test_upper_case_address_makes_the_smaller_symbol() -> None:
    assert len(qr_svg(ADDRESS, 15)) < len(qr_svg(ADDRESS.lower(), 15))


def test_same_text_gives_the_same_symbol() -> None:
    assert qr_svg(ADDRESS, 15) == qr_svg(ADDRESS, 15)

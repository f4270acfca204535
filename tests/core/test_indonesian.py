from __future__ import annotations

from datetime import date, time

import pytest

from ilp.core import indonesian

TUESDAY = date(2024, 10, 15)


def test_dates_are_written_in_the_four_usual_ways() -> None:
    assert indonesian.long_date(TUESDAY) == "Selasa, 15 Oktober 2024"
    assert indonesian.plain_date(date(2026, 11, 1)) == "1 November 2026"
    assert indonesian.short_date(date(2024, 6, 5)) == "05/06/2024"
    begins, ends = date(2026, 12, 17), date(2026, 12, 31)
    assert indonesian.days_of(begins, ends, begins) == "17/12/2026 s.d. 31/12/2026"
    assert indonesian.days_of(begins, None, begins) == "17/12/2026 s.d. sekarang"
    assert indonesian.days_of(begins, None, date(2026, 12, 16)) == "mulai 17/12/2026"


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (date(2024, 9, 18), "Rabu"),
        (date(2024, 6, 20), "Kamis"),
        (TUESDAY, "Selasa"),
        (date(2026, 11, 22), "Minggu"),
    ],
)
def test_weekdays_of_known_days(day: date, weekday: str) -> None:
    assert indonesian.long_date(day).startswith(f"{weekday}, ")


@pytest.mark.parametrize(("value", "figure"), [(4, "IV"), (14, "XIV"), (1999, "MCMXCIX"), (2024, "MMXXIV")])
def test_roman_figures(value: int, figure: str) -> None:
    assert indonesian.roman(value) == figure


@pytest.mark.parametrize("value", [0, -1, 4000])
def test_roman_figures_have_ends(value: int) -> None:
    with pytest.raises(ValueError, match="no Roman figure"):
        indonesian.roman(value)


@pytest.mark.parametrize(
    ("day", "words"),
    [(14, "Kemarin"), (15, "Hari ini"), (16, "Besok"), (13, "13/10/2024"), (17, "17/10/2024")],
)
def test_days_near_today_have_words(day: int, words: str) -> None:
    assert indonesian.relative_day(TUESDAY.replace(day=day), TUESDAY) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2024, 10, 11), "Lewat 4 hari"),
        (date(2024, 10, 14), "Lewat 1 hari"),
        (TUESDAY, "Hari ini"),
        (date(2024, 10, 16), "Besok"),
        (date(2024, 10, 21), "6 hari lagi"),
        (date(2024, 12, 13), "13/12/2024"),
    ],
)
def test_due_dates_say_how_they_stand(due: date, words: str) -> None:
    assert indonesian.due_words(due, TUESDAY) == words


def test_clock_has_a_full_stop() -> None:
    assert indonesian.clock(time(9, 2)) == "09.02"
    assert indonesian.clock_range(time(8), time(13, 10), "WIB") == "pukul 08.00 s.d. 13.10 WIB"
    assert indonesian.clock_range(time(8), None, "WITA") == "pukul 08.00 WITA s.d. selesai"


def test_numbers_have_full_stops_and_a_comma() -> None:
    assert indonesian.number(83762) == "83.762"
    assert indonesian.number(1234.5, 1) == "1.234,5"
    assert indonesian.number(-1000000, 2) == "-1.000.000,00"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (185, "seratus delapan puluh lima"),
        (200, "dua ratus"),
        (1000, "seribu"),
        (1011, "seribu sebelas"),
        (1100, "seribu seratus"),
        (2024, "dua ribu dua puluh empat"),
        (11000, "sebelas ribu"),
        (83762, "delapan puluh tiga ribu tujuh ratus enam puluh dua"),
        (100000, "seratus ribu"),
        (101000, "seratus satu ribu"),
        (1000000, "satu juta"),
        (1001000, "satu juta seribu"),
        (2500000000, "dua miliar lima ratus juta"),
        (10**12, "satu triliun"),
        (-2, "minus dua"),
    ],
)
def test_terbilang(value: int, words: str) -> None:
    assert indonesian.terbilang(value) == words


def test_terbilang_has_an_end() -> None:
    assert indonesian.terbilang(10**15 - 1).startswith("sembilan ratus sembilan puluh sembilan triliun")
    with pytest.raises(ValueError, match="too large"):
        indonesian.terbilang(10**15)


def test_counts_carry_their_words() -> None:
    assert indonesian.counted(3, "lembar") == "3 (tiga) lembar"
    assert indonesian.counted(1185, "orang") == "1.185 (seribu seratus delapan puluh lima) orang"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a dan b"), (["a", "b", "c"], "a, b dan c")],
)
def test_lists_read_as_a_sentence(parts: list[str], sentence: str) -> None:
    assert indonesian.joined(parts) == sentence


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (("", "Nur Contoh", ""), "Nur Contoh"),
        (("dr. Hj.", "Ratna Umpama", "M.Kes."), "dr. Hj. Ratna Umpama, M.Kes."),
        (
            ("Dr. dr. H.", "CONTOH PANJANG SEKALI", "Sp.PD., M.Kes."),
            "Dr. dr. H. CONTOH PANJANG SEKALI, Sp.PD., M.Kes.",
        ),
        (("", "Siti de Misal", "A.Md.Keb."), "Siti de Misal, A.Md.Keb."),
    ],
)
def test_full_names_keep_every_letter_as_typed(fields: tuple[str, str, str], name: str) -> None:
    assert indonesian.full_name(*fields) == name


def test_sort_key_folds_case_and_accents() -> None:
    names = ["Zahra Misal", "ÉLOK Umpama", "eko  Contoh", "Budi Rekaan"]
    assert sorted(names, key=indonesian.sort_key) == [
        "Budi Rekaan",
        "eko  Contoh",
        "ÉLOK Umpama",
        "Zahra Misal",
    ]
    assert indonesian.sort_key(" ÉLOK  Umpama ") == "elok umpama"


def test_nip_is_printed_in_groups() -> None:
    assert indonesian.nip("190001011920011001") == "19000101 192001 1 001"
    assert indonesian.nip("123") == "123"


@pytest.mark.parametrize(
    ("title", "office", "expected"),
    [
        ("Camat Dampit", "Kecamatan Dampit", "Camat Dampit"),
        ("Ketua PPNI", "Persatuan Perawat Nasional Indonesia (PPNI) Kabupaten Malang", "Ketua PPNI"),
        ("Kepala Dinas Kesehatan", "Dinas Kesehatan Kabupaten Malang", "Kepala Dinas Kesehatan"),
        ("Sekretaris Dinas", "Dinas Sosial Kota Blitar", "Sekretaris Dinas, Dinas Sosial Kota Blitar"),
        ("Inspektur", "Inspektorat Kabupaten Malang", "Inspektur, Inspektorat Kabupaten Malang"),
        ("Warga", "", "Warga"),
        ("", "Radio Kepanjen", "Radio Kepanjen"),
    ],
)
def test_title_names_its_office_once(title: str, office: str, expected: str) -> None:
    assert indonesian.with_office(title, office) == expected


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+6281234564471", "0812 **** 4471"), ("0341555123", "0341 **** 5123"), ("112", "****"), ("", "")],
)
def test_a_masked_phone_cannot_be_called(phone: str, shown: str) -> None:
    assert indonesian.masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("dr. Budi Contoh, M.Kes", ("dr.", "M.Kes")),
        ("dr.Budi Contoh", ("dr.", "")),
        ("Drs H. Surya Contoh M. Si.", ("Drs H.", "M.Si.")),
        ("Prof. Dr. Ir. Contoh", ("Prof. Dr. Ir.", "")),
        ("HJ RATNA CONTOH SKM MM", ("HJ", "SKM MM")),
        ("K.H. Contoh", ("K.H.", "")),
        ("Ratna Contoh A.Md.Keb.", ("", "A.Md.Keb.")),
        ("Ratna Contoh, Ners", ("", "Ners")),
        ("Ratna Contoh S.IP., M.M.", ("", "S.IP., M.M.")),
        ("Ratna Contoh S. Kep., Ns., M. Kep", ("", "S.Kep., Ns., M. Kep")),
        ("ANDI ST. AMINAH", ("", "")),
        ("MUHAMMAD MT CONTOH", ("", "")),
        ("H.M. Contoh", ("", "")),
        ("H. M. Contoh", ("H.", "")),
        ("Drajat Contoh", ("", "")),
        ("Dra", ("", "")),
        ("Irma Draha Contoh", ("", "")),
        ("Hadi H. Contoh", ("", "")),
        ("M. Ali Contoh", ("", "")),
        ("A. M. Contoh", ("", "")),
        ("Budi S. Contoh", ("", "")),
        ("Siti Mas'ud", ("", "")),
        ("Profitasari Contoh", ("", "")),
        ("Sri Hs Contoh", ("", "")),
    ],
)
def test_titles_are_told_from_the_name_they_stand_beside(name: str, titles: tuple[str, str]) -> None:
    assert indonesian.titles_in(name) == titles

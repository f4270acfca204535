from __future__ import annotations

from wtforms import Field
from wtforms.validators import ValidationError

from ilp.core.clock import Zone, today
from ilp.models.wilayah import DISTRICT_WORDS, VILLAGE_WORDS
from ilp.web.forms import BaseForm, BooleanField, choice_of, day, text, whole_number
from ilp.web.places import word_choice


class CustomsForm(BaseForm):
    zone = choice_of("Zona waktu", Zone)
    district_label = word_choice("Sebutan kecamatan", DISTRICT_WORDS)
    village_label = word_choice("Sebutan desa", VILLAGE_WORDS)
    version = whole_number("Versi")


class PasswordRuleForm(BaseForm):
    password_mixture = BooleanField(
        "Wajib memuat huruf besar, huruf kecil, angka, dan tanda baca",
        description="Menurut aturan nasional. Berlaku untuk kata sandi yang dibuat sesudah ini.",
    )
    password_days = whole_number(
        "Umur kata sandi",
        least=30,
        most=730,
        required=False,
        hint="Dalam hari; kosong: tidak dibatasi",
    )


class BackupForm(BaseForm):
    backup_on = day("Cadangan terakhir dibuat")
    backup_place = text("Disimpan di", longest=200, hint="Misalnya: cakram luar di brankas Bagian Umum")

    def validate_backup_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError("Tanggal ini belum tiba. Catat cadangan yang sudah dibuat.")

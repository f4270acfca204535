from __future__ import annotations

import re

from wtforms import Field
from wtforms.validators import ValidationError

from ilp.models.accounts import Role
from ilp.web.forms import BaseForm, choice_of, row_choice, text
from ilp.web.passwords import NewPasswordForm, password

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class ChangePasswordForm(NewPasswordForm):
    """The order of the fields is that of the class: the old password is asked first by the template."""

    old_password = password("Kata sandi sekarang")


class CodeForm(BaseForm):
    code = text("Kode", longest=40)


class LinkForm(BaseForm):
    mail_to = text("Alamat surat elektronik", longest=254, required=False)

    def validate_mail_to(self, field: Field) -> None:
        if field.data and not ADDRESS.fullmatch(field.data):
            raise ValidationError("Alamat surat elektronik ini tidak lengkap, contoh: nama@contoh.go.id.")


class GrantForm(BaseForm):
    role = choice_of("Peran", Role)
    office_id = row_choice("Kantor")


class NewAccountForm(GrantForm):
    person_id = row_choice(
        "Pemilik",
        required=False,
        hint="Pejabat kantor itu, atau bersama bila beberapa orang memakai satu ponsel",
    )
    username = text("Nama pengguna", longest=80, hint="Misalnya camat.kepanjen")

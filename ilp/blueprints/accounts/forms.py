from __future__ import annotations

from ilp.models.accounts import Role
from ilp.web.forms import BaseForm, choice_of, mail_address, row_choice, text
from ilp.web.passwords import CodeForm, NewPasswordForm, password


class ChangePasswordForm(NewPasswordForm):
    """The order of the fields is that of the class: the old password is asked first by the template."""

    old_password = password("Kata sandi sekarang")


class EnableForm(CodeForm):
    password = password("Kata sandi")


class LinkForm(BaseForm):
    mail_to = mail_address()


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

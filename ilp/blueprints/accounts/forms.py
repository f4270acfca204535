from __future__ import annotations

from ilp.models.accounts import Role
from ilp.web.forms import BaseForm, choice_of, row_choice, text
from ilp.web.passwords import NewPasswordForm, password


class ChangePasswordForm(NewPasswordForm):
    """The order of the fields is that of the class: the old password is asked first by the template."""

    old_password = password("Kata sandi sekarang")


class GrantForm(BaseForm):
    role = choice_of("Peran", Role)
    office_id = row_choice("Kantor")


class NewAccountForm(GrantForm):
    username = text("Nama pengguna", longest=80, hint="Misalnya camat.kepanjen")

from __future__ import annotations

from wtforms.widgets import PasswordInput

from ilp.web.forms import BaseForm, HiddenField, text
from ilp.web.passwords import CodeForm, password


class LoginForm(BaseForm):
    username = text("Nama pengguna", longest=80)
    password = password("Kata sandi")
    next = HiddenField()

    def fill_in(self, username: str, password: str) -> None:
        """Writes a demo login into the form, so that one more tap opens it."""
        self.username.data = username
        self.password.data = password
        self.password.widget = PasswordInput(hide_value=False)


class LoginCodeForm(CodeForm):
    next = HiddenField()


class HoldLinkForm(BaseForm):
    """The one button of a personal link's page."""

"""The form fields in which passwords and codes are typed; a password is never put back into a page."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from ilp.core.passwords import LONGEST, SHORTEST
from ilp.web.forms import BaseForm, text


def password(label: str, *, hint: str = "") -> PasswordField:
    """One password, as it was typed: neither trimmed nor cut."""
    return PasswordField(
        label,
        validators=[
            InputRequired("Bagian ini perlu diisi."),
            Length(max=LONGEST, message=f"Terlalu panjang: paling banyak {LONGEST} huruf."),
        ],
        description=hint,
    )


class CodeForm(BaseForm):
    """A code from the phone, of a recovery sheet, or from the terminal; blanks and hyphens do not matter."""

    code = text("Kode", longest=40)


class NewPasswordForm(BaseForm):
    """A new password, typed twice."""

    new_password = password(
        "Kata sandi baru", hint=f"Sekurangnya {SHORTEST} huruf. Beberapa kata acak mudah diingat."
    )
    repeated_password = password("Kata sandi baru, sekali lagi")

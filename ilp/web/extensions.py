"""Flask extensions, made once and bound to the application in `create_app`."""

from __future__ import annotations

from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect

compress = Compress()
csrf = CSRFProtect()
login = LoginManager()

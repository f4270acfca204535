"""Settings: read once from the environment, with safe defaults. Nothing else reads the environment."""

from __future__ import annotations

import ipaddress
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from functools import cached_property
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flask import current_app

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1024 * 1024
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
"""How the address of a database begins."""


class ConfigError(SystemExit):
    """The product refuses to start with this setting; the message says which and why.

    It ends whatever process would start with it, with this sentence and nothing else.
    """


PAGE_OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0"
"""PostgreSQL neither compiles a statement nor starts further processes for it: a search in the nation would
take ten times as long with the one, five times with the other."""
POSTGRESQL = {"isolation_level": "AUTOCOMMIT", "pool_size": 8, "connect_args": {"options": PAGE_OPTIONS}}


@dataclass(frozen=True)
class Config:
    """All that the operator decides. See README for each environment variable."""

    instance: Path
    database_url: str
    url: str
    port: int
    bind: str
    demo: bool
    allow_http: bool
    secret_key: str
    smtp_url: str
    mail_from: str
    proxies: int = 0
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    oidc_name: str = "akun pemerintah"

    @classmethod
    def from_environment(cls, env: dict[str, str] | None = None) -> Config:
        """Raises ConfigError for an address or number that is none, mail without sender, http outside."""
        env = dict(os.environ) if env is None else env
        instance = Path(env.get("ILP_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        _close(instance)
        port = _number(env, "PORT", 8000, range(1, 2**16))
        url = (env.get("ILP_URL") or f"http://127.0.0.1:{port}").rstrip("/")
        demo = env.get("ILP_DEMO", "1") != "0"
        config = cls(
            instance=instance,
            database_url=_database(env.get("DATABASE_URL") or f"sqlite:///{instance / 'ilp.db'}"),
            url=url,
            port=port,
            bind=env.get("ILP_BIND") or ("127.0.0.1" if _is_loopback(url) else "0.0.0.0"),  # noqa: S104
            demo=demo,
            allow_http=env.get("ILP_IZINKAN_HTTP") == "1",
            secret_key=_secret(instance / "secret.key"),
            smtp_url=env.get("ILP_SMTP", ""),
            mail_from=env.get("ILP_SMTP_DARI", ""),
            proxies=_number(env, "ILP_PROKSI", 0, range(100)),
            oidc_issuer=env.get("ILP_OIDC_ISSUER", ""),
            oidc_client=env.get("ILP_OIDC_CLIENT_ID", ""),
            oidc_secret=env.get("ILP_OIDC_CLIENT_SECRET", ""),
            oidc_name=env.get("ILP_OIDC_NAMA") or "akun pemerintah",
        )
        config.check()
        return config

    def check(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            raise ConfigError(
                f"ILP_URL harus berupa alamat tanpa jalur (https://ilp.contoh.go.id), bukan {self.url}"
            )
        if parts.scheme == "http" and not (self.loopback or self.demo or self.allow_http):
            raise ConfigError(
                "Tanpa HTTPS aplikasi tidak dijalankan. Pasang sertifikat, atau setel ILP_IZINKAN_HTTP=1."
            )

        if self.smtp_url and not _is_mailbox(self.mail_from):
            raise ConfigError(
                "Dengan ILP_SMTP, ILP_SMTP_DARI harus berupa alamat pengirim (simpul@contoh.go.id), "
                f"bukan {self.mail_from or 'kosong'}"
            )
        if self.oidc_issuer and not (
            self.oidc_issuer.startswith("https://") or _is_loopback(self.oidc_issuer)
        ):
            raise ConfigError(f"ILP_OIDC_ISSUER harus berupa alamat https, bukan {self.oidc_issuer}")
        if bool(self.oidc_issuer) != bool(self.oidc_client):
            raise ConfigError("ILP_OIDC_ISSUER dan ILP_OIDC_CLIENT_ID disetel bersama.")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @cached_property
    def https(self) -> bool:
        return self.url.startswith("https://")

    @cached_property
    def loopback(self) -> bool:
        return _is_loopback(self.url)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Host names that requests may carry; anything else is answered with 400."""
        host = urlsplit(self.url).hostname or ""
        return frozenset({"127.0.0.1", "localhost", "::1"} if self.loopback else {host})

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def compiled(self) -> Path:
        """Where compiled templates are kept: compiling them takes longer than all else of a start."""
        return self.instance / "templates"

    def flask(self) -> dict[str, object]:
        """The same settings under the names Flask and its extensions expect."""
        url = self.database_url
        if url.startswith("postgres://"):
            url = "postgresql://" + url.removeprefix("postgres://")
        engine = {} if self.is_sqlite else POSTGRESQL
        return {
            "ILP": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine,
            "SESSION_COOKIE_NAME": "__Host-ilp" if self.https else "ilp",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_PROTECTION": None,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
            "PROVIDE_AUTOMATIC_OPTIONS": False,
            "MAX_CONTENT_LENGTH": 40 * MEBIBYTE,
            "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
            "MAX_FORM_PARTS": 2000,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": True,
            "TEMPLATES_AUTO_RELOAD": False,
        }


def current() -> Config:
    """The settings of the application at work: like the database session, they hang on Flask's context."""
    return cast(Config, current_app.config["ILP"])


def _number(env: dict[str, str], name: str, default: int, allowed: range) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) not in allowed:
        raise ConfigError(f"{name} harus berupa angka dari {allowed[0]} sampai {allowed[-1]}, bukan {text}")
    return int(text)


def _database(url: str) -> str:
    if not url.startswith(DATABASES) or url in DATABASES:
        raise ConfigError(
            "DATABASE_URL harus berupa alamat SQLite (sqlite:////data/ilp.db) atau PostgreSQL "
            "(postgresql://ilp@localhost/ilp)."
        )
    return url


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_mailbox(text: str) -> bool:
    try:
        return bool(Address(addr_spec=text).domain)
    except (ValueError, IndexError, MessageError):
        return False


def _close(folder: Path) -> None:
    """Keeps other users of the machine out: names, sessions, and a queue whose pickles are code."""
    if folder.stat().st_uid == os.getuid():
        folder.chmod(0o700)


def _secret(path: Path) -> str:
    """The installation's own key, made once, readable by its user only.

    Written aside and linked into place: of several processes that start at once, all read the same whole key.
    """
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()

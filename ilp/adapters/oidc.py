"""Asking a login service who somebody is: OpenID Connect, code flow with PKCE.

Authlib is only loaded where a service is configured. Nothing that the browser carries is believed: the answer
must come from our own question (state), the token must be signed by the service, made for us, for this very
question (nonce), and not be old.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

TIMEOUT = 5
"""Seconds for one answer of the service."""
KNOWN_FOR, AWAY_FOR = 600, 30
"""Seconds for which what a service says of itself is believed, and for which one that failed is left alone.

Anybody may press the button: it must cost the service and our web process next to nothing.
"""
LEEWAY = 60
"""Seconds by which the clocks of two machines may differ."""
ALGORITHMS = ["RS256", "PS256", "ES256"]
SCOPE = "openid email"


class OidcRefused(Exception):
    """The answer of the service cannot be believed, or it is away. The message is for the log only."""


@dataclass(frozen=True)
class Service:
    """Where the login service is, and who we are there."""

    issuer: str
    client: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True)
class Question:
    """What we keep until the answer comes back, in the visitor's signed cookie."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is at an issuer; the e-mail address only if the issuer has verified it."""

    issuer: str
    subject: str
    email: str


def ask(service: Service) -> tuple[str, Question]:
    """The address at which the service asks the visitor, and what to keep. Raises OidcRefused."""
    question = Question(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    with _session(service) as session:
        address, _ = session.create_authorization_url(
            _metadata(session, service)["authorization_endpoint"],
            state=question.state,
            nonce=question.nonce,
            code_verifier=question.verifier,
        )
    return str(address), question


def answer(service: Service, question: Question, *, state: str, code: str) -> Identity:
    """Changes the code for a token and believes it only if all of it fits. Raises OidcRefused."""
    if not code or not secrets.compare_digest(state.encode(), question.state.encode()):
        raise OidcRefused("the answer does not belong to our question")
    from joserfc.errors import JoseError  # noqa: PLC0415

    with _session(service) as session:
        metadata = _metadata(session, service)
        try:
            token = session.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=question.verifier, timeout=TIMEOUT
            )
            claims = _believed(session, service, metadata, token["id_token"], question.nonce)
        except (JoseError, KeyError, ValueError) as error:
            raise OidcRefused(f"the token is refused: {error}") from error
    verified = claims.get("email_verified") in (True, "true")
    return Identity(
        service.issuer, str(claims["sub"])[:255], str(claims.get("email", "")) if verified else ""
    )


def _believed(session: Any, service: Service, metadata: Any, token: str, nonce: str) -> dict[str, Any]:
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    keys = KeySet.import_key_set(_json(session, metadata["jwks_uri"]))
    claims: dict[str, Any] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": service.issuer},
        aud={"essential": True, "value": service.client},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    rules.validate(claims)
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != service.client:
        raise OidcRefused("the token was made for somebody else, too")
    return claims


@dataclass
class _Known:
    """What an issuer said of itself, or why it could not be asked, and until when that is good."""

    until: float = 0.0
    metadata: Any = None
    refusal: str = ""
    asking: Lock = field(default_factory=Lock)


_known: dict[str, _Known] = {}
"""By issuer, of which a configuration names one."""


def _metadata(session: Any, service: Service) -> Any:
    """Asked once in ten minutes by each process; those who come meanwhile wait for that one answer."""
    known = _known.setdefault(service.issuer, _Known())
    with known.asking:
        if known.until < monotonic():
            known.metadata, known.refusal = None, ""
            try:
                known.metadata = _described(session, service)
            except Exception as error:
                known.refusal = str(error) or type(error).__name__
                raise
            finally:
                known.until = monotonic() + (AWAY_FOR if known.refusal else KNOWN_FOR)
    if known.refusal:
        raise OidcRefused(f"a moment ago: {known.refusal}")
    return known.metadata


def forget() -> None:
    """The next question asks the service again what it says of itself."""
    _known.clear()


def _described(session: Any, service: Service) -> Any:
    found = _json(session, service.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != service.issuer:
        raise OidcRefused(f"the service calls itself {found.get('issuer')}")
    return found


def _json(session: Any, address: str) -> Any:
    answer = session.get(address, timeout=TIMEOUT, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


@contextmanager
def _session(service: Service) -> Iterator[Any]:
    """A client of the service; whatever the network or the service does wrong becomes OidcRefused."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415
    from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    try:
        with OAuth2Session(
            service.client,
            service.secret or None,
            scope=SCOPE,
            redirect_uri=service.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if service.secret else "none",
        ) as session:
            yield session
    except (AuthlibBaseError, RequestException, KeyError, ValueError) as error:
        raise OidcRefused(f"the service did not answer as it should: {error}") from error

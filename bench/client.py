"""A client that costs little beside what it measures, and a visitor who logs in and reads forms with it."""

from __future__ import annotations

import re
import secrets
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

from bs4 import BeautifulSoup

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
ENCODINGS = "gzip, br"
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes


class Line:
    """One kept-alive connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """Sends a request and reads the answer; a line that was closed while idle is opened again."""
        if self._socket is not None:
            try:
                return self._exchange(self._socket, request)
            except (ConnectionError, EOFError):
                self.close()
        self._socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(self._socket, request)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, line: socket.socket, request: bytes) -> Answer:
        line.sendall(request)
        received = line.recv(65536)
        while b"\r\n\r\n" not in received:
            received += self._more(line)
        head, _, body = received.partition(b"\r\n\r\n")
        status, length = int(head[9:12]), LENGTH.search(head)
        expected = int(length[1]) if length and status != 204 else 0
        while len(body) < expected:
            body += self._more(line)
        if CLOSING.search(head):
            self.close()
        return Answer(status, head, body)

    @staticmethod
    def _more(line: socket.socket) -> bytes:
        piece = line.recv(65536)
        if not piece:
            raise EOFError
        return piece


@dataclass
class Visitor:
    """Somebody at a browser: a cookie, and the CSRF value of the pages it has seen."""

    line: Line
    cookie: str = ""
    csrf: str = ""

    @classmethod
    def logged_in(cls, line: Line, username: str, password: str) -> Visitor:
        """Goes through the login form. Raises RuntimeError if it is not let in."""
        visitor = cls(line)
        fields = visitor.form("/masuk", "/masuk")
        answer = visitor.post("/masuk", {**fields, "username": username, "password": password})
        if answer.status != 303:
            raise RuntimeError(f"{username} is not let in: {answer.status}")
        visitor.form("/", "/keluar")
        return visitor

    def get(self, path: str, *, encodings: str = "") -> Answer:
        return self._heard(self.line.ask(self.request("GET", path, encodings=encodings)))

    def post(self, path: str, fields: dict[str, str], *, htmx: bool = False) -> Answer:
        return self._heard(self.line.ask(self.request("POST", path, fields, htmx=htmx)))

    def form(self, path: str, action: str, *, htmx: bool = False) -> dict[str, str]:
        """What the form of a page with this action would send as it stands."""
        answer = self._heard(self.line.ask(self.request("GET", path, htmx=htmx)))
        found = BeautifulSoup(answer.body, "html.parser").find("form", action=action)
        if found is None:
            raise RuntimeError(f"{path} ({answer.status}) has no form for {action}")
        fields: dict[str, str] = {}
        for one in found.find_all(["input", "textarea"]):
            chosen = one.get("type") not in ("radio", "checkbox") or one.has_attr("checked")
            if one.get("name") and chosen:
                fields[str(one["name"])] = str(one.get("value", ""))
        for one in found.find_all("select"):
            options = one.find_all("option", selected=True) or one.find_all("option", limit=1)
            fields |= {str(one["name"]): str(option.get("value", "")) for option in options}
        self.csrf = fields["csrf_token"]
        return fields

    def request(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        htmx: bool = False,
        encodings: str = "",
    ) -> bytes:
        """The bytes a browser would send."""
        body = urlencode(fields).encode() if fields else b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.line.port}"]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        lines += [f"Accept-Encoding: {encodings}"] if encodings else []
        lines += ["HX-Request: true", "HX-Request-Type: partial", f"X-CSRFToken: {self.csrf}"] if htmx else []
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def at(self, port: int) -> Visitor:
        """The same visitor at another server of the same database."""
        return Visitor(Line(port), self.cookie, self.csrf)

    def _heard(self, answer: Answer) -> Answer:
        cookie = COOKIE.search(answer.head)
        if cookie:
            self.cookie = cookie[1].decode()
        return answer


def new_key() -> str:
    """The key of one form that is sent once."""
    return secrets.token_hex(16)

"""Sends one plain mail over SMTP. Nothing typed by anybody can become a header or a recipient."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

TIMEOUT = 15


class MailRefused(Exception):
    """The mail can never go out as it is: there is no such address."""


@dataclass(frozen=True)
class Mail:
    """`id` is the same for every attempt, so that a mail program shows a repeated mail once."""

    id: str
    to: str
    subject: str
    text: str


def send(mail: Mail, *, server: str, sender: str) -> None:
    """Hands a mail to a server: `smtp://` (with STARTTLS if offered) or `smtps://`.

    The server's address holds a name and password if it wants any. Raises MailRefused for what is
    no address, OSError or SMTPException if the server is away or refuses.
    """
    parts = urlsplit(server)
    host, port = parts.hostname or "localhost", parts.port
    message = compose(mail, sender)
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    with connection as smtp:
        smtp.ehlo()
        if parts.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        smtp.send_message(message, from_addr=sender, to_addrs=[mail.to])


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message as it goes out."""
    message = EmailMessage()
    for header, address in (("From", sender), ("To", mail.to)):
        try:
            message[header] = Address(addr_spec=address)
        except (ValueError, IndexError, MessageError) as error:
            raise MailRefused(address) from error
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message

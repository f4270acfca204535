"""Addresses of our own: whole ones for papers and links, and the paths that a redirect may follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, current_app, request

from ilp.core.config import current

HOME_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\xa0\u2028\u2029]{0,2000}")


def path_at_home(text: str) -> str:
    """The text if it is a path of this very site, else nothing: a redirect never leaves the house."""
    return text if HOME_PATH.fullmatch(text) else ""


def page_before() -> str:
    """The path of the page of ours that a request came from; nothing if the browser does not tell."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host:
        return ""
    return path_at_home(f"{came.path}?{came.query}" if came.query else came.path)


def fixed_urls(app: Flask) -> Callable[[str], str]:
    """`fixed_url(endpoint)`: the path of a page without arguments, built once, for every page names many."""
    return cache(app.url_map.bind("").build)


def whatsapp_url(text: str, phone: str = "") -> str:
    """Opens WhatsApp with a text ready to send: to a number as the directory keeps it, or to be chosen."""
    digits = re.sub(r"\D", "", phone)
    number = f"62{digits[1:]}" if digits.startswith("0") else digits
    return f"https://wa.me/{number}?{urlencode({'text': text}, quote_via=quote)}"


def whole_url(endpoint: str, **values: Any) -> str:
    """An address to be sent to somebody: built from ILP_URL only, never from the request's host."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return current().url + path

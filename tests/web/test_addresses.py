from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilp.web.addresses import path_at_home, whole_url


@pytest.mark.parametrize("path", ["/", "/rapat/17", "/rapat/?cari=a%20b&x=1", "/a//b", "/a#b", "/.//x"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert path_at_home(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "//x",
        "/\\x",
        "\\/x",
        "///x",
        "http://x",
        "HTTPS://x",
        "javascript:x",
        "/a b",
        "/a\nb",
        "/\t/x",
        "/a\\b",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert path_at_home(text) == ""


@given(st.text())
def test_whatever_is_followed_begins_with_one_slash(text: str) -> None:
    path = path_at_home(text)
    assert path in ("", text)
    if path:
        assert path[0] == "/"
        assert path[1:2] not in ("/", "\\")
        assert not any(ord(c) <= 32 or c == "\\" for c in path)


def test_a_whole_address_is_built_from_the_settings(app) -> None:
    with app.test_request_context(headers={"Host": "localhost:1"}):
        inside = whole_url("login.show_link", token="5-1-x")
    assert inside == whole_url("login.show_link", token="5-1-x")
    assert inside.endswith("/sandi/5-1-x")
    assert inside.startswith(app.config["ILP"].url)

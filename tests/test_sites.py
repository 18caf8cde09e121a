"""Whose a host is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit.consent.sites import host_of, party, registrable
from p2p_toolkit.errors import BadUsage


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.croydon.gov.uk", "croydon.gov.uk"),
        ("croydon.gov.uk", "croydon.gov.uk"),
        ("gov.uk", "gov.uk"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("www.nhs.uk", "www.nhs.uk"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        (".Example.ORG.", "example.org"),
        ("xx.xn--p1ai", "xx.xn--p1ai"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        ("someone.github.io", "someone.github.io"),
    ],
)
def test_the_registrable_domain(host: str, domain: str) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    ("host", "site", "whose"),
    [
        ("croydon.gov.uk", "www.croydon.gov.uk", "first"),
        ("maps.croydon.gov.uk", "www.croydon.gov.uk", "first"),
        ("oldham.gov.uk", "www.croydon.gov.uk", "third"),
        ("google.com", "www.croydon.gov.uk", "third"),
        ("", "www.croydon.gov.uk", ""),
        ("google.com", "", ""),
    ],
)
def test_first_and_third_party(host: str, site: str, whose: str) -> None:
    assert party(host, site) == whose


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://www.Croydon.gov.uk/a?b", "www.croydon.gov.uk"),
        ("croydon.gov.uk", "croydon.gov.uk"),
        ("croydon.gov.uk:8080", "croydon.gov.uk"),
        (".croydon.gov.uk.", "croydon.gov.uk"),
    ],
)
def test_a_site_may_be_named_as_an_address(typed: str, host: str) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize("typed", ["", "https://", "//[", "a b", "\x1b[1m"])
def test_what_is_no_site(typed: str) -> None:
    with pytest.raises(BadUsage, match=r"is no site$") as raised:
        host_of(typed)
    assert raised.value.hint == "Name it as in: --site www.example.gov.uk"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_some_host_or_none(host: str, site: str) -> None:
    assert party(host, site) in ("first", "third", "")


def test_a_site_is_named_as_its_cookies_name_it() -> None:
    assert host_of("https://Caffè.wales/") == "xn--caff-8oa.wales"
    with pytest.raises(BadUsage):
        host_of("a" * 80 + "è.wales")

"""Whose a host is: the domain that somebody registered, by the public suffix list that comes with its library."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from p2p_toolkit.errors import BadUsage, quoted

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

FIRST = "first"
THIRD = "third"


def party(host: str, site: str) -> str:
    """FIRST where a host belongs to the site that was visited, THIRD where it belongs to another one, "" where one of them is not known.

    What counts is the registrable domain (RFC 6265bis, section 5.2, "same site"): `www.a.gov.uk` and `b.gov.uk` are two sites,
    because `gov.uk` is a public suffix.
    """
    if not host or not site:
        return ""
    return FIRST if registrable(host) == registrable(site) else THIRD


def registrable(host: str) -> str:
    """The registrable domain of a host: a public suffix and one label more. An address of numbers, or a name that is a
    public suffix itself, stands for itself."""
    host = host.strip(".").lower()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host


def covers(domain: str, host: str) -> bool:
    """Whether a host is this domain or lies below it, so that its cookies are sent there (RFC 6265, section 5.1.3)."""
    return host == domain or host.endswith(f".{domain}")


def host_of(text: str) -> str:
    """The host in an address or a bare host name, in lower case. Raises BadUsage where there is none."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        host = None
    if not host or not host.isprintable() or " " in host or not (plain := _in_ascii(host.strip("."))):
        raise BadUsage(f"{quoted(text)} is no site", hint="Name it as in: --site www.example.gov.uk")
    return plain


def _in_ascii(host: str) -> str:
    """A host as cookies name it: letters beyond ASCII are written in others (IDNA); empty where that cannot be done."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    # Imported here: reading the list takes longer than most commands.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()

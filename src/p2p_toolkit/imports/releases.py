"""Releases of the Open Contracting Data Standard 1.1: what is kept of one, and several of one process made into one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from p2p_toolkit.words import UNSAFE

# So much is kept of a text, and of a list; an address may be as long as that.
LONGEST_KEPT = 2_000
MOST_KEPT = 400
# Beyond this no sum of money is meant.
_LARGEST_NUMBER = 10**15

_NAMED = {"id": None, "name": None}
_VALUE = {"amount": None, "currency": None}
_PERIOD = {"startDate": None, "endDate": None}
_ADDRESS = {"locality": None, "region": None, "countryName": None}
_CODE = {"scheme": None, "id": None}
_DOCUMENTS = [{"id": None, "documentType": None, "url": None, "datePublished": None}]
_ITEM = {"id": None, "classification": _CODE, "additionalClassifications": [_CODE], "deliveryAddresses": [_ADDRESS]}
_STAGE = {"id": None, "title": None, "status": None, "value": _VALUE, "documents": _DOCUMENTS}

# The parts of a release that are kept, by the names of its schema: None is a text or a number, a list holds items of one shape.
# `lots` and `deliveryAddresses` come from extensions that Find a Tender and Contracts Finder use.
RELEASE: Mapping[str, Any] = {
    "ocid": None,
    "date": None,
    "buyer": _NAMED,
    "parties": [{**_NAMED, "roles": [None], "address": _ADDRESS}],
    "tender": {
        **_STAGE,
        "description": None,
        "procurementMethod": None,
        "procurementMethodDetails": None,
        "procuringEntity": _NAMED,
        "contractPeriod": _PERIOD,
        "classification": _CODE,
        "items": [_ITEM],
        "lots": [{"id": None, "value": _VALUE, "contractPeriod": _PERIOD}],
    },
    "awards": [{**_STAGE, "description": None, "suppliers": [_NAMED], "contractPeriod": _PERIOD, "items": [_ITEM]}],
    "contracts": [{**_STAGE, "description": None, "period": _PERIOD}],
}


def kept(value: Any, shape: Any = RELEASE) -> Any:
    """What a JSON value holds of a shape, safe to print and of limited size: an object has only keys of the shape that say something, a
    list at most MOST_KEPT items, a text at most LONGEST_KEPT characters in one line. What is not of the shape is empty or None."""
    if isinstance(shape, Mapping):
        found = {name: kept(value[name], inner) for name, inner in shape.items() if name in value} if isinstance(value, Mapping) else {}
        return {name: one for name, one in found.items() if one not in (None, {}, [])}
    if isinstance(shape, list):
        some = [kept(one, shape[0]) for one in value[:MOST_KEPT]] if isinstance(value, list) else []
        return [one for one in some if one not in (None, {}, [])]
    if isinstance(value, str):
        return _line(value) or None
    return _number(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def merged(releases: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Kept releases of one process as one, in the order of their dates.

    A simple form of the standard's merging: a later value takes the place of an earlier one, objects are merged field by field, and
    lists by the ids of their items; a list without ids replaces the earlier one. What a later release leaves out, or sets to null, stays.
    `buyers` are the different names under which releases have a buyer.
    """
    whole: dict[str, Any] = {}
    buyers: dict[str, str] = {}
    for release in sorted(releases, key=lambda one: _moment(one.get("date"))):
        whole = _laid_over(whole, release)
        names = release.get("buyers") or [str(release.get("buyer", {}).get("name", ""))]
        buyers |= {name.casefold(): name for name in names if name}
    return {**whole, "buyers": list(buyers.values())}


def _laid_over(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, Mapping):
        return {**old, **{name: _laid_over(old.get(name), value) for name, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, dict) and "id" in one for one in (*old, *new)):
        by_id = {str(one["id"]): one for one in old}
        for one in new:
            by_id[str(one["id"])] = _laid_over(by_id.get(str(one["id"])), one)
        return list(by_id.values())[-MOST_KEPT:]
    return new


def _moment(value: Any) -> float:
    """A date for the order of releases, in seconds; those without a right one come first."""
    try:
        moment = datetime.datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")


def _line(text: str) -> str:
    # Twice the length, so that what is taken out does not shorten it.
    return " ".join(UNSAFE.sub(" ", text[: 2 * LONGEST_KEPT]).split())[:LONGEST_KEPT].rstrip()


def _number(value: float | Decimal) -> float | None:
    # Compared first: to turn 1E+999999999 into a whole number would take all memory. Not a number is below nothing.
    if not (-_LARGEST_NUMBER < value < _LARGEST_NUMBER):
        return None
    number = float(value)
    return int(number) if number.is_integer() else number

"""One contracting process as a draft case: what its notices say plainly, and in words what they do not."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from p2p_toolkit.imports.codes import area, sectors
from p2p_toolkit.kinds import MARKER, Source
from p2p_toolkit.kinds.parts import faults_of
from p2p_toolkit.words import fold

Release = Mapping[str, Any]

LONGEST_DESCRIPTION = 600
_LONGEST_NAME = 200
_LONGEST_ID = 80
_LONGEST_METHOD = 100
_MOST_SOURCES = 4
_MOST_SECTORS = 4
_MOST_SUPPLIERS_NAMED = 3
# Services write years such as 0001 and 9999 where they know none.
_YEARS = range(1900, 2200)

_ID = re.compile(r"ocds(-[a-z0-9]+)+")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:$|[T ])", re.ASCII)
_NOTICE = re.compile(r"[A-Za-z]+Notice")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

# Where a service gives a process by its ocid. Find a Tender: apidocumentation/1.0/GET-ocdsReleasePackages, "appending an ID to the URI".
# Contracts Finder: apidocumentation, "GET Published/OCDS/Record/{ocid}".
_SERVICES = (
    (re.compile(r"ocds-h6vhtk-[0-9a-f]+"), "Find a Tender", "https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages/"),
    (re.compile(r"ocds-b5fd17-[0-9a-f-]+"), "Contracts Finder", "https://www.contractsfinder.service.gov.uk/Published/OCDS/Record/"),
)
# By the standard's code lists: a terminated contract has come to its end, by completion or before; a cancelled one never came into force.
_OF_CONTRACTS = {"active": "running", "terminated": "ended", "pending": "planned"}
_AHEAD = ("planning", "planned", "active")
_FAILED = {"cancelled": "was cancelled", "unsuccessful": "was unsuccessful", "withdrawn": "was withdrawn"}


def draft(release: Release) -> dict[str, Any]:
    """A record of the kind case from one release with all that is known of its process, as `releases.merged` makes it.

    Only what the release says plainly is in the fields; which route was used is never guessed. `draft` names what is missing. Its
    `sources` are empty where the release names no address at all.
    """
    title = _title(release)
    commissioners, partners = _commissioners(release), _partners(release)
    here, missing_place = _where(release)
    record: dict[str, Any] = {
        "id": identity(release["ocid"]),
        "name": _shortened(title or f"Contracting process {release['ocid']}", _LONGEST_NAME),
        "summary": _summary(release, title, commissioners, partners),
        "sources": list(_sources(release, title)),
        **here,
        "sectors": sectors(_codes(release))[:_MOST_SECTORS],
        "commissioners": commissioners,
        "partners": partners,
        **_value(release),
        **_time(release),
        **_status(release),
        "action": _description(release),
        "unknown": _method(release),
    }
    known = {name: value for name, value in record.items() if value or name == "sources"}
    return {**known, "draft": [*missing_place, *_missing(known, release)]}


def identity(ocid: str) -> str:
    """The id of the case for a contracting process: the ocid where that is a right id, else made of its letters and of a check sum,
    so that different processes have different ids."""
    if _ID.fullmatch(ocid) and len(ocid) <= _LONGEST_ID:
        return ocid
    sum = hashlib.sha256(ocid.encode()).hexdigest()[:12]
    parts = re.findall(r"[a-z0-9]+", fold(ocid))
    start = "-".join(["ocds", *parts[parts[:1] == ["ocds"] :]])[: _LONGEST_ID - len(sum) - 1].strip("-")
    return f"{start}-{sum}"


def _part(release: Release, name: str) -> Release:
    part: Release = release.get(name, {})
    return part


def _awards(release: Release) -> list[Release]:
    """The awards that stand; one without a status is taken to."""
    return [one for one in release.get("awards", ()) if one.get("status", "active") == "active"]


def _contracts(release: Release) -> list[Release]:
    return [one for one in release.get("contracts", ()) if one.get("status") != "cancelled"]


def _items(release: Release) -> list[Release]:
    """What is bought, by the tender and by the awards: Find a Tender's newer notices have it in these."""
    return [item for stage in (_part(release, "tender"), *_awards(release)) for item in stage.get("items", ())]


def _title(release: Release) -> str:
    stages = (_part(release, "tender"), *_awards(release), *_contracts(release))
    return next((str(one["title"]) for one in stages if "title" in one), "")


def _commissioners(release: Release) -> list[str]:
    named = [_named(one, release) for one in (_part(release, "buyer"), _part(_part(release, "tender"), "procuringEntity"))]
    return _once(named) or _once(_with_role(release, "buyer", "procuringEntity"))


def _partners(release: Release) -> list[str]:
    awards = _awards(release)
    named = _once(_named(one, release) for award in awards for one in award.get("suppliers", ()))
    # With an award that fell through, a supplier's role does not say whether it stands.
    return named or (_once(_with_role(release, "supplier")) if len(awards) == len(release.get("awards", ())) else [])


def _named(organisation: Release, release: Release) -> str:
    """The name of an organisation, which may stand only in the list of parties that its id points to."""
    named = (one["name"] for one in release.get("parties", ()) if "name" in one and one.get("id", "") == organisation.get("id"))
    return str(organisation.get("name") or next(named, ""))


def _with_role(release: Release, *roles: str) -> Iterator[str]:
    return (str(one.get("name", "")) for one in release.get("parties", ()) if set(roles) & set(one.get("roles", ())))


def _once(names: Iterable[str]) -> list[str]:
    """Each name once, as it was first written, whatever its capital letters."""
    found: dict[str, str] = {}
    for name in (_shortened(name, _LONGEST_NAME) for name in names if name):
        found.setdefault(name.casefold(), name)
    return list(found.values())


def _summary(release: Release, title: str, commissioners: Sequence[str], partners: Sequence[str]) -> str:
    who = commissioners[0] if commissioners else "A public body"
    about = f': "{_quotable(_shortened(title, _LONGEST_NAME))}"' if title else ""
    if not partners:
        return _cited(f"{who} published a notice of a contract{about}")
    others = len(partners) - _MOST_SUPPLIERS_NAMED
    more = f" and {others} more" if others > 0 else ""
    done = "gave a contract to" if _contracts(release) else "awarded a contract to"
    return _cited(f"{who} {done} {', '.join(partners[:_MOST_SUPPLIERS_NAMED])}{more}{about}")


def _description(release: Release) -> str:
    stages = (_part(release, "tender"), *_awards(release), *_contracts(release))
    said = next((str(one["description"]) for one in stages if "description" in one), "")
    return _cited(f'The notice says: "{_quotable(_shortened(said, LONGEST_DESCRIPTION))}"') if said else ""


def _method(release: Release) -> list[str]:
    tender = _part(release, "tender")
    code, details = (
        _quotable(_shortened(str(tender.get(name, "")), _LONGEST_METHOD)) for name in ("procurementMethod", "procurementMethodDetails")
    )
    if not code and not details:
        return []
    how = f"{code}: '{details}'" if code and details else code or f"'{details}'"
    return [_cited(f"Which lawful route it was. The notice gives the method as {how}")]


def _where(release: Release) -> tuple[dict[str, Any], list[str]]:
    """Places, region and nation, and what is missing of them: by where it is to be delivered, else by the buyer's address."""
    delivery = [one for item in _items(release) for one in item.get("deliveryAddresses", ())]
    buyers = [one["address"] for one in release.get("parties", ()) if "address" in one and "buyer" in one.get("roles", ())]
    places = _localities(delivery)
    missing = []
    if not places:
        places = _localities(buyers)
        missing.append("the place: only the buyer's address is known" if places else "the place")
    # Delivery in several nations is no reason to take the buyer's.
    found = area(delivery if any("region" in one for one in delivery) else [*delivery, *buyers])
    if not found.nation:
        missing.append("the nation")
    return {"places": places, "region": found.region, "nation": found.nation}, missing


def _localities(addresses: Iterable[Mapping[str, str]]) -> list[str]:
    return _once(str(one.get("locality", "")) for one in addresses)


def _codes(release: Release) -> list[str]:
    """The codes of the Common Procurement Vocabulary by which the tender is classified as a whole; where there are none, its items."""
    items = _items(release)
    levels = (
        [_part(_part(release, "tender"), "classification")],
        [_part(item, "classification") for item in items],
        [one for item in items for one in item.get("additionalClassifications", ())],
    )
    return next((codes for level in levels if (codes := [str(one.get("id", "")) for one in level if one.get("scheme") == "CPV"])), [])


def _lot(release: Release) -> Release:
    """The only lot, whose values are those of the whole."""
    lots: Sequence[Release] = _part(release, "tender").get("lots", ())
    return lots[0] if len(lots) == 1 else {}


def _value(release: Release) -> dict[str, Any]:
    """The value of the contract, else of the award, else of the tender. A value of nothing means that none was given."""
    tender = _part(release, "tender")
    stages = (("contract", _contracts(release)), ("award", _awards(release)), ("tender", [tender]), ("lot", [_lot(release)]))
    for what, parts in stages:
        values = [one["value"] for one in parts if _amount(one) > 0]
        if len(values) > 1:
            return {"value_note": f"The notices give {len(values)} {what}s a value each [1]. No sum was made of them."}
        for value in values:
            currency = str(value.get("currency", "")).upper()
            if currency != "GBP":
                named = currency if re.fullmatch("[A-Z]{3}", currency) else "in a currency that is not named"
                return {"value_note": f"The notice gives the {what} a value of {value['amount']:,} {named} [1]."}
            kind = "contract-value" if what in ("contract", "award") else "estimate"
            exact = f"£{value['amount']:,.2f}" if value["amount"] != round(value["amount"]) else "this"
            note = f"The notice gives {exact} as the value of the {what} [1]."
            return {"value_gbp": round(value["amount"]), "value_kind": kind, "value_note": note}
    return {}


def _amount(part: Release) -> float:
    amount = _part(part, "value").get("amount")
    # What is less than a pound is as good as nothing.
    return amount if isinstance(amount, int | float) and round(amount) > 0 else 0


def _time(release: Release) -> dict[str, Any]:
    """When the contract began and ended, by the contracts, else the awards, else the tender; how long it lasts where it is one."""
    stages = (
        [_part(one, "period") for one in _contracts(release)],
        [_part(one, "contractPeriod") for one in _awards(release)],
        [_part(_part(release, "tender"), "contractPeriod")],
        [_part(_lot(release), "contractPeriod")],
    )
    for periods in stages:
        dated = [(_day(one.get("startDate")), _day(one.get("endDate"))) for one in periods]
        dated = list(dict.fromkeys(pair for pair in dated if any(pair)))
        if dated:
            start = min((start for start, _ in dated if start), default=None)
            end = max((end for _, end in dated if end and (not start or end >= start)), default=None)
            length = _length(start, end) if start and end and len(dated) == 1 else ""
            term = f"{length} by the dates in the notice [1]." if length else ""
            return {"started": start.isoformat() if start else "", "ended": end.isoformat() if end else "", "term": term}
    return {}


def _day(value: Any) -> datetime.date | None:
    """The day of a date-time (RFC 3339) as it is written there, whatever its time zone."""
    found = _DAY.match(str(value))
    try:
        day = datetime.date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _length(start: datetime.date, end: datetime.date) -> str:
    """How long a contract lasts: in years or months where it lasts whole ones, its last day counted or not."""
    for last in (end, end + datetime.timedelta(days=1)):
        months = (last.year - start.year) * 12 + last.month - start.month
        if last.day == start.day and months:
            count, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
            return f"{count} {unit}{'s' if count > 1 else ''}"
    days = (end - start).days + 1
    return f"{days} day{'s' if days > 1 else ''}"


def _status(release: Release) -> dict[str, Any]:
    tender = str(_part(release, "tender").get("status", ""))
    states = {str(one.get("status", "")) for one in _contracts(release)}
    state = "active" if "active" in states else states.pop() if len(states) == 1 else ""
    if state in _OF_CONTRACTS:
        # A contract that was signed is active, by the standard, also before its first day.
        ahead = _OF_CONTRACTS[state] == "running" and str(_time(release).get("started", "")) > str(_day(release.get("date")) or "9")
        status, note = "planned" if ahead else _OF_CONTRACTS[state], f"The notice gives the contract as {state} [1]."
    elif release.get("awards") and not _awards(release) and (failed := _FAILED.get(str(release["awards"][-1].get("status")))):
        status, note = "", f"The notice says that the award {failed} [1]."
    elif tender in _FAILED:
        status, note = "", f"The notice says that the tender {_FAILED[tender]} [1]."
    elif tender in _AHEAD and not _contracts(release) and not _awards(release):
        status, note = "planned", f"The notice gives the tender as {tender} [1]."
    else:
        return {}
    seen = _day(release.get("date"))
    return {"status": status, "status_seen": seen.isoformat() if seen and status else "", "status_note": note}


def _sources(release: Release, title: str) -> Iterator[dict[str, str]]:
    """The notices, the newest first; else where the service or the package gives the data; else any document.

    Where there is an award and no notice of it, the data come before the notices, since nothing else says what was awarded.
    """
    ocid = str(release["ocid"])
    service, address = next(((name, start + ocid) for form, name, start in _SERVICES if form.fullmatch(ocid)), ("", ""))
    publisher = str(_part(release, "package").get("publisher", "") or service)
    stages = [*_contracts(release), *_awards(release), _part(release, "tender")]
    documents = [one for stage in stages for one in stage.get("documents", ())]
    dated = sorted(documents, key=lambda one: str(_day(one.get("datePublished")) or ""), reverse=True)
    notices = [(_type(one), one.get("url"), one.get("datePublished")) for one in dated if _type(one)]
    addresses = (address, release.get("linked"), _part(release, "package").get("uri"))
    data = [("Open contracting data", url, release.get("date")) for url in addresses]
    rest = [("Document", one.get("url"), one.get("datePublished")) for one in dated]
    awarded = [*_contracts(release), *_awards(release)]
    told = not awarded or any(_type(one) for stage in awarded for one in stage.get("documents", ()))
    chosen = ((notices, _MOST_SOURCES), (data, 1), (rest, 1)) if told else ((data, 1), (notices, _MOST_SOURCES), (rest, 1))
    for place, (some, most) in enumerate(chosen):
        found: dict[str, dict[str, str]] = {}
        for what, url, date in some:
            found.setdefault(str(url), _source(what, title, publisher, str(url), date, ocid))
        right = [one for one in found.values() if not faults_of("source", Source, one, "")]
        yield from right[:most]
        # Behind the data the notices are worth reading, too.
        if right and (told or place):
            return


def _type(document: Release) -> str:
    """What kind of notice a document is, in words: "Award notice"; nothing for another document."""
    code = str(document.get("documentType", ""))
    return re.sub("[A-Z]", lambda letter: f" {letter[0].lower()}", code).strip().capitalize() if _NOTICE.fullmatch(code) else ""


def _source(what: str, title: str, publisher: str, url: str, date: Any, ocid: str) -> dict[str, str]:
    day = _day(date)
    source = {
        "title": _shortened(f"{what}: {title}" if title else what, _LONGEST_NAME),
        "publisher": _shortened(publisher, _LONGEST_NAME),
        "date": day.isoformat() if day else "",
        "url": url,
        "note": _shortened(f"Contracting process {ocid}", _LONGEST_NAME),
    }
    return {name: value for name, value in source.items() if value}


def _missing(known: Mapping[str, Any], release: Release) -> Iterator[str]:
    """What a reader will look for in a case and not find in this one."""
    if len(release.get("buyers", ())) > 1:
        yield "whose contract it is: its releases name several buyers, and what stands here is of the latest"
    elif "commissioners" not in known:
        yield "the public body"
    wanted = {"partners": "who delivers it", "sectors": "the sector", "started": "when it began"}
    yield from (told for name, told in wanted.items() if name not in known)
    yield from ("the route: nobody has said how it was made lawful", "the problem that it answers", "the results")


def _shortened(text: str, most: int) -> str:
    """The text, or its first words and three dots."""
    if len(text) <= most:
        return text
    start = text[: most - 3]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:") + "..."


def _quotable(text: str) -> str:
    """Somebody else's words for a place between quotation marks, with no marker that would point to a source of ours."""
    return text.replace('"', "'")


def _cited(text: str) -> str:
    """A text as prose: a marker of the first source ends it, and stands in each sentence before that holds a figure."""
    *sentences, last = _SENTENCE_END.split(MARKER.sub(r"(\1)", text))
    marked = (_marked(one) if any(sign.isdigit() for sign in one) else one for one in sentences)
    return " ".join([*marked, f"{last} [1]."])


def _marked(sentence: str) -> str:
    body = sentence.rstrip(".!?")
    return f"{body} [1]{sentence[len(body) :]}"

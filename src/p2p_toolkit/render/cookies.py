"""Cookies as answers: what each is for, what a whole site sets, and one tool's words in another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from p2p_toolkit.consent.audit import ADDED, CHANGED, GONE, Audit, Audited, Change, lasts
from p2p_toolkit.consent.cookies import FORMATS, LOCAL_STORAGE
from p2p_toolkit.consent.lifetimes import LONGEST_KEPT
from p2p_toolkit.consent.rules import CONFIDENCE, NECESSARY, UNCLASSIFIED, Verdict
from p2p_toolkit.consent.sites import FIRST, THIRD
from p2p_toolkit.consent.terms import Mapped
from p2p_toolkit.errors import quoted
from p2p_toolkit.library import Entry, Library
from p2p_toolkit.render.answer import Answer, Block, Card, Column, Listing, Section, joined
from p2p_toolkit.render.phrases import ADVICE, human_date, without_markers
from p2p_toolkit.render.records import source

# The fields of a record that an answer about a cookie repeats.
_OF_RECORD = ("purpose", "retention", "party", "storage", "staff_only", "note", "checked")
_CHANGES = {ADDED: "New", GONE: "Gone", CHANGED: "Changed"}
_PARTIES = {FIRST: "this site", THIRD: "another site", "": ""}
# So many of what was left out of a file, or has to be looked at, are told one by one.
_MOST_SKIPPED = 10


def classified(library: Library, verdicts: Sequence[Verdict], query: Mapping[str, Any], notes: Sequence[str] = ()) -> Answer:
    """What each of some cookies is for. One cookie is told at length."""
    unknown = sum(verdict.category == UNCLASSIFIED for verdict in verdicts)
    told = (
        [f"{unknown} of {len(verdicts)} unclassified. Look at each before it is called necessary."] if unknown and len(verdicts) > 1 else []
    )
    one = len(verdicts) == 1
    categories = {entry.id: entry for entry in library.all("category")}
    if not one:
        told.append(_asked_by_law(library, [entry for id, entry in categories.items() if id in {verdict.category for verdict in verdicts}]))
    return Answer(
        command="consent classify",
        query=query,
        results=[_verdict(verdict, categories[verdict.category]) for verdict in verdicts],
        total=len(verdicts),
        fields=(
            "cookie",
            "domain",
            "category",
            "confidence",
            "rule",
            "platform",
            "purpose",
            "retention",
            "party",
            "consent_uk",
            "could_be",
        ),
        cards=(lambda: [_card(library, verdicts[0])]) if one else None,
        listing=None if one else lambda: _verdicts(verdicts),
        notes=[*notes, *told],
    )


def audited(library: Library, found: Audit, query: Mapping[str, Any]) -> Answer:
    """What the cookies in some files come to."""
    entries = {entry.id: entry for entry in library.all("category")}
    return Answer(
        command="consent audit",
        query=query,
        results=[_audited(one, entries) for one in found.cookies],
        total=len(found.cookies),
        fields=(
            "cookie", "domain", "category", "confidence", "rule", "platform", "purpose", "lasts", "retention", "longer", "party",
            "consent_uk", "refused", "early", "could_be",
        ),
        listing=lambda: _audit(found, entries),
        notes=_audit_notes(found),
        more={
            "site": found.site or None,
            "formats": list(found.formats),
            "answered": found.answered,
            "changes": None if found.changes is None else [change._asdict() for change in found.changes],
            "skipped": [one._asdict() for one in found.skipped],
            "notes": list(found.notes),
        },
    )  # fmt: skip


def mapped(found: Sequence[Mapped], names: tuple[str, str], query: Mapping[str, Any]) -> Answer:
    """One tool's term in another's words; `names` are what the two tools are called."""
    before, after = names
    missing = [one.category.id for one in found if not one.after]
    notes = [f"{after} has no word of its own for {' and '.join(missing)}."] if missing else []
    if len(found) > 1:
        notes.append(f"{before}'s {quoted(str(query['term']))} covers more than one category, so look at each cookie.")
    elif any(len(one.after) > 1 for one in found):
        notes.append(f"{after} has several words for it, so look at each cookie.")
    return Answer(
        command="consent map",
        query=query,
        results=[
            {"kind": "category", "id": one.category.id, "name": one.category.name, "from": list(one.before), "to": list(one.after)}
            for one in found
        ],
        total=len(found),
        fields=("id", "name", "from", "to"),
        listing=lambda: Listing(
            columns=(Column("here", "id"), Column(f"in {before}"), Column(f"in {after}")),
            rows=tuple((one.category.id, ", ".join(one.before), ", ".join(one.after) or "no word for it") for one in found),
        ),
        notes=notes,
    )


def _asked_by_law(library: Library, categories: Iterable[Entry]) -> str:
    """Whether these categories need consent in the United Kingdom, in a sentence."""
    words = next(field.words for field in library.kinds["category"].fields if field.name == "consent_uk")
    told = (f"{entry.id}: {words[entry.fields['consent_uk']]}" for entry in categories)
    return f"Consent in the UK. {'; '.join(told)}."


def _verdict(verdict: Verdict, category: Entry) -> dict[str, Any]:
    """A verdict for machines."""
    record = verdict.record
    fields: Mapping[str, Any] = record.fields if record else {}
    return {
        "kind": "cookie",
        "id": record.id if record else None,
        "name": verdict.cookie,
        "library": record.library if record else None,
        "cookie": verdict.cookie,
        "domain": verdict.domain or None,
        "category": verdict.category,
        "confidence": verdict.confidence,
        "rule": verdict.rule,
        "pattern": fields.get("pattern"),
        "why": verdict.why,
        "platform": verdict.platform or None,
        **{name: fields.get(name) for name in _OF_RECORD},
        "consent_uk": category.fields["consent_uk"],
        "consent_eu": category.fields["consent_eu"],
        "could_be": [one._asdict() for one in verdict.could_be],
        "sources": fields.get("sources", []),
    }


def _audited(one: Audited, entries: Mapping[str, Entry]) -> dict[str, Any]:
    seen = one.seen
    told = _verdict(one.verdict, entries[one.verdict.category])
    usual = {"usual_party": told.pop("party"), "usual_storage": told.pop("storage")}
    return {
        **told,
        **usual,
        "domain": seen.domain or None,
        "path": seen.path or None,
        "storage": seen.storage,
        "lifetime": seen.lifetime,
        "left": seen.left,
        "lasts": lasts(one) or None,
        "longer": one.longer,
        "party": one.party or None,
        "host_only": seen.host_only,
        "http_only": seen.http_only,
        "secure": seen.secure,
        "same_site": seen.same_site or None,
        "site": seen.site or None,
        "set_by": seen.set_by or None,
        "refused": one.refused or None,
        "early": one.early,
    }


def _verdicts(verdicts: Sequence[Verdict]) -> Listing:
    return Listing(
        columns=(
            Column("cookie", "id"),
            Column("category"),
            Column("how sure", "text", 10),
            Column("set by"),
            Column("what it is for", "text", 16),
        ),
        rows=tuple(
            (verdict.cookie, verdict.category, _sure(verdict), verdict.platform, _purpose(verdict) or verdict.why) for verdict in verdicts
        ),
    )


def _card(library: Library, verdict: Verdict) -> Card:
    [category] = [entry for entry in library.all("category") if entry.id == verdict.category]
    record = verdict.record
    words = {field.name: field.words for field in library.kinds["category"].fields}
    essentials = [
        ("Category", category.id),
        ("How sure", _sure(verdict)),
        ("Decided by", _decided(verdict)),
        ("Set by", verdict.platform),
        ("What it is for", _purpose(verdict)),
        ("Usually lasts", (record.fields["retention"] if record else None) or ""),
        ("Consent in the UK", words["consent_uk"][category.fields["consent_uk"]]),
        ("Consent in the EU", words["consent_eu"][category.fields["consent_eu"]]),
    ]
    note = record.fields["note"] if record else None
    sections = [
        Section("Please note", (Block(note),), bullets=False) if note else None,
        Section("What else it could be", tuple(Block(one.why, head=one.category) for one in verdict.could_be))
        if verdict.could_be
        else None,
        Section("Sources", tuple(source(number, one) for number, one in enumerate(record.fields["sources"], 1))) if record else None,
    ]
    return Card(
        title=verdict.cookie,
        subtitle=verdict.category,
        lead=without_markers(category.fields["summary"]),
        warning="",
        essentials=tuple((label, value) for label, value in essentials if value),
        sections=tuple(section for section in sections if section),
        closing=f"Law as of {human_date(category.fields['as_of'])}. {ADVICE}",
    )


def _decided(verdict: Verdict) -> str:
    return f"{verdict.why} (p2p show cookie:{verdict.record.id})" if verdict.record else verdict.why


def _sure(verdict: Verdict) -> str:
    return CONFIDENCE[verdict.confidence]


def _purpose(verdict: Verdict) -> str:
    return without_markers(verdict.record.fields["purpose"]) if verdict.record else ""


def _audit(found: Audit, entries: Mapping[str, Entry]) -> Listing:
    usual = [one.verdict.record.fields["retention"] if one.verdict.record else None for one in found.cookies]
    return Listing(
        columns=(
            Column("cookie", "id"),
            Column("category"),
            Column("set by", "text", 16),
            Column("lasts", "text", 9),
            Column("usually"),
            Column("party", "text", 9),
            Column("how sure", "text", 10),
            Column("domain"),
        ),
        rows=tuple(
            (
                one.seen.name,
                one.verdict.category,
                one.verdict.platform,
                lasts(one),
                of_record or "",
                _PARTIES[one.party],
                _sure(one.verdict),
                one.seen.domain,
            )
            for one, of_record in zip(found.cookies, usual, strict=True)
        ),
        sections=tuple(_sections(found, entries)),
    )


def _sections(found: Audit, entries: Mapping[str, Entry]) -> Iterable[Section]:
    """What to look at, the worst first."""
    refused = [
        Block(f"{one.refused} says that the visitor had refused {one.verdict.category}, yet it is here.", head=_named(one))
        for one in found.cookies
        if one.refused
    ]
    early = [Block("It was there before the visitor had answered the banner.", head=_named(one)) for one in found.cookies if one.early]
    unknown = [Block(_perhaps(one.verdict), head=_named(one)) for one in found.cookies if one.verdict.category == UNCLASSIFIED]
    longer = [Block(_longer(one), head=_named(one)) for one in found.cookies if one.longer or _above_cap(one)]
    staff = [
        Block("Normally only staff who sign in get it.", head=_named(one))
        for one in found.cookies
        if one.verdict.record and one.verdict.record.fields["staff_only"]
    ]
    stored = [
        Block("Kept in local storage. The law treats it like a cookie.", head=_named(one))
        for one in found.cookies
        if one.seen.storage == LOCAL_STORAGE
    ]
    yield from _filled("Set although it was refused", refused)
    yield from _filled("Set before the visitor had answered", early)
    yield from _filled("Not classified", unknown)
    yield from _filled("What UK law asks", list(_consent(found, entries)))
    yield from _filled("How long they last", longer)
    yield from _filled("Seen by staff only", staff)
    yield from _filled("Local storage", stored)
    if found.changes is not None:
        changes = [_changed(change) for change in found.changes] or [Block("Nothing is new, gone or changed.")]
        yield Section("Since the earlier file", tuple(changes))
    yield from _filled("Left out", list(_left_out(found)))
    yield Section(
        "What this cannot tell",
        (
            Block(
                "It shows what was set, not why, and not whether the site keeps the law. Law as of"
                f" {human_date(entries[NECESSARY].fields['as_of'])}. {ADVICE}"
            ),
        ),
        bullets=False,
    )


def _filled(label: str, blocks: Sequence[Block]) -> Iterable[Section]:
    if blocks:
        yield Section(label, tuple(blocks))


def _named(one: Audited) -> str:
    return joined((one.seen.name, one.seen.domain if one.party != FIRST else ""), " on ")


def _consent(found: Audit, entries: Mapping[str, Entry]) -> Iterable[Block]:
    """For each category that is there: what UK law asks, and where to read on."""
    for id, entry in entries.items():
        count = sum(one.verdict.category == id for one in found.cookies)
        if count:
            body = f"{without_markers(entry.fields['consent_uk_note'][0])} Read: p2p consent explain {id}"
            yield Block(body, head=f"{entry.name} ({count})")


def _perhaps(verdict: Verdict) -> str:
    return joined((verdict.why, *(f"It could be {one.category}: {one.why}" for one in verdict.could_be)), " ")


def _above_cap(one: Audited) -> bool:
    return one.seen.lifetime is not None and one.seen.lifetime > LONGEST_KEPT


def _longer(one: Audited) -> str:
    record = one.verdict.record
    usual = f"usually {record.fields['retention']}" if one.longer and record else ""
    cut = "browsers shorten it to 400 days" if _above_cap(one) else ""
    return f"It lasts {joined((lasts(one), usual, cut), '; ')}."


def _changed(change: Change) -> Block:
    return Block(
        "; ".join(change.how), head=joined((f"{_CHANGES[change.what]}: {change.cookie}", change.domain), " on "), tag=change.category
    )


def _left_out(found: Audit) -> Iterable[Block]:
    yield from (Block(one.why, head=one.where) for one in found.skipped[:_MOST_SKIPPED])
    if len(found.skipped) > _MOST_SKIPPED:
        yield Block(f"And {len(found.skipped) - _MOST_SKIPPED:,} more; all of them stand in the JSON.")


def unsure(found: Audit) -> list[str]:
    """Which cookies a clue alone calls necessary: a visitor will not be asked about them, so somebody has to look first."""
    judged = (one for one in found.cookies if one.verdict.category == NECESSARY and one.verdict.record is None)
    names = list(dict.fromkeys(one.seen.name for one in judged))
    more = f" and {len(names) - _MOST_SKIPPED:,} more" if len(names) > _MOST_SKIPPED else ""
    told = ", ".join(map(quoted, names[:_MOST_SKIPPED]))
    return [f"Necessary by a clue in the name or the domain alone: {told}{more}. Check what that is for."] if names else []


def _audit_notes(found: Audit) -> list[str]:
    count = len(found.cookies)
    asked = sum(one.verdict.category not in (NECESSARY, UNCLASSIFIED) for one in found.cookies)
    unknown = sum(one.verdict.category == UNCLASSIFIED for one in found.cookies)
    read = " and ".join(FORMATS[name] for name in found.formats)
    notes = [f"{count} cookie{'s' if count != 1 else ''} in {read}: {asked} that may need consent, {unknown} unclassified."]
    notes += [*unsure(found), *found.notes]
    if asked and not found.answered:
        notes.append("No visitor's answer to a banner was found, so it cannot be told what had been refused.")
    if not found.site and any(one.seen.domain for one in found.cookies):
        notes.append("Whose domains these are is not known: name the site with --site www.example.gov.uk")
    return notes

"""The six kinds of record: their fields, their vocabularies, and which file each is kept in."""

from __future__ import annotations

from dataclasses import dataclass

from p2p_toolkit.fields import (
    BODY,
    KEYWORD,
    NAMED,
    TITLE,
    choice,
    choices,
    date,
    flag,
    identity,
    items,
    link,
    links,
    number,
    prose,
    proses,
    text,
    texts,
    url,
)

NATIONS = {
    "england": "England",
    "northern-ireland": "Northern Ireland",
    "scotland": "Scotland",
    "wales": "Wales",
}

REGIONS = {
    "east-midlands": "East Midlands",
    "east-of-england": "East of England",
    "london": "London",
    "north-east": "North East",
    "north-west": "North West",
    "south-east": "South East",
    "south-west": "South West",
    "west-midlands": "West Midlands",
    "yorkshire-and-the-humber": "Yorkshire and the Humber",
}

SECTORS = {
    "carers": "unpaid carers",
    "children-and-families": "children and families",
    "community-development": "community development",
    "disability": "disability",
    "education": "education and schools",
    "employment": "work and skills",
    "environment": "environment and waste",
    "health": "health care",
    "homelessness": "homelessness",
    "housing": "housing",
    "justice": "justice and prisons",
    "leisure-and-culture": "leisure and culture",
    "libraries": "libraries",
    "local-economy": "local economy",
    "loneliness": "loneliness",
    "mental-health": "mental health",
    "money-and-debt": "money and debt",
    "older-people": "older people",
    "public-health": "public health and prevention",
    "social-care": "social care",
    "social-prescribing": "social prescribing",
    "substance-misuse": "drugs and alcohol",
    "voluntary-sector-support": "support for the voluntary sector",
}

STATUSES = {
    "planned": "planned",
    "running": "running",
    "succeeded": "replaced by a new arrangement",
    "ended": "ended",
    "ended-early": "ended early",
    "returned-in-house": "taken back in-house",
}

VALUE_KINDS = {
    "annual-value": "a year",
    "ceiling": "ceiling, not a sum paid",
    "contract-value": "value of the contract",
    "estimate": "estimate for the whole term",
    "first-year-budget": "budget of the first year",
    "grant": "grant",
    "investment": "investment",
    "maximum-outcome-payment": "most that could be paid for outcomes",
    "programme-budget": "budget of the programme",
}

CERTAINTIES = {
    "stated": "a source names it",
    "described": "a source describes it, without naming the procedure",
    "inferred": "our reading",
}

EVIDENCE = {
    "independent": "measured by an outside body",
    "commissioner-or-provider": "reported by the partners themselves",
    "claimed": "repeated by a third party, method not shown",
    "expected": "expected, not a result",
}

JUDGES = {
    "ccin": "the Co-operative Councils' Innovation Network says so",
    "e3m": "E3M says so",
    "locality": "Locality says so",
    "editor": "our reading",
}

TOOLKIT = {
    "confirmed": "yes, E3M publishes this case",
    "unconfirmed": "not confirmed: the toolkit names only the place",
}

CHECKED = {
    "read": "the provision was read",
    "secondary": "read in an official or professional account of it",
    "unchecked": "not checked",
}

FAMILIES = {
    "ccin": "Co-operative Councils' Innovation Network",
    "e3m": "E3M",
    "related": "related statements",
}

ROUTE_TYPES = {
    "procedure": "a way to choose a provider",
    "reservation": "a competition for some organisations only",
    "exemption": "outside the usual competition",
    "contract-form": "a form of contract; it still needs a way to award it",
    "preparation": "before the competition",
    "award-design": "a way to shape the competition or the contract",
    "not-a-contract": "not a public contract",
    "right": "a right of communities",
    "way-of-working": "a way of working, not a legal route",
}

REGIMES = {
    "pa2023": "Procurement Act 2023",
    "pcr2015": "Public Contracts Regulations 2015",
    "psr": "Provider Selection Regime (England)",
    "psr-wales": "Provider Selection Regime (Wales)",
    "scotland": "Scottish procurement law",
    "subsidy-control": "Subsidy Control Act 2022",
    "social-value": "Public Services (Social Value) Act 2012",
    "localism": "Localism Act 2011",
    "nhs-act": "National Health Service Act 2006",
    "land": "law on disposal of public land",
    "community-empowerment": "Community Empowerment (Scotland) Act 2015",
    "several": "no single regime",
    "none": "no procurement regime",
}

VERDICTS = {
    "myth": "not so",
    "partly": "partly so",
    "often-right": "often right",
}

CATEGORY_TYPES = {"category": "category", "state": "a state, not a category"}

DEFAULTS = {"on": "on", "off": "off"}

CONSENT = {
    "not-required": "not needed",
    "required": "needed",
    "required-unless-statistical": "needed, unless every condition of the statistics exception is met",
    "usually-required": "usually needed",
    "depends": "depends on the purpose",
}

SCHEMES = {
    "c15t": "c15t",
    "complianz": "Complianz",
    "consent-o-matic": "Consent-O-Matic",
    "cookiebot": "Cookiebot",
    "cookiescript": "CookieScript",
    "cookieyes": "CookieYes",
    "google-consent-mode": "Google Consent Mode v2",
    "govuk-design-system": "GOV.UK Design System",
    "govuk-publishing": "GOV.UK publishing components",
    "iab-tcf": "IAB TCF purposes",
    "icc-uk": "ICC UK guide 2012",
    "jetpack": "Jetpack",
    "onetrust": "OneTrust",
    "open-cookie-database": "Open Cookie Database",
    "wp-consent-api": "WP Consent API",
}

PARTIES = {
    "first": "first party",
    "third": "third party",
    "first-or-third": "first or third party",
}

CONFIDENCE = {
    "high": "sources agree",
    "contested": "sources disagree",
    "low": "one weak source",
}

COOKIE_CHECKS = {
    "code": "read in the program's own code",
    "public-page": "read on a vendor's or public body's page",
    "database": "listed in the Open Cookie Database",
    "unchecked": "not checked",
}

STARS = {
    "hex": "letters from a to f and figures",
    "hex-32": "32 letters from a to f and figures",
}

STORAGE = {"cookie": "cookie", "local-storage": "local storage"}


# Items: small records inside a record.


@dataclass(frozen=True, kw_only=True)
class Source:
    title: str = text("what the source is called", required=True)
    publisher: str | None = text("who published it")
    date: str | None = date("when it was published; left out when it carries no date")
    url: str = url("where it can be read", required=True)
    note: str | None = text("what a reader should know of it, for instance that the year is not shown")


@dataclass(frozen=True, kw_only=True)
class RouteUse:
    id: str = link("the route", "route", required=True, weight=BODY)
    certainty: str = choice("how sure it is that this route was used", CERTAINTIES, required=True)
    note: str | None = prose("what the sources say of it")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    text: str = prose("one result, with its figure, unit and date", required=True)
    evidence: str = choice("who says so", EVIDENCE, required=True)


@dataclass(frozen=True, kw_only=True)
class PrincipleMet:
    id: str = link("the principle", "principle", required=True)
    by: str = choice("who says that it was met", JUDGES, required=True)


@dataclass(frozen=True, kw_only=True)
class Provision:
    ref: str = text("the exact reference: act or regulations, and section", required=True, weight=BODY)
    url: str = url("where the provision can be read", required=True)
    checked: str = choice("how it was checked", CHECKED, required=True)


@dataclass(frozen=True, kw_only=True)
class Rule:
    text: str = prose("one rule", required=True)
    checked: str = choice("how it was checked", CHECKED, required=True)


@dataclass(frozen=True, kw_only=True)
class SchemeName:
    scheme: str = choice("the tool or guide", SCHEMES, required=True)
    names: tuple[str, ...] = texts("what it calls this category", required=True, weight=BODY)


@dataclass(frozen=True, kw_only=True)
class Wording:
    heading: str = text("the heading", required=True)
    text: str = text("what these cookies do, and whether they can be refused", required=True)


@dataclass(frozen=True, kw_only=True)
class Correction:
    claim: str = prose("what banners say", required=True)
    answer: str = prose("what is true", required=True)


# Records.


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every record has, whatever its kind."""

    id: str = identity("lower-case words joined by hyphens, unique within its kind")
    name: str = text("its usual name", required=True, weight=TITLE, column=True)
    aliases: tuple[str, ...] = texts("other ways to name it or to ask for it", weight=NAMED)
    keywords: tuple[str, ...] = texts("words people use that the record does not hold; searched, not shown with it", weight=KEYWORD)
    draft: tuple[str, ...] = texts(
        "what is still missing; a record with it is a draft, and may lack fields that others need", label="Draft; still missing"
    )
    summary: str = prose("one or two sentences that stand alone", required=True)
    sources: tuple[Source, ...] = items("where the facts come from, in the order of their numbers", Source, required=True)
    extends: str | None = identity("in a record of your own: the id of the bundled record that it adds to", required=False, weight=0)
    changed: tuple[str, ...] = texts("the fields in which it differs from the bundled record; worked out, not written")


@dataclass(frozen=True, kw_only=True)
class Case(Record):
    """A real partnership between a public body and purpose-aligned partners."""

    caveat: str | None = prose("what a reader must know before using this record", label="Please note")
    places: tuple[str, ...] = texts("towns, boroughs, counties", required=True, weight=NAMED, column=True, filter="place")
    region: str | None = choice("English region", REGIONS, weight=NAMED, filter="region", qualifies="places")
    nation: str = choice(
        "nation of the United Kingdom", NATIONS, required=True, weight=NAMED, column=True, filter="nation", qualifies="places"
    )
    started: str | None = date("when the partnership or its contract began", column=True, filter="since")
    ended: str | None = date("when it ended", qualifies="started")
    status: str | None = choice("what was last known of it", STATUSES, column=True, label="Last known")
    status_seen: str | None = date("date of the latest source that shows the status", qualifies="status")
    sectors: tuple[str, ...] = choices("kinds of service", SECTORS, required=True, weight=NAMED, column=True, filter="sector")
    commissioners: tuple[str, ...] = texts("the public bodies", weight=NAMED)
    partners: tuple[str, ...] = texts("the organisations that deliver", weight=NAMED)
    value_gbp: int | None = number("pounds sterling, whole", label="Value", unit="£")
    value_kind: str | None = choice("what the value is a value of", VALUE_KINDS, qualifies="value_gbp")
    toolkit: str | None = choice("whether it is one of the toolkit's cases", TOOLKIT, label="In E3M's toolkit")
    population: str | None = prose("whom it serves", label="For whom")
    value_note: str | None = prose("how the value is known, and other figures", label="The money")
    term: str | None = prose("how long the arrangement lasts", label="The term")
    status_note: str | None = prose("what that source says", label="Where it stands")
    routes: tuple[RouteUse, ...] = items("how it was made lawful", RouteUse, column=True, filter="route", back="Cases that used it")
    problem: str | None = prose("what was wrong, or what objection stood in the way", label="The problem")
    action: str | None = prose("what was done", label="What was done")
    outcomes: tuple[Outcome, ...] = items("what came of it", Outcome, label="What came of it")
    lessons: tuple[str, ...] = proses("what the sources, or we, take from it")
    principles: tuple[PrincipleMet, ...] = items("principles it met", PrincipleMet, filter="principle", back="Cases that met it")
    disagreements: tuple[str, ...] = proses("where the sources disagree", label="Where sources disagree")
    unknown: tuple[str, ...] = proses("what was looked for and not found", label="What is not known", weight=0)


@dataclass(frozen=True, kw_only=True)
class Principle(Record):
    """A principle of partnership that somebody has published."""

    family: str = choice("who published it", FAMILIES, required=True, column=True)
    meaning: str = prose("what it means, in our words", required=True, column=True)
    instead_of: str | None = prose("what it takes the place of", label="Instead of")
    see_also: tuple[str, ...] = links("related principles", "principle", label="See also", back="related principle")
    usual_routes: tuple[str, ...] = links(
        "routes that usually carry it; our reading",
        "route",
        label="Routes that usually carry it",
        back="principle it usually carries; our reading",
    )
    note: str | None = prose("what a reader should know of the list it comes from", label="Please note")


@dataclass(frozen=True, kw_only=True)
class Route(Record):
    """A lawful way to partner, or a way of working that cases used."""

    type: str = choice("what sort of thing it is", ROUTE_TYPES, required=True, column=True)
    regimes: tuple[str, ...] = choices("the law it stands in", REGIMES, required=True, column=True)
    nations: tuple[str, ...] = choices("where it applies", NATIONS, required=True, filter="nation", weight=NAMED)
    legal_basis: tuple[Provision, ...] = items("the provisions", Provision, label="Legal basis")
    fits: str | None = prose("when it is the right choice", label="Fits when")
    conditions: tuple[Rule, ...] = items("what has to be true or done", Rule)
    notices: tuple[Rule, ...] = items("what has to be published, and waiting times", Rule)
    replaces: str | None = prose("the earlier law it takes the place of")
    replaced_by: tuple[str, ...] = links("routes that take its place today", "route", label="Replaced by", back="earlier route")
    limits: tuple[Rule, ...] = items("what it does not do", Rule)
    not_confirmed: str | None = prose("what was looked for and not confirmed", label="Not confirmed")
    as_of: str = date("the day the law is described as of", required=True, label="Law as of")


@dataclass(frozen=True, kw_only=True)
class Objection(Record):
    """What people say to stop a partnership, and an honest answer."""

    verdict: str = choice("is the objection right?", VERDICTS, required=True, column=True, filter="verdict")
    answer: str = prose("the answer in plain English", required=True)
    when_right: str = prose("when the objector is right", required=True, label="When the objector is right")
    routes: tuple[str, ...] = links(
        "routes that open", "route", filter="route", label="Routes that open", back="objection it helps to answer"
    )
    law: tuple[Provision, ...] = items("the provisions", Provision, label="What the law says")
    cases: tuple[str, ...] = links("precedents", "case", label="Precedents", back="objection it helps to answer")
    as_of: str = date("the day the law is described as of", required=True, label="Law as of")


@dataclass(frozen=True, kw_only=True)
class Category(Record):
    """A consent category: what a website asks its visitors to agree to."""

    type: str = choice("whether it is one of the five categories", CATEGORY_TYPES, required=True)
    purposes: tuple[str, ...] = proses("what such cookies are used for", required=True)
    default: str = choice("where the switch on the banner stands at first", DEFAULTS, required=True, label="Switch at first", column=True)
    locked: bool = flag("whether the visitor cannot turn it off on the banner", required=True)
    consent_uk: str = choice("is consent needed in the United Kingdom?", CONSENT, required=True, label="Consent in the UK", column=True)
    consent_uk_note: tuple[str, ...] = proses("the conditions in the United Kingdom", required=True, label="UK law")
    consent_eu: str = choice("is consent needed in the European Union?", CONSENT, required=True, label="Consent in the EU", column=True)
    consent_eu_note: tuple[str, ...] = proses("the conditions in the European Union", required=True, label="EU law")
    law: tuple[Provision, ...] = items("the provisions", Provision, label="Legal basis")
    if_refused: str = prose("what a visitor loses by refusing", required=True, label="If refused")
    wording: tuple[Wording, ...] = items("what to tell visitors, ready to copy", Wording, label="Words to copy for your page or banner")
    banner_says: str | None = prose("what the toolkit page's banner says of it, in our words", label="What the toolkit page's banner says")
    corrections: tuple[Correction, ...] = items("where such texts go wrong", Correction)
    boundary: tuple[str, ...] = proses("where the line to another category is not clear", label="Where the line is not clear")
    overlaps: tuple[str, ...] = links("categories it overlaps with", "category", label="Overlaps with", back="overlaps with it")
    schemes: tuple[SchemeName, ...] = items("what other tools call it", SchemeName, label="In other tools")
    schemes_note: str | None = prose("where these names were read", label="Where these names were read", weight=0)
    as_of: str = date("the day the law is described as of", required=True, label="Law as of")


@dataclass(frozen=True, kw_only=True)
class Cookie(Record):
    """A cookie, by its name or by a pattern of names."""

    pattern: str = text("the cookie's name; `*` stands for any run of characters", required=True, column=True, weight=TITLE)
    star: str | None = choice("what `*` stands for, where that is not any run of characters", STARS, qualifies="pattern")
    generic: bool | None = flag(
        "whether other programs use this name, too; then it decides nothing without a domain", label="Ordinary name"
    )
    platform: str = text("the program or service that sets it", required=True, weight=NAMED, column=True)
    category: str = link("its consent category", "category", required=True, column=True)
    purpose: str = prose("what it does, as a short phrase", required=True)
    retention: str | None = text("how long it usually lasts", column=True)
    party: str | None = choice("whose domain it is stored under", PARTIES)
    domains: tuple[str, ...] = texts("domains it belongs to; where given, the name alone decides nothing")
    storage: str = choice("where the browser keeps it", STORAGE, required=True)
    staff_only: bool = flag("whether only signed-in editors get it", required=True)
    confidence: str = choice("how far sources agree on the category", CONFIDENCE, required=True)
    note: str | None = prose("what a reader should know", label="Please note")
    checked: str = choice("how it was checked", COOKIE_CHECKS, required=True)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record: its name, its plural, its class, its file, what it is in one line, whether a search
    that names no kind looks at it, and whether a draft may lack required fields."""

    name: str
    plural: str
    record: type[Record]
    file: str
    help: str
    usual: bool = True
    drafts: bool = True


KINDS = (
    Kind(name="case", plural="cases", record=Case, file="case_studies.toml", help="real partnerships: who did it, how, with what result"),
    Kind(name="route", plural="routes", record=Route, file="routes.toml", help="lawful ways to partner"),
    Kind(name="objection", plural="objections", record=Objection, file="objections.toml", help="what people say to stop it, answered"),
    Kind(
        name="principle",
        plural="principles",
        record=Principle,
        file="principles.toml",
        help="principles of partnership that somebody published",
    ),
    Kind(
        name="category",
        plural="categories",
        record=Category,
        file="consent_categories.toml",
        help="consent categories of a website's banner",
        # Here and below: on these rests what visitors are asked, and half of one would ask them the wrong thing.
        drafts=False,
    ),
    Kind(
        name="cookie",
        plural="cookies",
        record=Cookie,
        file="cookies.toml",
        help="cookies, by name or pattern",
        usual=False,
        drafts=False,
    ),
)

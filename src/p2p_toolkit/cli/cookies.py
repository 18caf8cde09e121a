"""The commands about a site's cookies: what each is for, an audit of files, the cookie page, a banner's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from p2p_toolkit import api, render
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.cli.output import FORCE, OUTPUT, check_output, hand_on
from p2p_toolkit.cli.talk import STANDARD_STREAM, standard_input
from p2p_toolkit.errors import BadUsage, Exit, nearest, quoted
from p2p_toolkit.library import Library

if TYPE_CHECKING:
    from p2p_toolkit.consent.audit import Audit

PAGE_FORMATS = ("markdown", "html", "csv", "json", "jsonl")

_FILES = typer.Argument(
    help="HAR, cookies.txt, Set-Cookie lines, document.cookie, a copied DevTools table, storage_state.json, extension JSON,"
    " inspection.json, or names; - for standard input.",
    metavar="FILE...",
)


def _complete_banner(incomplete: str) -> list[str]:
    # Imported here: only who presses Tab needs it.
    from p2p_toolkit.render import banners

    return [banner for banner in banners.BANNERS if banner.startswith(incomplete.lower())]


_SITE = typer.Option("--site", help="The site that was visited, such as www.example.gov.uk.", metavar="HOST")


@command()
def classify_command(
    request: Request,
    cookies: Annotated[list[str], typer.Argument(help="Names of cookies, or - for a list on standard input.", metavar="COOKIE...")],
    domain: Annotated[str, typer.Option("--domain", help="The domain they are stored under.", metavar="DOMAIN")] = "",
) -> None:
    """Say which category a cookie belongs to.

    And what decided, how sure that is, and what else it could be. Capital letters count. Ordinary names, such as sid or m,
    need --domain. Unclassified is an honest answer; probable means that the name or the domain alone suggests it: check it.

    \b
    Example:
      p2p consent classify _ga PHPSESSID
    """
    # Imported here, as below: no other command should wait for it.
    import time

    from p2p_toolkit.consent import readers

    library = request.open()
    named: list[str | tuple[str, str]] = []
    notes: list[str] = []
    for name in cookies:
        if name == STANDARD_STREAM:
            read = readers.read(standard_input("echo _ga | p2p consent classify -"), now=int(time.time()))
            named += [(seen.name, seen.domain) if seen.domain and not domain else seen.name for seen in read.cookies]
            notes += [*read.notes, *(f"{one.where}: {one.why}" for one in read.skipped[:10])]
        else:
            named.append(name)
    answer = api.classify(library, *named, domain=domain)
    query = {"cookies": cookies, "domain": domain or None}
    render.emit(answer._replace(query=query, notes=[*notes, *answer.notes]), request.view)


@command()
def audit_command(
    request: Request,
    files: Annotated[list[str], _FILES],
    site: Annotated[str, _SITE] = "",
    against: Annotated[
        str, typer.Option("--against", help="An earlier file of any of these kinds, or an earlier audit as JSON.", metavar="FILE")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a cookie is unclassified, or was set although refused.")] = False,
) -> None:
    """Sort the cookies in files by category, and say what to look at.

    What needs consent, what nobody has classified, what lasts longer than usual, what was set although the visitor had
    refused it, and what has changed since last year. Values of cookies are read past: they are never shown or kept.
    It never calls a site compliant.

    \b
    Example:
      p2p consent audit site.har --site www.example.gov.uk
    """
    library = request.open()
    found = _audit(library, files, site, against)
    from p2p_toolkit.render import cookies as answers

    query = {"files": files, "site": site or None, "against": against or None}
    render.emit(answers.audited(library, found, query), request.view)
    if strict and found.fails:
        raise typer.Exit(Exit.BAD_DATA)


@command(formats=("html",))
def table_command(
    request: Request,
    files: Annotated[list[str], _FILES],
    site: Annotated[str, _SITE] = "",
    output: OUTPUT = "",
    force: FORCE = False,
) -> None:
    """Make the table of a site's cookie page.

    As Markdown, as HTML to paste, or as CSV.

    \b
    Example:
      p2p consent table site.har --site www.example.gov.uk --format html
    """
    check_output(request, output, PAGE_FORMATS)
    library = request.open()
    found = _audit(library, files, site, "")
    from p2p_toolkit.consent.audit import rows
    from p2p_toolkit.render import cookie_page, cookies

    answer = cookie_page.answer(rows(found), list(library.all("category")), {"files": files, "site": site or None})
    answer = answer._replace(notes=[*cookies.unsure(found), *answer.notes])
    hand_on(request, answer, output, PAGE_FORMATS, force=force)


@command()
def export_command(
    request: Request,
    files: Annotated[list[str], _FILES],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="vanilla-cookieconsent, klaro, c15t or django-cookie-consent.",
            metavar="BANNER",
            autocompletion=_complete_banner,
        ),
    ],
    site: Annotated[str, _SITE] = "",
    output: OUTPUT = "",
    force: FORCE = False,
) -> None:
    """Make the configuration of a cookie banner.

    What is unclassified stays out of it until somebody has decided.

    \b
    Example:
      p2p consent export site.har --site www.example.gov.uk --to klaro
    """
    from p2p_toolkit.render import banners, cookies

    if to not in banners.BANNERS:
        hint = f"Choose one of: {', '.join(banners.BANNERS)}"
        raise BadUsage(f"there is no banner {quoted(to)}", hint=hint, suggestions=nearest(to, banners.BANNERS))
    library = request.open()
    found = _audit(library, files, site, "")
    import datetime

    from p2p_toolkit.consent.audit import rows

    query = {"files": files, "site": site or None, "to": to}
    today = datetime.datetime.now().astimezone().date().isoformat()
    answer = banners.answer(to, rows(found), list(library.all("category")), today, query)
    hand_on(request, answer._replace(notes=[*cookies.unsure(found), *answer.notes]), output, (), force=force)


def _audit(library: Library, files: list[str], site: str, against: str) -> Audit:
    if [*files, against].count(STANDARD_STREAM) > 1:
        raise BadUsage("standard input can be read only once", hint="Name - only once.")
    return api.audited(library, [_opened(name) for name in files], site, _opened(against) if against else None)


def _opened(name: str) -> str | BinaryIO:
    return standard_input("p2p consent audit - < cookies.txt") if name == STANDARD_STREAM else name

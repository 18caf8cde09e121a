"""A paper as one web page: no script, nothing from elsewhere, fit for a screen, a telephone and a printer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping

from p2p_toolkit.evidence.references import Reference
from p2p_toolkit.render.answer import stop_after
from p2p_toolkit.render.formats import hypertext, is_address
from p2p_toolkit.render.packs.paper import REFERENCES, Chapter, Line, Paper, Section, Table, Topic, pieces, ranges
from p2p_toolkit.render.references import described

_MARKER = re.compile(r"\[(\d+)\]")

# Every text has a contrast of 7 to 1 or more with every ground it stands on, in both (WCAG 2.2, AAA); a test computes it.
LIGHT = {
    "ink": "#1b1f24",
    "soft": "#414953",
    "link": "#0b4a8f",
    "accent": "#0f5257",
    "ground": "#ffffff",
    "band": "#f2f5f6",
    "line": "#b9c4c8",
}
DARK = {
    "ink": "#eceff1",
    "soft": "#c3cbd1",
    "link": "#a9cdf7",
    "accent": "#9fdcd8",
    "ground": "#14181b",
    "band": "#1f262a",
    "line": "#4b585f",
}


_STYLE = """
:root{color-scheme:light dark;LIGHT}
@media (prefers-color-scheme:dark){:root{DARK}}

*{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--ink);background:var(--ground)}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:60rem}
p,ul,ol,dl,table,nav{margin:0 0 1rem}
p,li,dd,h1,h2,h3,h4{overflow-wrap:anywhere}
td,th{overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.25;margin:0 0 .6rem;break-after:avoid}
h1{font-size:2rem}
h2{font-size:1.5rem;margin-top:3rem;padding-bottom:.3rem;border-bottom:2px solid var(--accent);color:var(--accent)}
h3{font-size:1.2rem;margin-top:2.2rem}
h4{font-size:1rem;margin-top:1.2rem;color:var(--accent)}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
header{border-top:6px solid var(--accent);padding-top:1.25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem}
dt{font-weight:600;color:var(--soft)}
dd{margin:0}
nav{background:var(--band);padding:.9rem 1.25rem;border-left:4px solid var(--accent)}
nav ul{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
ul,ol{padding-left:1.4rem}
li{margin-bottom:.45rem}
.tag{color:var(--soft);font-style:italic}
h3 .tag{font-weight:400;font-size:1rem;display:block}
.cite{white-space:nowrap;font-size:.85em;text-decoration:none}
.cite:hover{text-decoration:underline}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;font-weight:600;padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem .5rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--ink)}
tbody th{font-weight:600}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem}
.sides>section{background:var(--band);padding:.1rem 1rem;border-top:3px solid var(--accent)}
.end{color:var(--soft)}
ol.references{padding-left:2.8rem;font-size:.93rem}
footer{margin-top:3rem;padding-top:1rem;border-top:2px solid var(--accent);font-weight:600}
:target{background:var(--band);outline:2px solid var(--accent);outline-offset:3px}
@media (max-width:40rem){
body{padding:1rem .9rem 3rem}
h1{font-size:1.55rem}
dl{display:block}
dd{margin-bottom:.6rem}
.sides{display:block}
.sides>section{margin-bottom:.8rem}
table,caption,tbody,tr,th,td{display:block}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
tbody tr{border-top:2px solid var(--accent);padding:.5rem 0;margin-bottom:.6rem}
tbody th,td{border:0;padding:.15rem 0}
td::before{content:attr(data-label) ": ";font-weight:600;color:var(--soft)}
}
@page{size:A4;margin:18mm 17mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif}}
@media print{
:root{color-scheme:light;LIGHT}
html{font-size:9.5pt;line-height:1.45}
body{padding:0;max-width:none}
h2{margin-top:1.6rem}
h3{margin-top:1.3rem}
tr,li,dl,nav,h1,h2,h3,h4,.sides{break-inside:avoid}
caption,thead{break-after:avoid}
tbody tr:first-child{break-before:avoid}
thead{display:table-header-group}
p{orphans:3;widows:3}
ol.references{columns:2;column-gap:8mm;font-size:8.5pt;padding-left:2.2rem}
a{text-decoration:none}
}
"""


def _colours(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


STYLE = _STYLE.replace("LIGHT", _colours(LIGHT)).replace("DARK", _colours(DARK))


def as_html(paper: Paper) -> Iterator[str]:
    """The page. Its policy lets a browser use this very style and nothing else: no script, no picture, no address."""
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
    yield f"<title>{hypertext(paper.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
    yield f"<body>\n<header>\n<h1>{hypertext(paper.title)}</h1>\n<dl>\n"
    yield from (f"<dt>{hypertext(label)}</dt><dd>{hypertext(value)}</dd>\n" for label, value in paper.facts)
    yield '</dl>\n</header>\n<nav aria-label="Contents">\n<ul>\n'
    headings = [*((chapter.id, chapter.heading) for chapter in paper.chapters), ("references", REFERENCES)]
    yield from (f'<li><a href="#{id}">{hypertext(heading)}</a></li>\n' for id, heading in headings)
    yield "</ul>\n</nav>\n<main>\n"
    for chapter in paper.chapters:
        yield from _chapter(chapter)
    yield f'<section aria-labelledby="references">\n<h2 id="references">{REFERENCES}</h2>\n<ol class="references">\n'
    yield from map(_reference, paper.references)
    yield f"</ol>\n</section>\n</main>\n<footer>\n<p>{hypertext(paper.closing)}</p>\n</footer>\n</body>\n</html>\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f'<section aria-labelledby="{chapter.id}">\n<h2 id="{chapter.id}">{hypertext(chapter.heading)}</h2>\n'
    for part in chapter.parts:
        if isinstance(part, Table):
            yield from _table(part)
        elif isinstance(part, Topic):
            yield from _topic(part)
        else:
            yield from _section(part, 3)
    yield "</section>\n"


def _topic(topic: Topic) -> Iterator[str]:
    tag = f' <span class="tag">{hypertext(topic.tag)}</span>' if topic.tag else ""
    yield f"<article>\n<h3>{hypertext(topic.heading)}{tag}</h3>\n"
    beside = 2 if topic.beside else 0
    if beside:
        yield '<div class="sides">\n'
        for section in topic.sections[:beside]:
            yield from ("<section>\n", *_section(section, 4), "</section>\n")
        yield "</div>\n"
    for section in topic.sections[beside:]:
        yield from _section(section, 4)
    yield "</article>\n"


def _section(section: Section, level: int) -> Iterator[str]:
    if section.label:
        yield f"<h{level}>{hypertext(section.label)}</h{level}>\n"
    if section.bullets:
        yield from ("<ul>\n", *(f"<li>{_line(line)}</li>\n" for line in section.lines), "</ul>\n")
    else:
        yield from (f"<p>{_line(line)}</p>\n" for line in section.lines)


def _table(table: Table) -> Iterator[str]:
    yield f"<table>\n<caption>{hypertext(table.caption)}</caption>\n<thead>\n<tr>"
    yield from (f'<th scope="col">{hypertext(column)}</th>' for column in table.columns)
    yield "</tr>\n</thead>\n<tbody>\n"
    for row in table.rows:
        heading, *values = row.cells
        cells = zip(table.columns[1:], values, strict=True)
        yield f'<tr><th scope="row">{hypertext(heading)}</th>'
        yield from (f'<td data-label="{hypertext(column)}">{hypertext(cell)}</td>' for column, cell in cells)
        yield "</tr>\n"
    yield "</tbody>\n</table>\n"


def _line(line: Line) -> str:
    text = hypertext(line.text)
    if not line.plain:
        text = "".join(_cited(piece) if marked else piece for piece, marked in pieces(text))
    cited = _cited(ranges(line.cited))
    tag = f'<span class="tag">{hypertext(line.tag)}</span>' if line.tag else ""
    if not line.head:
        return " ".join(part for part in (text, cited, f"({tag})" if tag else "") if part)
    head = ", ".join(part for part in (f"<strong>{hypertext(line.head)}</strong>", tag) if part)
    stop = stop_after(line.tag or line.head) if text else " " if cited else ""
    return head + stop + " ".join(part for part in (text, cited) if part)


def _cited(markers: str) -> str:
    """Markers as links to the references they point to."""
    return _MARKER.sub(r'<a class="cite" href="#ref-\1">[\1]</a>', markers)


def _reference(reference: Reference) -> str:
    url = hypertext(reference.url)
    address = f'<a href="{url}">{url}</a>' if is_address(reference.url) else url
    return f'<li id="ref-{reference.number}">{hypertext(described(reference))} {address}</li>\n'

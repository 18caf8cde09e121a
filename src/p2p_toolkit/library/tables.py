"""The tables of the index.

An index is made of parts of at most PART records. A part is one run of source files, or a slice of a large one, and
`made_of` says which files, of what size and age: an index is brought up to date by replacing the parts whose files changed.
A record's number is its part times PART plus its place in the part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Whose a record is, where it is p2p's. `store` has the same word, but reading an index does not load it.
BUNDLED = "bundled"

# Raised whenever the tables change: an index with another number is never read.
INDEX_VERSION = "9"

# What an index holds besides records, where there is nothing.
NO_RULES: Mapping[str, Any] = {
    "route finder": {"as_of": None, "everywhere": [], "questions": [], "rules": [], "notes": []},
    "cookie clues": {"clues": [], "makers": []},
}

# Where a word stands in a record, best first: in a name of hardly any other word, in a name, among partners and
# places, in the text. Each record is counted in the best of them only.
TIERS = ("short_name", "name", "named", "body")

TABLES = f"""
create table meta (name text primary key, value text not null) without rowid;
create table part (part integer primary key, position integer not null, made_of text not null, records integer not null);
create table record (
    n integer primary key, kind text not null, id text not null, name text not null,
    names text not null, library text not null, file text not null, body text not null, hidden integer not null default 0);
create table term (part integer, word text, records integer not null, {", ".join(f"{tier} blob not null" for tier in TIERS)},
    primary key (part, word)) without rowid;
create table word (word text primary key, records integer not null) without rowid;
create table synonym (phrase text, other text, primary key (phrase, other)) without rowid;
create table facet (
    part integer, field text, value text, label text not null, records blob not null, primary key (part, field, value)) without rowid;
create table link (kind text, id text, n integer, field text, why text not null, primary key (kind, id, n, field)) without rowid;
create table fault (part integer not null, body text not null);
"""

# Made when the records are in, which is faster than keeping them in order meanwhile.
INDEXES = """
create index record_by_id on record (id, kind);
create index record_hidden on record (n) where hidden;
create index word_by_length on word (substr(word, 1, 1), length(word), word);
create index link_by_record on link (n);
"""

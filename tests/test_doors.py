"""Whatever bytes come in through any door, p2p answers or says what is wrong with them. Longer: benchmarks/fuzz.py."""

from __future__ import annotations

import pytest
from doors import DOORS
from hypothesis import given, settings
from hypothesis import strategies as st

# What has broken programs of this sort before, to be put in anywhere.
HOSTILE = [
    b"\x00", b"\x1b[2J", b"\x9b", b"\x07", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\xe2\x80\xae",
    b"[red]", b"[/x]", b"<script>", b"=1+1", b"'; drop table record; --", b'"', b"'", b'"""', b"NaN", b"Infinity", b"-0", b"1e999",
    b"9" * 5_000, b"9999-99-99", b"0000-00-00", b"../../x", b"{" * 200, b"[" * 200, b"%s{0}", b"*", b"\\",
]  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_the_way_in_is_taken_by_what_belongs_there(name: str) -> None:
    for seed in DOORS[name].seeds:
        DOORS[name].enter(seed)


@pytest.mark.parametrize("name", DOORS)
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_comes_in_does_no_harm(name: str, data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(DOORS[name].seeds) | st.binary(max_size=200), "content")
    for _ in range(data.draw(st.integers(1, 3), "cuts")):
        start, end = sorted(data.draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content))), "from, to"))
        content = content[:start] + data.draw(st.sampled_from(HOSTILE) | st.binary(max_size=8), "put") + content[end:]
    DOORS[name].enter(content)

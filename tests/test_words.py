"""What a word is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_toolkit import words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Oldham", ["oldham"]),
        ("Women's Centre", ["womens", "centre"]),
        ("Women\u2019s", ["womens"]),
        ("co-operative", ["co", "operative"]),
        ("Cafe\u0301 caf\u00e9", ["cafe", "cafe"]),
        ("Health & Care", ["health", "and", "care"]),
        ("_ga_*", ["ga"]),
        ("\u00a31.25m", ["1", "25m"]),
        ("\u5317\u4eac", ["\u5317\u4eac"]),
        ("", []),
    ],
)
def test_text_is_folded_and_split(text: str, folded: list[str]) -> None:
    assert words.split(text) == folded


def test_a_compound_is_also_indexed_as_one_word() -> None:
    assert words.split_for_index("a co-operative council") == ["a", "co", "operative", "council", "cooperative"]


def test_spans_point_at_the_words_as_they_are_written() -> None:
    text = "Barnardo's and P\u00e9rez"
    assert [text[start:end] for start, end in words.spans(text, frozenset({"barnardos", "perez"}))] == ["Barnardo's", "P\u00e9rez"]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert words.split(" ".join(words.split(text))) == words.split(text)


@given(st.text())
def test_a_slug_has_no_other_signs_than_hyphens(text: str) -> None:
    assert all(part.isalnum() for part in words.slug(text).split("-") if part)

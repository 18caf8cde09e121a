"""Which words of the data a word of a query may mean, by which rule, and how near it is."""

from __future__ import annotations

import pytest
from builders import a_case, parsed

from p2p_toolkit import library
from p2p_toolkit.library import Library
from p2p_toolkit.search.spellings import add_synonyms, spellings_of, words_typed

WORDS = """leicestershire leicester lighting lighter light lights granted grant partnership partner partnering social enterprise enterprises
oldham croydon the thesis abcdefgh abcdefghijkl ab abc wellbeing being well 2023 housing houses"""

# A query; one that ends with a space is finished. Then, for each of its words, what it may mean.
MEANT = {
    "lei": ["leicester 0.85 prefix, leicestershire 0.83 prefix"],
    "leicester": ["leicester 1.00 exact, leicestershire 0.90 prefix"],
    "leicestershir": ["leicestershire 0.94 prefix, leicester 0.59 form"],
    "light": ["light 1.00 exact, lights 0.93 prefix, lighter 0.91 prefix, lighting 0.89 prefix"],
    "lighting": ["lighting 1.00 exact, light 0.53 form, lighter 0.53 form, lights 0.53 form"],
    "lights ": ["lights 1.00 exact, light 0.71 form, lighter 0.61 form, lighting 0.53 form"],
    "grnt ": ["grant 0.80 typo"],
    "oldahm ": ["oldham 0.83 typo"],
    "oldhm ": ["oldham 0.83 typo"],
    "xldham ": ["oldham 0.71 typo"],
    "ldham ": ["oldham 0.71 typo"],
    "lodham ": ["oldham 0.71 typo"],
    "doldham ": ["oldham 0.73 typo"],
    "partnershipp": ["partnership 0.92 typo"],
    "partnershpi ": ["partnership 0.91 typo, partner 0.54 form, partnering 0.54 form"],
    "socialenterprise ": ["social enterprise 0.93 split"],
    "wellab ": ["well ab 0.93 split, well 0.57 form"],
    "abwell ": ["ab well 0.93 split"],
    "abcab ": [""],
    "social enterprise": ["social 1.00 exact", "enterprise 1.00 exact, enterprises 0.94 prefix"],
    "leicester shire": ["leicester 1.00 exact, leicestershire 0.97 joined", "leicestershire 0.97 joined"],
    "well being ": ["well 1.00 exact, wellbeing 0.97 joined", "being 1.00 exact"],
    # A word of every sentence is only itself, once it is whole.
    "the": ["the 1.00 exact"],
    "th": ["the 0.90 prefix, thesis 0.85 prefix"],
    "ab": ["ab 1.00 exact, abc 0.90 prefix, abcdefgh 0.84 prefix, abcdefghijkl 0.83 prefix"],
    "a": [""],
    # One slip from four letters on, two from eight; none in figures.
    "abcdefgi ": ["abcdefgh 0.88 typo"],
    "abcdefxx ": ["abcdefgh 0.75 typo"],
    "abcdefxxjkl ": [""],
    "cryodn ": [""],
    "gra ": [""],
    "2032 ": [""],
    "house ": ["houses 0.93 prefix"],
    "hous": ["houses 0.90 prefix, housing 0.89 prefix"],
    "hous ": [""],
    "enterp ": ["enterprise 0.89 prefix, enterprises 0.88 prefix"],
    "enterprsi": ["enterprise 0.80 typo, enterprises 0.54 form"],
    # Half a word with a slip in it, while it is still typed.
    "leicset": ["leicester 0.73 typo, leicestershire 0.73 typo"],
    "leicset ": [""],
    "cash gift ": ["grant 0.75 synonym", "grant 0.75 synonym"],
    "homes ": ["housing 0.75 synonym"],
}


@pytest.fixture(scope="module")
def held() -> Library:
    cases = [parsed("case", a_case(id=f"c{n}", name=word, places=["X"], summary="Text [1].")) for n, word in enumerate(WORDS.split())]
    return library.index_of(cases, [["cash gift", "grant"], ["home", "housing"]])


@pytest.mark.parametrize("query", MEANT, ids=repr)
def test_a_word_may_mean_these(held: Library, query: str) -> None:
    typed, finished = words_typed(query)
    found = [spellings_of(held, typed, place, finished) for place in range(len(typed))]
    add_synonyms(held, typed, found)
    told = [
        ", ".join(f"{word} {one.similarity:.2f} {one.how}" for word, one in sorted(meant.items(), key=lambda item: (-item[1][0], item[0])))
        for meant in found
    ]
    assert told == MEANT[query]


def test_the_last_word_is_finished_where_a_space_follows() -> None:
    assert words_typed("a b") == (["a", "b"], False)
    assert words_typed("a b ") == (["a", "b"], True)
    assert words_typed("a  ") == (["a"], True)
    assert words_typed("") == ([], False)
    assert words_typed("a A a b") == (["a", "b"], False)

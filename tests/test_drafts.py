"""Drafts: nothing that was typed is dropped, whatever windows are open."""

from hypothesis import given
from hypothesis import strategies as st

from bot import drafts

TEXTS = st.text(max_size=5)
MOVES = st.lists(st.tuples(st.sampled_from(["laptop", "phone"]), TEXTS), max_size=12)


def test_an_empty_draft_has_no_values() -> None:
    assert drafts.values({}) == {}
    assert drafts.revision({}) == 0


def test_the_newer_text_wins_and_the_other_is_kept_beside_it() -> None:
    draft = drafts.typed({}, "evidence.a", "from the laptop", "laptop", 0)
    draft = drafts.typed(draft, "evidence.a", "from the phone", "phone", 0)
    assert drafts.values(draft) == {"evidence.a": "from the phone"}
    assert drafts.displaced(draft, "evidence.a") == ["from the laptop"]


def test_one_window_displaces_nothing_of_its_own() -> None:
    draft = drafts.typed({}, "evidence.a", "one", "laptop", 0)
    draft = drafts.typed(draft, "evidence.a", "two", "laptop", 0)
    assert drafts.displaced(draft, "evidence.a") == []


def test_a_window_that_has_seen_the_text_may_replace_it() -> None:
    draft = drafts.typed({}, "evidence.a", "one", "laptop", 0)
    draft = drafts.typed(draft, "evidence.a", "two", "phone", drafts.revision(draft))
    assert drafts.displaced(draft, "evidence.a") == []


def test_turning_a_stale_page_overwrites_nothing() -> None:
    draft = drafts.typed({}, "evidence.a", "newer", "phone", 0)
    after = drafts.turned(draft, {"evidence.a": "stale", "score.a": "3"}, "laptop", 0)
    assert drafts.values(after) == {"evidence.a": "newer", "score.a": "3"}
    assert drafts.displaced(after, "evidence.a") == ["stale"]
    assert drafts.revision(after) > drafts.revision(draft)


def test_turning_a_page_saves_what_no_letter_brought() -> None:
    after = drafts.turned({}, {"evidence.a": "typed while offline"}, "laptop", 0)
    assert drafts.values(after) == {"evidence.a": "typed while offline"}


def test_emptying_a_field_empties_it() -> None:
    draft = drafts.typed({}, "evidence.a", "one", "laptop", 0)
    assert drafts.values(drafts.typed(draft, "evidence.a", "", "laptop", 0)) == {}


def test_nothing_is_changed_in_place() -> None:
    draft = drafts.typed({}, "evidence.a", "one", "laptop", 0)
    before = drafts.values(draft)
    drafts.typed(draft, "evidence.a", "two", "laptop", 0)
    assert drafts.values(draft) == before


@given(MOVES)
def test_the_last_text_of_each_window_can_be_found(moves: list[tuple[str, str]]) -> None:
    draft: drafts.Draft = {}
    last: dict[str, str] = {}
    for window, text in moves:
        draft = drafts.typed(draft, "evidence.a", text, window, 0)
        last[window] = text
    kept = drafts.values(draft).get("evidence.a", "")
    places = " ".join([kept, *drafts.displaced(draft, "evidence.a")])
    if moves:
        assert kept == moves[-1][1]
    for text in last.values():
        assert not text.strip() or text in places

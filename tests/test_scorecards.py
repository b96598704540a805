"""An interviewer notes, writes, hands in; nobody reads along; the last one opens them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.records import Interview, KeptQuestion, Opening
from bot.store import Db
from playground import Person, Playground
from tests.banks import SHIPPED
from tests.offices import (
    MINUTE,
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)

SAID = "They named five classes of attack and measured each of them."


@pytest.fixture
def office(office: Playground) -> Playground:
    """One in which Interviewer C, and Interviewer A for another round, wait for a candidate."""
    make_opening(office)
    second = {"onsite_a": ("U0INTD", "shadow")}
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"}, second=second)
    return office


@pytest.fixture
def writer(office: Playground) -> Person:
    person = office.person("Interviewer C")
    wait_for_mail(office, person, 1)
    return person


def fields(person: Person, kind: str) -> str:
    """The id of the open page's field of this kind."""
    ids = [each["block_id"] for each in shown(person).blocks if each["type"] == "input"]
    return next(str(each) for each in ids if each.startswith(kind))


def write(person: Person, evidence: str = SAID, score: str = "3") -> None:
    """Open the scorecard and fill in both of its questions."""
    person.click("Scorecard", channel="app")
    for _ in range(2):
        person.fill(fields(person, "evidence"), evidence)
        person.fill(fields(person, "score"), score)
        person.submit()


def hand_in(person: Person, **more: Any) -> None:
    write(person)
    for name, value in {"level_fit": "at", "recommendation": "yes", **more}.items():
        person.fill(name, value)
    person.submit()


def hold(lasting: tuple[Playground, Db]) -> None:
    """The interviews were held an hour ago."""
    play, db = lasting
    with db.begin() as session:
        for interview in session.exec(select(Interview)):
            interview.starts_at = play.clock.now() - timedelta(hours=2)
            session.add(interview)


def edit_the_bank(lasting: tuple[Playground, Db]) -> None:
    """As if every pinned question had been edited since: what was pinned is only kept any more."""
    play, db = lasting
    with db.begin() as session:
        [opening] = session.exec(select(Opening))
        kits = deepcopy(opening.kits)
        for line in (line for kit in kits for line in kit["lines"] if "question" in line):
            id_, line["version"] = line["question"], 99
            fields = SHIPPED.questions[id_].model_dump(mode="json", exclude_none=True)
            fields |= {"version": 99, "prompt": f"As it was pinned: {id_}?"}
            if session.get(KeptQuestion, (id_, 99)) is None:
                kept_at = play.clock.now()
                session.add(KeptQuestion(id=id_, version=99, fields=fields, kept_at=kept_at))
                session.flush()
        opening.kits = kits
        session.add(opening)


class TestWriting:
    def test_questions_that_were_edited_since_are_scored_as_they_were_pinned(
        self, writer: Person, lasting: tuple[Playground, Db]
    ) -> None:
        edit_the_bank(lasting)
        writer.click("Scorecard", channel="app")
        assert "As it was pinned" in shown(writer).text
        writer.close()
        hand_in(writer)
        assert "sealed" in shown(writer).text

    def test_it_opens_at_the_first_question_with_its_anchors(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        seen = shown(writer).text
        assert "Question 1 of 2 · 0 of 2 done · saved as you type" in seen
        assert "How would you try to make our AI system produce harmful output?" in seen
        assert "*4 · Above the bar*" in seen
        assert shown(writer).raw["submit"]["text"] == "Next"

    def test_what_was_typed_is_there_again_after_closing(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        name = fields(writer, "evidence")
        writer.fill(name, "Half a sen")
        writer.close()
        writer.click("Scorecard", channel="app")
        assert shown(writer).element("card_text") is not None
        assert (shown(writer).element("card_text") or {})["initial_value"] == "Half a sen"
        assert "draft saved" in shown(writer).text

    def test_a_score_needs_evidence_and_says_so_on_the_field(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        writer.fill(fields(writer, "score"), "4")
        answer = writer.submit()
        assert "Your 4 needs one concrete moment" in answer["errors"][fields(writer, "evidence")]

    def test_not_assessed_needs_none(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        writer.fill(fields(writer, "score"), "na")
        writer.submit()
        assert "Question 2 of 2 · 1 of 2 done" in shown(writer).text

    def test_pages_can_be_turned_freely_and_keep_what_was_typed(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        writer.fill(fields(writer, "score"), "2")
        writer.click("Overall")
        assert "Overall recommendation" in shown(writer).text
        writer.click("Question 1 ✓")
        chosen = (shown(writer).element("card_choice") or {})["initial_option"]
        assert chosen["value"] == "2"

    def test_a_flag_asks_where_it_was_heard(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        writer.click("Overall")
        writer.fill("flags.red", ["red.2"])
        assert "Where did you hear it?" in shown(writer).text
        hint = shown(writer).blocks
        assert any("red.2" in each.get("block_id", "") for each in hint)

    def test_a_flag_whose_field_is_not_shown_yet_leads_to_it(self, writer: Person) -> None:
        write(writer)
        for name, value in {"level_fit": "at", "recommendation": "yes"}.items():
            writer.fill(name, value)
        writer._filled["flags.red"] = ["red.2"]  # Chosen, and handed in before the page was drawn.
        writer.submit()
        assert "Say where you heard this" in shown(writer).text
        assert any(each["block_id"] == "where.red.2" for each in shown(writer).blocks)

    def test_handing_in_too_early_leads_to_what_is_missing(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        writer.click("Overall")
        writer.submit()
        assert "Choose a score, or “Not assessed”" in shown(writer).text
        assert "Question 1 of 2" in shown(writer).text

    def test_what_is_missing_on_the_last_page_is_said_there(self, writer: Person) -> None:
        write(writer)
        answer = writer.submit()
        assert set(answer["errors"]) == {"level_fit", "recommendation"}

    def test_words_about_protected_matters_are_pointed_out_once(self, writer: Person) -> None:
        write(writer, evidence="They said that their kids had taught them to be patient.")
        writer.fill("level_fit", "at")
        writer.fill("recommendation", "yes")
        writer.submit()
        assert "“kids” (family)" in shown(writer).text
        writer.submit()
        assert "Handed in and sealed" in shown(writer).text

    def test_it_is_sealed_and_the_panel_sees_how_many_are_in(
        self, writer: Person, office: Playground
    ) -> None:
        hand_in(writer)
        assert "Handed in and sealed" in shown(writer).text
        assert "1 of 2 scorecards in. They stay sealed" in shown(writer).text
        person = coordinator(office)
        person.close()
        person.slash("/safety-interview loops")
        assert "1 of 2 in" in person.last.text

    def test_two_windows_lose_nothing_and_the_person_is_told(self, writer: Person) -> None:
        writer.click("Scorecard", channel="app")
        first, name = shown(writer), fields(writer, "evidence")
        writer.fill(name, "What the laptop says")
        # The phone has its own window, drawn before the laptop wrote.
        act = {"block_id": name, "action_id": "card_text", "type": "plain_text_input"}
        writer.close()
        writer.click("Scorecard", channel="app")
        phone = shown(writer)
        phone.raw["private_metadata"] = first.raw["private_metadata"]
        writer._act(
            "action",
            container={"type": "view", "view_id": phone.raw["id"]},
            action={**act, "value": "What the phone says"},
            state={},
        )
        writer.close()
        writer.click("Scorecard", channel="app")
        assert (shown(writer).element("card_text") or {})["initial_value"] == "What the phone says"
        assert "Two windows were open" in shown(writer).text
        assert ">What the laptop says" in shown(writer).text


class TestWhenItCannotBeSaved:
    def test_the_form_stays_open_says_why_and_goes_through_later(
        self, writer: Person, lasting: tuple[Playground, Db]
    ) -> None:
        write(writer)
        for name, value in {"level_fit": "at", "recommendation": "yes"}.items():
            writer.fill(name, value)
        with broken(lasting[1], "sealed_version"):
            answer = writer.submit()
            (told,) = answer["errors"].values()
            assert "I could not save or read this just now." in told
            assert "What you typed is still here." in told
            assert shown(writer).raw["submit"]["text"] == "Submit"
        writer.submit()
        assert "Handed in and sealed" in shown(writer).text

    def test_a_letter_that_cannot_be_saved_is_said_and_kept_in_the_window(
        self, writer: Person, lasting: tuple[Playground, Db]
    ) -> None:
        writer.click("Scorecard", channel="app")
        with broken(lasting[1], "scorecard"):
            writer.fill(fields(writer, "evidence"), SAID)
            assert "I could not save or read this just now." in shown(writer).text
        writer.close()
        assert len(writer.modals) == 1


@contextmanager
def broken(db: Db, table: str) -> Iterator[None]:
    """While this lasts the database cannot write to `table`."""
    with db.begin() as session:
        session.connection().execute(text(f"ALTER TABLE {table} RENAME TO away"))
    yield
    with db.begin() as session:
        session.connection().execute(text(f"ALTER TABLE away RENAME TO {table}"))


class TestNotes:
    def note(self, person: Person, text: str) -> str:
        (brief,) = mail(person)
        return str(person.say(text, channel="app", thread_ts=brief.raw["ts"])["ts"])

    def test_what_is_typed_in_the_thread_stands_in_the_scorecard(
        self, writer: Person, office: Playground
    ) -> None:
        ts = self.note(writer, "asks what harm means <!channel>")
        message = office.workspace.message(f"D{writer.id[1:]}", ts)
        assert message is not None
        assert [each["name"] for each in message["reactions"]] == ["memo"]
        writer.click("Scorecard", channel="app")
        writer.click("Overall")
        assert "asks what harm means" in shown(writer).text

    def test_edits_and_deletions_are_followed(self, writer: Person) -> None:
        first, second = self.note(writer, "one"), self.note(writer, "two")
        writer.change(first, "uno", channel="app")
        writer.take_back(second, channel="app")
        writer.click("Scorecard", channel="app")
        writer.click("Overall")
        assert "uno" in shown(writer).text
        assert "two" not in shown(writer).text

    def test_a_message_outside_of_a_thread_is_told_where_notes_go(self, writer: Person) -> None:
        writer.say("hello", channel="app")
        assert "in the thread under a brief" in mail(writer)[-1].text


class TestReveal:
    def test_the_last_scorecard_opens_them_all_and_everybody_is_told(
        self, writer: Person, office: Playground
    ) -> None:
        other = office.person("Interviewer A")
        wait_for_mail(office, other, 1)
        hand_in(writer)
        hand_in(other)
        assert "They were opened" in shown(other).text
        (news,) = wait_for_mail(office, office.person("Hiring manager"), 1)
        assert "2 of 2 scorecards of *C.12 (C-101)* are open." in news.text
        other.close()
        wait_for_mail(office, other, 2)
        other.click("Read them", channel="app")
        other.click("Read scorecard")
        assert f">{SAID}" in shown(other).text
        assert "*Overall recommendation:* Yes" in shown(other).text

    def test_before_it_nobody_reads_a_colleague_s(self, writer: Person, office: Playground) -> None:
        hand_in(writer, private_note="Only for coordinators.")
        for name in ("Interviewer A", "Hiring manager", "Recruiting coordinator"):
            person = office.person(name)
            person.slash("/safety-interview loops")
            person.click("Show", on=person.last)
            assert "Read scorecard" not in shown(person).labels
            assert SAID not in shown(person).text

    def test_opened_early_with_a_reason_the_missing_are_told(
        self, writer: Person, office: Playground
    ) -> None:
        hand_in(writer)
        manager, late = office.person("Hiring manager"), office.person("Interviewer A")
        wait_for_mail(office, late, 1)
        manager.slash("/safety-interview loops")
        manager.click("Show")
        manager.click("Open scorecards…")
        assert "Missing: <@U0INTA>" in shown(manager).text
        manager.fill("reason", "The offer expires today")
        manager.submit()
        assert "Opened early: The offer expires today" in shown(manager).text
        assert "opened without yours" in wait_for_mail(office, late, 2)[-1].text
        hand_in(late)
        assert "It is marked as written after the reveal." in shown(late).text

    def test_an_amendment_is_a_version_and_names_what_changed(
        self, writer: Person, office: Playground
    ) -> None:
        hand_in(writer)
        writer.close()
        writer.click("Scorecard", channel="app")
        writer.fill("recommendation", "strong_yes")
        writer.submit()
        assert "Amended (version 2)" in shown(writer).text
        other = office.person("Interviewer A")
        wait_for_mail(office, other, 1)
        hand_in(other)
        other.close()
        other.slash("/safety-interview loops")
        other.click("Show")
        other.click("Read scorecard")
        assert "Amended before the reveal: Overall recommendation" in shown(other).text

    def test_a_shadow_s_card_never_counts_and_only_its_pair_sees_it(
        self, writer: Person, office: Playground
    ) -> None:
        shadow, other = office.person("Interviewer D"), office.person("Interviewer A")
        wait_for_mail(office, shadow, 1)
        wait_for_mail(office, other, 1)
        hand_in(shadow)
        assert "nobody counts it" in shown(shadow).text
        hand_in(writer)
        hand_in(other)
        for person, sees in ((writer, True), (shadow, True), (other, False)):
            person.close()
            person.slash("/safety-interview loops")
            person.click("Show", on=person.last)
            assert ("Read (Shadow)" in shown(person).labels) is (sees and person is not shadow)


class TestSomethingElseHappened:
    def test_nobody_waits_for_a_no_show(self, writer: Person, office: Playground) -> None:
        person = coordinator(office)
        person.click("Something else happened…")
        options = (shown(person).element("chair") or {})["options"]
        onsite_c = next(each for each in options if "Onsite C" in each["text"]["text"])
        person.fill("chair", onsite_c["value"])
        person.fill("what", "no_show")
        person.fill("reason", "Did not call in")
        person.submit()
        assert "no-show: Did not call in" in shown(person).text
        assert "0 of 1 scorecard in" in shown(person).text
        hand_in(writer)
        assert "They were opened" in shown(writer).text

    def test_who_held_it_in_fact_owes_the_scorecard(
        self, writer: Person, office: Playground, lasting: tuple[Playground, Db]
    ) -> None:
        person, other = coordinator(office), office.person("Interviewer E")
        hold(lasting)
        person.close()
        person.slash("/safety-interview loops")
        person.click("Show")
        person.click("Somebody else did it")
        options = (shown(person).element("chair") or {})["options"]
        assert {each["value"].partition("|")[2] for each in options} == {"U0INTC", "U0INTD"}
        person.fill("reason", "They swapped in the corridor")
        assert "errors" in str(person.submit())
        person.fill("instead", "U0GUEST")
        assert "cannot see interview material" in str(person.submit())
        person.fill("instead", other.id)
        person.submit()
        assert "<@U0INTE>: not started" in shown(person).text
        assert "<@U0INTC>" not in shown(person).text
        writer.click("Scorecard", channel="app")
        assert "You are not on that interview's panel" in writer.messages("app")[-1].text
        office.clock.advance(MINUTE)
        wait_for_text(office, writer, "no longer needed")
        other.open_home()
        assert other.home is not None
        assert "Write it" in other.home.labels

    def test_nobody_is_replaced_who_has_handed_in(self, writer: Person, office: Playground) -> None:
        hand_in(writer)
        person = coordinator(office)
        person.click("Something else happened…")
        options = (shown(person).element("chair") or {})["options"]
        person.fill("chair", next(each["value"] for each in options if "U0INTC" in each["value"]))
        person.fill("what", "another")
        person.fill("instead", "U0INTE")
        person.fill("reason", "They swapped")
        person.submit()
        assert "has handed in their scorecard of it already" in shown(person).text


def test_a_scorecard_before_its_interview_says_so_and_can_be_handed_in(writer: Person) -> None:
    write(writer)
    assert "The interview is planned for" in shown(writer).text
    assert "Hand in only if it was held before." in shown(writer).text
    writer.fill("level_fit", "at")
    writer.fill("recommendation", "yes")
    writer.submit()
    assert "Handed in and sealed" in shown(writer).text


def test_a_scorecard_after_its_interview_has_no_such_warning(
    writer: Person, lasting: tuple[Playground, Db]
) -> None:
    hold(lasting)
    write(writer)
    assert "The interview is planned for" not in shown(writer).text


def test_a_letter_that_comes_after_the_form_was_handed_in_does_no_harm(
    writer: Person, office: Playground
) -> None:
    hand_in(writer)
    where = {"type": "view", "view_id": shown(writer).raw["id"]}
    chosen = {"selected_option": {"value": "yes"}}
    late = {"type": "radio_buttons", "action_id": "card_choice", "block_id": "recommendation"}
    answer = office.act("action", {"user": writer.id, "container": where, "action": late | chosen})
    assert answer == {"ok": True}
    assert "Handed in and sealed" in shown(writer).text

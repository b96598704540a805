"""What people see, over Slack's own protocol."""

from typing import Literal

import pytest

from playground import Fault, Person, Playground


def newest(person: Person) -> str:
    return person.messages()[-1].text


def test_senior_answers_with_a_sheet_that_only_the_asker_sees(
    play: Playground, coordinator: Person
) -> None:
    assert coordinator.slash("/safety-interview senior") == {"ok": True}
    text = newest(coordinator)
    assert "Senior interview sheet" in text
    assert "5+ years" in text
    assert "Explain RLHF and its limitations" in text
    assert play.person("Interviewer A").messages() == []


@pytest.mark.parametrize("words", ["SR", "Senior", "senior trade-offs", "rlhf llm senior", "b sr"])
def test_words_come_in_any_order_and_case(coordinator: Person, words: str) -> None:
    coordinator.slash(f"/safety-interview {words}")
    assert "Senior interview sheet" in newest(coordinator)


def test_principal_is_said_to_be_mapped(coordinator: Person) -> None:
    coordinator.slash("/safety-interview principal")
    assert "“principal” is taken as Staff here." in newest(coordinator)


def test_one_area_shows_all_its_questions_at_that_level(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior incident")
    text = newest(coordinator)
    assert "The block rate fell" in text
    assert "The model started producing biased outputs" in text
    assert "Explain RLHF" not in text


def test_an_unknown_word_is_named_and_the_nearest_is_a_press_away(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senoir")
    assert "I do not know the word *senoir*." in newest(coordinator)
    coordinator.click("Senior")
    assert "Senior interview sheet" in newest(coordinator)
    assert len(coordinator.messages()) == 1


def test_what_a_person_typed_pings_nobody(coordinator: Person) -> None:
    coordinator.slash("/safety-interview <!channel>")
    assert "<!channel>" not in newest(coordinator)
    assert "&lt;!channel&gt;" in newest(coordinator)


@pytest.mark.parametrize("words", ["", " help", " ?"])
def test_help_is_buttons_that_do_it(coordinator: Person, words: str) -> None:
    coordinator.slash(f"/safety-interview{words}")
    coordinator.click("Staff")
    assert "Staff interview sheet" in newest(coordinator)


def test_an_area_without_a_level_asks_for_the_level(coordinator: Person) -> None:
    coordinator.slash("/safety-interview design")
    coordinator.click("Mid · System design")
    assert "Mid interview sheet · System design" in newest(coordinator)


def test_a_word_for_two_things_offers_both(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior alignment")
    assert coordinator.messages()[-1].labels == [
        "Senior · Alignment concepts",
        "Senior · Applied alignment",
    ]


def test_a_rubric_shows_the_scores_as_the_level_sees_them(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior")
    coordinator.click("Rubric", nth=1)
    assert coordinator.modal is not None
    text = coordinator.modal.text
    assert text.startswith("Rubric · Senior")
    assert "*4 · Above the bar*\nAll of 3, plus: one service for several products" in text
    assert "*1 · Well below the bar*\nNo more than: Checks both input and output" in text


def test_the_level_switch_redraws_the_rubric_in_place(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior")
    coordinator.click("Rubric", nth=1)
    coordinator.click("Mid")
    assert len(coordinator.modals) == 1
    assert coordinator.modal is not None
    assert "*3 · Meets the bar*\nUnprompted: turns 1M users" in coordinator.modal.text


def test_a_question_of_one_level_gives_way_to_its_area_s_question(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior incident")
    coordinator.click("Rubric", nth=1)
    coordinator.click("Junior")
    assert coordinator.modal is not None
    assert "is asked at Senior only" in coordinator.modal.text
    assert "biased outputs" in coordinator.modal.text


def test_another_question_swaps_one_and_keeps_the_rest(coordinator: Person) -> None:
    coordinator.slash("/safety-interview senior")
    before = newest(coordinator)
    coordinator.click("Another question", nth=1)
    text = newest(coordinator)
    assert "Content moderation for 1M daily users" in before
    assert "Content moderation for 1M daily users" not in text
    assert "Explain RLHF and its limitations" in text


def test_the_words_to_ask_can_be_copied(coordinator: Person) -> None:
    coordinator.slash("/safety-interview junior")
    coordinator.click("Copy the words to ask", nth=4)
    assert coordinator.modal is not None
    assert coordinator.modal.blocks[0]["element"]["initial_value"] == (
        "Explain RLHF and its limitations"
    )
    assert coordinator.submit()["ok"]
    assert coordinator.modal is None


def test_a_question_is_shared_after_a_preview_and_without_anchors(
    play: Playground, coordinator: Person
) -> None:
    coordinator.slash("/safety-interview junior")
    coordinator.click("Share with the channel…", nth=4)
    coordinator.submit()
    shared = play.person("Interviewer A").messages()[-1]
    assert "Explain RLHF and its limitations" in shared.text
    assert "comparisons" not in shared.text


def test_only_who_shared_a_question_removes_it(play: Playground, coordinator: Person) -> None:
    coordinator.slash("/safety-interview junior")
    coordinator.click("Share with the channel…", nth=4)
    coordinator.submit()
    colleague = play.person("Interviewer A")
    colleague.click("Remove")
    assert "Only <@U0COORD>" in newest(colleague)
    coordinator.click("Remove")
    assert all("Shared by" not in seen.text for seen in coordinator.messages())


@pytest.mark.parametrize("who", ["Guest", "Slack Connect partner"])
def test_outsiders_are_refused_in_a_sentence(play: Playground, who: str) -> None:
    outsider = play.person(who)
    assert outsider.slash("/safety-interview senior")["ok"]
    assert "interview sheet" not in newest(outsider)
    assert "Ask" in newest(outsider)


def test_a_lookup_that_fails_refuses(play: Playground) -> None:
    play.faults.add(Fault("server_error", "users.info"))
    interviewer = play.person("Interviewer D")
    interviewer.slash("/safety-interview senior")
    assert "I could not check with Slack who you are" in newest(interviewer)
    interviewer.slash("/safety-interview senior")
    assert "Senior interview sheet" in newest(interviewer)


def test_home_opens_the_sheet_in_place(coordinator: Person) -> None:
    coordinator.open_home()
    home = coordinator.home
    assert home is not None
    coordinator.click("Senior", on=home)
    assert coordinator.home is not None
    assert "Senior interview sheet" in coordinator.home.text
    assert "Share with the channel…" not in coordinator.home.labels


def test_an_event_that_slack_sends_twice_is_handled_once(
    play: Playground, coordinator: Person
) -> None:
    play.faults.add(Fault("deliver_twice", "app_home_opened"))
    coordinator.open_home()
    assert [entry["name"] for entry in play.log].count("views.publish") == 1


@pytest.mark.parametrize("kind", ["rate_limited", "server_error"])
def test_when_slack_fails_a_press_is_answered_in_words(
    play: Playground, coordinator: Person, kind: Literal["rate_limited", "server_error"]
) -> None:
    coordinator.slash("/safety-interview senior")
    play.faults.add(Fault(kind, "views.open"))
    coordinator.click("Rubric")
    assert coordinator.modal is None
    assert "Please try again" in newest(coordinator)
    coordinator.click("Rubric")
    assert coordinator.modal is not None


@pytest.mark.parametrize("kind", ["refresh_socket", "drop_socket"])
def test_the_bot_comes_back_after_its_socket_is_closed(
    play: Playground, coordinator: Person, kind: str
) -> None:
    asked = {"user": coordinator.id, "kind": kind, "times": 1}
    play.act("fault", asked)
    # The bot may replace a new connection by another before it settles.
    play.wait_until(lambda: coordinator.slash("/safety-interview senior")["ok"], "it stayed away")

"""What a packet shows, in which order, and on pages that Slack takes."""

import html
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot import packets
from bot.content import Area, Level
from bot.packets import Packet, Topic, Why
from bot.plans import AREAS
from bot.records import SealedVersion
from handlers.views import evidence as evidence_view
from handlers.views import packet as packet_view
from handlers.views import packet_file, reasons
from handlers.views.paging import size_of
from handlers.views.text import quoted
from playground.strict import check_message, check_view
from playground.strict.relations import size_of as slack_s_count
from tests.banks import SHIPPED
from tests.panels import SAID, Rows, Written, largest, rows, senior
from tests.rows import NOON

FIRST, SECOND, THIRD = senior(3)
MUST = [
    each.id
    for each in SHIPPED.questions.values()
    if each.area in SHIPPED.levels[Level.SENIOR].must_reach and Level.SENIOR in each.levels
]
REST = [
    each.id
    for each in SHIPPED.questions.values()
    if each.area is Area.TRADE_OFFS and Level.SENIOR in each.levels
]
HEBREW = "היא אמרה: “לא נבדוק רק פעם אחת” ואז ספרה 12 מקרים. "
EMOJI = "👩‍👩‍👧‍👦 said 👍🏽 and drew 🧑🏿‍🚀. "


def whys(packet: Packet) -> dict[str, tuple[Why, ...]]:
    return {topic.title: topic.whys for topic in packet.topics}


def title(id_: str) -> str:
    return SHIPPED.questions[id_].title


class TestWhatToDiscuss:
    def test_a_one_comes_before_a_spread_before_a_low_area_before_a_gap(self) -> None:
        packet = rows(
            [
                Written("UA", {REST[0]: 4, REST[1]: 1, MUST[0]: 2}),
                Written(
                    "UB", {REST[0]: 2}, flags={"red.1": "Twice"}, fields={"level_fit": "below"}
                ),
                Written("UC", {}, fields={"level_fit": "at"}),
            ]
        ).packet()
        order = [topic.whys[0] for topic in packet.topics]
        assert order == sorted(order, key=packets.ORDER.index)
        assert order[:3] == [Why.ONE, Why.SPREAD, Why.BELOW]
        assert Why.UNASSESSED in order
        assert order[-2:] == [Why.FLAGS, Why.LEVEL]

    def test_a_score_of_one_point_less_is_no_disagreement(self) -> None:
        packet = rows([Written("UA", {REST[0]: 4}), Written("UB", {REST[0]: 3})]).packet()
        assert title(REST[0]) not in whys(packet)

    def test_one_person_who_scores_two_questions_apart_does_not_disagree_with_anybody(self) -> None:
        packet = rows([Written("UA", {REST[0]: 4, REST[1]: 2})]).packet()
        assert not any(Why.SPREAD in each for each in whys(packet).values())

    def test_two_people_apart_over_different_questions_of_an_area_do(self) -> None:
        packet = rows([Written("UA", {REST[0]: 4}), Written("UB", {REST[1]: 2})]).packet()
        assert Why.SPREAD in whys(packet)["Trade-offs"]

    def test_not_assessed_is_no_score(self) -> None:
        packet = rows([Written("UA", {REST[0]: None}), Written("UB", {REST[0]: 4})]).packet()
        assert packet.rows[0].scores == [4]
        assert packet.rows[0].spread == 0

    def test_an_area_with_nothing_but_not_assessed_is_a_gap(self) -> None:
        packet = rows([Written("UA", {REST[0]: None})]).packet()
        assert Area.TRADE_OFFS in packet.unassessed

    def test_a_two_where_the_level_must_reach_it_is_talked_about_and_elsewhere_not(self) -> None:
        low = rows([Written("UA", {MUST[0]: 2, REST[0]: 2})]).packet()
        below = [topic.area for topic in low.topics if Why.BELOW in topic.whys]
        assert below == [SHIPPED.questions[MUST[0]].area]

    def test_a_question_is_one_topic_with_all_its_reasons(self) -> None:
        packet = rows([Written("UA", {REST[0]: 1}, "Short."), Written("UB", {REST[0]: 3})]).packet()
        assert whys(packet)[title(REST[0])] == (Why.ONE, Why.SPREAD, Why.THIN)

    def test_where_all_agree_nothing_is_made_up(self) -> None:
        every = {next(id_ for id_ in MUST + REST + senior(60) if _area(id_) is area): 3
                 for area in AREAS}  # fmt: skip
        assert rows([Written("UA", every), Written("UB", every)]).packet().topics == ()


def _area(id_: str) -> Area:
    return SHIPPED.questions[id_].area


class TestWhoseScorecards:
    def test_a_shadow_s_is_never_in_it(self) -> None:
        packet = rows(
            [Written("UA", {FIRST: 3}), Written("USHADOW", {FIRST: 1}, "seen", role="shadow")]
        ).packet()
        assert [card.person for card in packet.cards] == ["UA"]
        assert "USHADOW" not in shown(packet)

    def test_what_was_sealed_before_the_reveal_counts_and_a_change_is_said(self) -> None:
        found = rows([Written("UA", {FIRST: 3})])
        old = found.versions["loop-0"][0]
        later = json.loads(json.dumps(old.answers))
        later["questions"][0]["score"] = "1"
        found.versions["loop-0"].append(
            SealedVersion(
                **{**old.model_dump(), "number": 2, "answers": later, "after_reveal": True}
            )
        )
        packet = found.packet()
        assert packet.rows[0].scores == [3]
        assert "<@UA> has changed theirs since" in shown(packet)

    def test_one_that_came_late_is_in_it_and_says_so(self) -> None:
        packet = rows([Written("UA", {FIRST: 3}), Written("UB", {FIRST: 3}, late=True)]).packet()
        assert "<@UB> handed in after the others were open." in shown(packet)

    def test_who_is_missing_is_said_with_the_reason(self) -> None:
        found = rows([Written("UA", {FIRST: 3}), Written("UB", {FIRST: 3}, missing=True)])
        found.panel.loop.reveal_reason = "The offer <expires> today"
        said = shown(found.packet())
        assert "Opened before all were in: The offer &lt;expires&gt; today" in said
        assert "Missing: <@UB>." in said
        assert "1 of 2 scorecards" in said

    def test_who_was_excused_is_said(self) -> None:
        found = rows([Written("UA", {FIRST: 3}), Written("UB", {FIRST: 3}, missing=True)])
        found.panel.chairs[1].seat.state, found.panel.chairs[1].seat.reason = "excused", "Ill"
        assert "<@UB> was excused: Ill." in shown(found.packet())


def pages(packet: Packet) -> list[dict[str, Any]]:
    """Every page as a message, in order."""
    found = [packet_view.page(SHIPPED, packet, 0).message()]
    while "packet_turn_next" in json.dumps(found[-1]):
        found.append(packet_view.page(SHIPPED, packet, len(found)).message())
    return found


def texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if isinstance(value, dict):
        found = [value["user_id"]] if "user_id" in value else []
        for name, each in value.items():
            found += [each] if name == "text" and isinstance(each, str) else texts(each)
        return found
    return []


def shown(packet: Packet) -> str:
    return "\n".join(text for page in pages(packet) for text in texts(page["blocks"]))


def windows(packet: Packet, topic: Topic) -> list[dict[str, Any]]:
    found = [evidence_view.window(SHIPPED, packet, topic)]
    while "evidence_next" in json.dumps(found[-1]):
        found.append(evidence_view.window(SHIPPED, packet, topic, len(found)))
    return found


def written(packet: Packet, topic: Topic) -> str:
    """All that the windows of a topic quote, as it was typed."""
    every = "\n".join(text for window in windows(packet, topic) for text in texts(window["blocks"]))
    lines = [line[1:] for line in every.splitlines() if line.startswith(">")]
    return html.unescape("".join(lines))


class TestPages:
    @pytest.mark.parametrize("text", ["", HEBREW, EMOJI, "&<>", "x" * 3000, "line\n\n"])
    def test_the_largest_panel_fits_what_slack_takes_and_loses_nothing(self, text: str) -> None:
        found = largest(text=text)
        packet = found.packet()
        for page in pages(packet):
            assert check_message(page) == []
        for each in [*packet.topics[:3], packet.topics[-1], packets.OVERALL]:
            for window in windows(packet, each):
                assert check_view(window, "modal") == []
                assert len(json.dumps(window)) < 250_000
        evidence = packet.rows[0].ratings[0].evidence
        topic = packet.topic(packets.row_key(packet.rows[0]))
        assert topic is not None
        whole = "".join(evidence.splitlines())
        assert written(packet, topic).count(whole) == 12

    def test_every_question_and_every_topic_stands_on_some_page(self) -> None:
        packet = largest().packet()
        every = shown(packet)
        for row in packet.rows:
            assert row.title in every
        for number, topic in enumerate(packet.topics, start=1):
            assert f"*{number}. {html.escape(topic.title, quote=False)}*" in every

    def test_the_recommendations_come_last(self) -> None:
        every = shown(largest().packet())
        last = every.index("Overall, read last")
        assert "Evidence" not in every[last:].split("As a file")[0]
        assert every.index("To discuss, in this order") < last

    def test_the_matrix_is_a_table_and_the_spread_a_chart(self) -> None:
        (page,) = pages(rows([Written("UA", {FIRST: 3, SECOND: None})]).packet())
        kinds = [block["type"] for block in page["blocks"]]
        assert kinds.count("table") == kinds.count("data_visualization") == 1
        cells = texts(next(each for each in page["blocks"] if each["type"] == "table"))
        assert "3 · Meets the bar" in cells
        assert "Not assessed" in cells

    def test_what_was_not_asked_is_not_what_was_not_assessed(self) -> None:
        packet = rows([Written("UA", {FIRST: None}), Written("UB", {SECOND: 3})]).packet()
        (page,) = pages(packet)
        cells = texts(next(each for each in page["blocks"] if each["type"] == "table"))
        assert cells.count("Not assessed") == 1
        assert cells.count("–") == 2

    @settings(
        max_examples=15, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(
        people=some.integers(2, 12),
        questions=some.integers(1, 30),
        text=some.text(min_size=1, max_size=3000),
    )
    def test_any_panel_and_any_text_is_shown_whole(
        self, people: int, questions: int, text: str
    ) -> None:
        packet = largest(people, questions, 3000, text).packet()
        for page in pages(packet):
            assert check_message(page) == []
        row = packet.rows[-1]
        topic = packet.topic(packets.row_key(row))
        assert topic is not None
        for window in windows(packet, topic):
            assert check_view(window, "modal") == []
        if row.ratings[0].evidence.strip():
            whole = "".join(row.ratings[0].evidence.splitlines())
            assert written(packet, topic).count(whole) >= people

    @given(some.text(max_size=6000))
    def test_a_quote_keeps_every_character(self, text: str) -> None:
        parts = quoted(text, 500)
        assert all(len(part) <= 500 for part in parts)
        lines = [line for part in parts for line in part.split("\n")]
        assert all(line.startswith(">") for line in lines)
        assert html.unescape("".join(line[1:] for line in lines)) == "".join(text.splitlines())

    def test_an_emoji_of_several_is_not_torn_apart(self) -> None:
        family = "👩‍👩‍👧‍👦"
        parts = quoted(family * 300, 500)
        assert all(part.removeprefix(">").startswith("👩") for part in parts)


class TestWords:
    def test_what_was_typed_is_escaped(self) -> None:
        packet = rows([Written("UA", {FIRST: 1}, "<!channel> said & did")]).packet()
        view = evidence_view.window(SHIPPED, packet, packet.topics[0])
        assert ">&lt;!channel&gt; said &amp; did" in "\n".join(texts(view["blocks"]))

    def test_the_anchors_are_those_of_the_level_and_version_that_were_asked(self) -> None:
        found = rows([Written("UA", {FIRST: 1})])
        question = SHIPPED.questions[FIRST]
        level = Level.SENIOR
        old = question.model_copy(update={"version": 9, "title": "As it was asked then"})
        found.versions["loop-0"][0].answers["questions"][0]["version"] = 9
        packet = packets.made(SHIPPED, found.panel, found.versions, {(FIRST, 9): old})
        view = "\n".join(texts(evidence_view.window(SHIPPED, packet, packet.topics[0])["blocks"]))
        assert "As it was asked then" in view
        assert "(version 9)" in view
        assert question.scale(level)[3].split(":")[-1].strip() in html.unescape(view)

    def test_a_version_that_nobody_kept_still_shows_what_was_written(self) -> None:
        found = rows([Written("UA", {FIRST: 1})])
        packet = packets.made(SHIPPED, found.panel, found.versions, {})
        view = "\n".join(texts(evidence_view.window(SHIPPED, packet, packet.topics[0])["blocks"]))
        assert f">{SAID}" in view

    @pytest.mark.parametrize("word", ["average", "mean ", "rank", "recommend hire", "reject"])
    def test_nothing_is_ranked_averaged_or_recommended(self, word: str) -> None:
        said = (
            shown(largest(4, 6).packet())
            .lower()
            .replace("nothing here is added up or averaged", "")
        )
        assert word not in said

    def test_people_stand_in_the_order_of_the_interviews_whatever_they_scored(self) -> None:
        packet = rows([Written("UB", {FIRST: 1}), Written("UA", {FIRST: 4})]).packet()
        assert [card.person for card in packet.cards] == ["UB", "UA"]


class TestFile:
    def written(self, found: Rows, **names: str) -> str:
        return packet_file.written(SHIPPED, found.packet(), names, NOON)

    def test_it_holds_everything_and_escapes_it(self) -> None:
        said = self.written(
            rows([Written("UA", {FIRST: 1}, "<script>alert(1)</script> & more\n" + HEBREW)]),
            UA="Interviewer <A>",
        )
        assert "<script>" not in said
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in said
        assert HEBREW.strip() in said
        assert "Interviewer &lt;A&gt;" in said

    def test_the_largest_panel_is_whole(self) -> None:
        found = largest(text=HEBREW)
        said = html.unescape(self.written(found))
        assert said.count(found.packet().rows[0].ratings[0].evidence.strip()) == 360

    def test_it_loads_nothing_from_elsewhere(self) -> None:
        said = self.written(rows([Written("UA", {FIRST: 3})]))
        assert "http" not in said.replace("http-equiv", "")
        assert "default-src 'none'" in said


def test_reasons_name_scores_never_a_best_person() -> None:
    packet = rows([Written("UA", {FIRST: 4}), Written("UB", {FIRST: 1})]).packet()
    (_, spread) = reasons.reasons(SHIPPED, packet, packet.topics[0])
    assert spread == "3 apart: 4 by <@UA>; 1 by <@UB>."


def test_the_size_of_every_block_is_what_slack_would_count() -> None:
    packet = largest(5, 9).packet()
    page = packet_view.page(SHIPPED, packet, 0)
    counted = sum(map(size_of, page.blocks))
    assert counted == slack_s_count(page.message()["blocks"])


def test_at_a_glance_each_topic_counts_once_by_its_gravest_reason() -> None:
    packet = rows([Written("UA", {FIRST: 1}, "Short."), Written("UB", {FIRST: 4})]).packet()
    assert reasons.glance(packet).startswith("5 topics to discuss: 1 with a 1, 4 not assessed")

"""Other programs are told what happens: signed, once it is certain, and never what is sealed."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select
from standardwebhooks import Webhook as Reference
from standardwebhooks import WebhookVerificationError

from bot import webhooks
from bot.plans import Plan, Role, Session, Sitting, State
from bot.records import Webhook, WebhookCall
from bot.store import Db
from playground import Playground
from tests.databases import under_way
from tests.decided import WHY, decide, reveal
from tests.offices import (
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)
from tests.receivers import Came, Receiver, receiver
from tests.test_scorecards import SAID, hand_in

NOON = datetime(2031, 3, 12, 12, tzinfo=UTC)
SECRET = webhooks.new_secret()


class TestSigning:
    def test_it_is_what_the_specification_s_own_example_says(self) -> None:
        """The reference vector of the Standard Webhooks libraries."""
        secret, id_ = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
        made = webhooks.signature(secret, id_, 1614265330, b'{"test": 2432232314}')
        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_the_reference_library_takes_what_we_sign(self) -> None:
        body = webhooks.body("scorecard.in", NOON, {"who": "Ünïcode ✓"})
        headers = webhooks.headers([SECRET], "msg_1", datetime.now(UTC), body)
        assert Reference(SECRET).verify(body, headers)["data"] == {"who": "Ünïcode ✓"}

    def test_we_take_what_the_reference_library_signs(self) -> None:
        at = datetime.now(UTC)
        signed = Reference(SECRET).sign("msg_1", at, "{}")
        given = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": f"v1,AAAA {signed}",
        }
        assert webhooks.trouble([SECRET], given, b"{}", at) == ""

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"webhook-id": "msg_2"}, "does not fit"),
            ({"webhook-signature": "v1,AAAA"}, "does not fit"),
            ({"webhook-signature": "v1, ✓,,, v2"}, "does not fit"),
            ({"webhook-signature": ""}, "are needed"),
            ({"webhook-timestamp": "soon"}, "no number|not a number"),
            ({"webhook-timestamp": str(int(NOON.timestamp()) - 301)}, "five minutes"),
            ({"webhook-timestamp": str(int(NOON.timestamp()) + 301)}, "five minutes"),
        ],
    )
    def test_whatever_differs_is_not_believed(self, change: dict[str, str], why: str) -> None:
        given = {**webhooks.headers([SECRET], "msg_1", NOON, b"{}"), **change}
        assert any(
            each in webhooks.trouble([SECRET], given, b"{}", NOON) for each in why.split("|")
        )

    def test_another_body_or_another_secret_is_not_believed(self) -> None:
        given = webhooks.headers([SECRET], "msg_1", NOON, b"{}")
        assert webhooks.trouble([SECRET], given, b"{} ", NOON)
        assert webhooks.trouble([webhooks.new_secret()], given, b"{}", NOON)

    @given(
        st.dictionaries(st.sampled_from(list(webhooks.headers([SECRET], "", NOON, b""))), st.text())
    )
    def test_nothing_that_somebody_sends_breaks_it(self, given: dict[str, str]) -> None:
        assert webhooks.trouble([SECRET], given, b"{}", NOON)

    def test_while_a_secret_is_changed_both_fit(self) -> None:
        new = webhooks.new_secret()
        headers = webhooks.headers([new, SECRET], "msg_1", datetime.now(UTC), b"{}")
        for each in (new, SECRET):
            assert Reference(each).verify(b"{}", headers) == {}
        with pytest.raises(WebhookVerificationError):
            Reference(webhooks.new_secret()).verify(b"{}", headers)

    def test_secrets_are_of_the_specified_form(self) -> None:
        assert SECRET.startswith("whsec_")
        assert 24 <= len(base64.b64decode(SECRET.removeprefix("whsec_"))) <= 64


class TestWaiting:
    def test_waits_grow_up_to_a_limit_and_are_spread(self) -> None:
        waits = [webhooks.wait(attempts, 0.5) for attempts in range(1, 20)]
        assert waits == sorted(waits)
        assert waits[0] == timedelta(seconds=15)
        assert waits[-1] == timedelta(hours=6)
        assert webhooks.wait(3, 0) < webhooks.wait(3, 1)

    def test_it_is_given_up_in_the_end(self) -> None:
        assert not webhooks.is_over(NOON, NOON + timedelta(days=2))
        assert webhooks.is_over(NOON, NOON + timedelta(days=3))


def session(**changes: Any) -> Session:
    usual = Session(id="i1", round="onsite_a", minutes=45, starts_at=NOON, seats=(seat("U1"),))
    return usual.model_copy(update=changes)


def seat(person: str, role: Role = Role.LEAD) -> Sitting:
    return Sitting(person=person, role=role)


class TestInterviews:
    @pytest.mark.parametrize(
        ("before", "after", "types"),
        [
            (None, session(), ["interview.scheduled"]),
            (session(), session(), []),
            (session(), session(starts_at=NOON + timedelta(hours=1)), ["interview.moved"]),
            (session(), session(minutes=60), ["interview.moved"]),
            (session(), session(seats=(seat("U2"),)), ["interview.staffed"]),
            (session(), session(state=State.CANCELLED), ["interview.cancelled"]),
            (session(state=State.CANCELLED), session(), ["interview.scheduled"]),
            (session(state=State.CANCELLED), session(state=State.CANCELLED), []),
            (None, session(state=State.CANCELLED), []),
        ],
    )
    def test_a_change_is_told_as_what_it_is(
        self, before: Session | None, after: Session, types: list[str]
    ) -> None:
        plan = Plan(opening_id="o", candidate="Candidate 12")
        was = plan.model_copy(update={"sessions": (before,) if before else ()})
        now = plan.model_copy(update={"sessions": (after,)})
        assert [type_ for type_, _ in webhooks.interviews(was, now)] == types

    def test_the_candidate_is_not_in_it(self) -> None:
        plan = Plan(
            opening_id="o", candidate="Candidate 12", link="https://x", sessions=(session(),)
        )
        [(_, data)] = webhooks.interviews(plan.model_copy(update={"sessions": ()}), plan)
        assert "Candidate" not in json.dumps(data)
        assert data["panel"] == [{"person": "U1", "as": "lead"}]


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


def listen(db: Db, there: Receiver, **changes: Any) -> Webhook:
    """A webhook of the coordinator's that is told everything."""
    hook = Webhook(
        **{
            "id": "wh_1", "team_id": "T0PLAY", "owner": "U0COORD", "url": there.url,
            "secret": SECRET, "events": list(webhooks.EVENTS), "content": [],
            "created_at": NOON, **changes,
        }
    )  # fmt: skip
    with db.begin() as session:
        session.add(hook)
    return hook


def wait_for(play: Playground, there: Receiver, *types: str) -> list[Came]:
    play.wait_until(
        lambda: set(types) <= set(there.types), f"only {there.types} of {types} were told"
    )
    return there.came


def wait_for_count(play: Playground, there: Receiver, count: int) -> None:
    play.wait_until(lambda: len(there.came) == count, f"not tried {count} times")


def calls(db: Db) -> list[WebhookCall]:
    with db.begin() as session:
        return list(session.exec(select(WebhookCall)))


class TestALoop:
    def test_each_step_is_told_signed_and_in_its_order(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there)
        reveal(office, second={"onsite_a": ("U0INTD", "shadow")})
        wait_for_text(office, office.person("Hiring manager"), " are open.")
        decide(office.person("Hiring manager"))
        came = wait_for(office, there, "decision.changed", "interview.cancelled")
        for each in came:
            seconds = int(each.headers["webhook-timestamp"])
            at = datetime.fromtimestamp(seconds, UTC)
            assert webhooks.trouble([SECRET], each.headers, each.body, at) == ""
            assert each.told["data"]["code"] == "C-101"
        assert len({each.headers["webhook-id"] for each in came}) == len(came)
        first = list(dict.fromkeys(there.types))
        assert first == [
            "interview.scheduled", "scorecard.in", "panel.complete", "decision.recorded",
            "decision.changed", "interview.cancelled",
        ]  # fmt: skip
        states = [(each.told["data"]["in"], each.told["data"]["of"]) for each in came
                  if each.type == "scorecard.in"]  # fmt: skip
        assert states == [(1, 2), (2, 2)]

    def test_nothing_that_somebody_wrote_or_decided_is_in_it(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there)
        reveal(office)
        wait_for_text(office, office.person("Hiring manager"), " are open.")
        decide(office.person("Hiring manager"))
        came = wait_for(office, there, "decision.changed")
        for words in ("Candidate", SAID, WHY, "hire", '"yes"', "Engineer", 'score"'):
            assert words.encode() not in b"".join(each.body for each in came), words

    def test_a_shadow_s_scorecard_is_told_to_nobody(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, events=["scorecard.in"])
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"}, second={"onsite_a": ("U0INTD", "shadow")})
        shadow = office.person("Interviewer D")
        wait_for_mail(office, shadow, 1)
        hand_in(shadow)
        office.wait_until(lambda: not under_way(db, office.clock.now()), "notices were left unsent")
        assert calls(db) == []

    def test_who_wants_content_gets_it_as_the_opening_shows_it_once_it_is_certain(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, content=["candidate", "outcome"])
        reveal(office, second={"onsite_a": ("U0INTD", "bar_raiser")})
        manager = office.person("Hiring manager")
        wait_for_text(office, manager, " are open.")
        decide(manager)
        came = wait_for(office, there, "decision.recorded")
        data = next(each.told["data"] for each in came if each.type == "decision.recorded")
        assert data["candidate"] == "C.12 (C-101)"
        assert data["outcome"] is None  # A bar raiser may still object.
        raiser = office.person("Interviewer D")
        office.wait_until(
            lambda: any("Concur" in each.labels for each in mail(raiser)), "not asked"
        )
        raiser.click("Concur", channel="app")
        came = wait_for(office, there, "decision.changed")
        data = next(each.told["data"] for each in came if each.type == "decision.changed")
        assert (data["state"], data["outcome"]) == ("in_effect", "hire")

    def test_a_change_and_its_undoing_are_both_told(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there)
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        person = coordinator(office)
        person.click("Candidate withdraws…")
        person.submit()
        wait_for(office, there, "interview.cancelled")
        person.click("Undo")
        office.wait_until(lambda: there.types.count("interview.scheduled") == 2, "not told again")
        revisions = [each.told["data"]["revision"] for each in there.came]
        assert revisions == sorted(set(revisions))

    def test_an_erased_candidate_is_told_so_that_others_erase_theirs(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, content=["candidate"])
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        person = coordinator(office)
        person.click("Erase…")
        person.fill("sure", "ERASE")
        person.submit()
        came = wait_for(office, there, "candidate.erased")
        assert came[-1].told["data"]["candidate"] is None
        assert "Candidate" not in repr(calls(db))


class TestWhoseOpenings:
    def test_who_plans_nothing_there_is_told_nothing(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, owner="U0INTB")
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        assert calls(db) == []

    def test_an_admin_s_is_told_of_all(self, office: Playground, db: Db, there: Receiver) -> None:
        listen(db, there, owner="U0INTB", everywhere=True)
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        wait_for(office, there, "interview.scheduled")

    def test_once_its_owner_has_left_it_is_told_nothing_more(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, owner="U0MANAGER")
        make_opening(office)
        office.clock.advance(timedelta(minutes=6))
        office.workspace.users["U0MANAGER"]["deleted"] = True
        plan_loop(office, {"onsite_a": "U0INTC"})
        office.wait_until(lambda: calls(db)[0].state == "failed", "it was told, or waits")
        assert there.came == []
        assert calls(db)[0].error == "its_owner_left"

    def test_another_team_s_is_told_nothing(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, team_id="T0OTHER", everywhere=True)
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        assert calls(db) == []

    def test_only_what_was_asked_for_is_told(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there, events=["scorecard.in"])
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        assert calls(db) == []


class TestReceivers:
    def test_one_that_fails_gets_the_same_again_under_the_same_id(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        listen(db, there)
        there.answers = [503, 500]
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        office.wait_until(lambda: len(there.came) == 1, "not tried")
        for tries in (2, 3):
            office.wait_until(lambda: calls(db)[0].error != "", "not written down")
            office.clock.advance(timedelta(minutes=5))
            wait_for_count(office, there, tries)
        office.wait_until(lambda: calls(db)[0].state == "sent", "not written down")
        assert len({each.headers["webhook-id"] for each in there.came}) == 1
        assert len({each.body for each in there.came}) == 1

    def test_one_that_hangs_holds_up_no_message_to_a_person(
        self, office: Playground, db: Db, there: Receiver
    ) -> None:
        there.waits = Event()
        listen(db, there)
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC"})
        office.wait_until(lambda: len(there.came) == 1, "not tried")
        wait_for_mail(office, office.person("Interviewer C"), 1)
        assert shown(coordinator(office))
        assert [each.state for each in calls(db)] == ["pending"]
        there.waits.set()
        office.wait_until(lambda: calls(db)[0].state == "sent", "not written down")

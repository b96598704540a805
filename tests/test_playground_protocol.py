"""The workspace against a small Bolt app of the test's own: Slack's deadlines, limits and order."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any, TypeVar

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from playground import Person, Playground
from playground.delivery import DEADLINE
from playground.faults import Fault
from playground.play import PATIENCE
from tests.door import Door

Record = dict[str, Any]
T = TypeVar("T")

EVENTS = ["app_home_opened", "app_mention", "message.channels", "reaction_added"]


def manifest(url: str = "") -> Record:
    """Of the small app: for HTTP when `url` says where it answers, else for Socket Mode."""
    shortcuts = [
        {"name": "Note it", "type": "message", "callback_id": "note"},
        {"name": "Start", "type": "global", "callback_id": "start"},
    ]
    return {
        "features": {
            "slash_commands": [{"command": "/try", "url": url}],
            "app_home": {"home_tab_enabled": True},
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS, "request_url": url},
            "interactivity": {"request_url": url, "message_menu_options_url": url},
        },
    }


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture(scope="module")
def running(door: Door) -> Iterator[Playground]:
    with Playground(manifest=manifest(door.url)) as play:
        yield play


@pytest.fixture
def play(running: Playground) -> Playground:
    running.workspace.reset()
    running.faults.clear()
    return running


@pytest.fixture
def app(play: Playground, door: Door) -> Iterator[App]:
    """Behind the door; the test gives it its listeners."""
    door.app = App(
        client=WebClient(play.bot_token, play.api_url),
        signing_secret=play.signing_secret,
        token_verification_enabled=False,
    )
    yield door.app
    door.app = None


@pytest.fixture
def person(play: Playground) -> Person:
    return play.person("Hiring manager")


def text_view(text: str, **more: Any) -> Record:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    title = {"type": "plain_text", "text": "Try"}
    return {"type": "modal", "title": title, "blocks": [block], **more}


def input_view(**more: Any) -> Record:
    block = {
        "type": "input",
        "block_id": "name",
        "label": {"type": "plain_text", "text": "Name"},
        "element": {"type": "plain_text_input", "action_id": "typed"},
    }
    submit = {"type": "plain_text", "text": "Save"}
    return text_view("Say", submit=submit, callback_id="form", **more) | {"blocks": [block]}


def button_message(label: str) -> Record:
    button = {
        "type": "button",
        "action_id": "press",
        "text": {"type": "plain_text", "text": label},
    }
    return {"text": label, "blocks": [{"type": "actions", "elements": [button]}]}


def keep(kept: list[T], value: T) -> T:
    kept.append(value)
    return value


def changed(kept: list[T], before: int) -> bool:
    return len(kept) != before


def wait_for(condition: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)
    return found


def error_of(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as error:
        call()
    return str(error.value.response["error"])


class TestTriggers:
    def test_a_trigger_opens_one_view(self, app: App, person: Person) -> None:
        app.command("/try")(lambda ack, body: (ack(), keep(told, body["trigger_id"])))
        told: list[str] = []
        person.slash("/try")
        trigger = wait_for(lambda: told)[0]
        app.client.views_open(trigger_id=trigger, view=text_view("Once"))
        again = error_of(lambda: app.client.views_open(trigger_id=trigger, view=text_view("Two")))
        assert again == "invalid_trigger_id"
        assert person.modal is not None
        assert "Once" in person.modal.text

    def test_a_trigger_lives_three_seconds(
        self, app: App, play: Playground, person: Person
    ) -> None:
        told: list[str] = []
        app.command("/try")(lambda ack, body: (ack(), keep(told, body["trigger_id"])))
        person.slash("/try")
        trigger = wait_for(lambda: told)[0]
        play.clock.advance(timedelta(seconds=4))
        late = error_of(lambda: app.client.views_open(trigger_id=trigger, view=text_view("Late")))
        assert late == "expired_trigger_id"
        assert person.modal is None


class TestResponseUrls:
    @pytest.fixture
    def url(self, app: App, person: Person) -> str:
        told: list[str] = []
        app.command("/try")(lambda ack, body: (ack(), keep(told, body["response_url"])))
        person.slash("/try")
        return str(wait_for(lambda: told)[0])

    def test_it_works_five_times(self, url: str, person: Person) -> None:
        answers = [WebhookClient(url).send(text=f"Answer {n}").status_code for n in range(6)]
        assert answers == [200, 200, 200, 200, 200, 404]
        assert len(person.messages()) == 5

    def test_it_works_for_half_an_hour(self, url: str, play: Playground, person: Person) -> None:
        play.clock.advance(timedelta(minutes=31))
        assert WebhookClient(url).send(text="Too late").status_code == 404
        assert person.messages() == []

    def test_what_it_posts_is_private_unless_told_otherwise(
        self, url: str, play: Playground
    ) -> None:
        WebhookClient(url).send(text="Only you")
        WebhookClient(url).send(text="Everybody", response_type="in_channel")
        seen = [message.text for message in play.person("Interviewer A").messages()]
        assert seen == ["Everybody"]

    def test_a_button_on_a_private_answer_can_replace_it_and_take_it_away(
        self, app: App, person: Person
    ) -> None:
        told: list[str] = []
        app.command("/try")(lambda ack: ack(button_message("Press")))
        app.action("press")(lambda ack, body: (ack(), keep(told, body["response_url"])))
        person.slash("/try")
        person.click("Press")
        url = wait_for(lambda: told)[0]
        WebhookClient(url).send(text="Changed", replace_original=True)
        assert [message.text for message in person.messages()] == ["Changed"]
        WebhookClient(url).send(delete_original=True)
        assert person.messages() == []

    def test_a_payload_that_slack_refuses_is_refused_here(self, url: str, play: Playground) -> None:
        answer = WebhookClient(url).send(text="x", blocks=[{"type": "unheard_of"}])
        assert (answer.status_code, play.problems != []) == (400, True)


class TestViews:
    def opened(self, app: App, person: Person, view: Record) -> Record:
        answers: list[Record] = []

        def show(ack: Any, body: Record) -> None:
            ack()
            opened = app.client.views_open(trigger_id=body["trigger_id"], view=view)
            answers.append(opened["view"])

        app.command("/try")(show)
        person.slash("/try")
        return dict(wait_for(lambda: answers)[0])

    def test_an_update_with_an_old_hash_is_refused(self, app: App, person: Person) -> None:
        view = self.opened(app, person, text_view("First"))
        named = {"view_id": view["id"], "hash": view["hash"]}
        app.client.views_update(view=text_view("Second"), **named)
        stale = error_of(lambda: app.client.views_update(view=text_view("Third"), **named))
        assert stale == "hash_conflict"
        assert person.modal is not None
        assert "Second" in person.modal.text

    def test_at_most_three_views_are_stacked(self, app: App, person: Person) -> None:
        codes: list[str] = []
        button = button_message("More")["blocks"]

        def push(ack: Any, body: Record) -> None:
            ack()
            try:
                app.client.views_push(
                    trigger_id=body["trigger_id"], view=text_view("More") | {"blocks": button}
                )
                codes.append("ok")
            except SlackApiError as error:
                codes.append(error.response["error"])

        app.action("press")(push)
        self.opened(app, person, text_view("First") | {"blocks": button})
        for _ in range(3):
            before = len(codes)
            person.click("More")
            wait_for(partial(changed, codes, before))
        assert codes == ["ok", "ok", "push_limit_reached"]
        assert len(person.modals) == 3

    def test_errors_stand_on_their_field_and_keep_the_view_open(
        self, app: App, person: Person
    ) -> None:
        self.opened(app, person, input_view())
        errors = {"name": "Say who it is for"}
        app.view("form")(lambda ack: ack(response_action="errors", errors=errors))
        assert person.submit()["errors"] == errors
        assert person.modal is not None

    def test_errors_on_a_field_that_is_not_there_are_refused(
        self, app: App, play: Playground, person: Person
    ) -> None:
        self.opened(app, person, input_view())
        app.view("form")(lambda ack: ack(response_action="errors", errors={"nowhere": "No"}))
        assert person.submit()["ok"] is False
        assert play.problems != []

    def test_a_submission_can_update_push_clear_or_close(self, app: App, person: Person) -> None:
        answers: Iterator[Record] = iter(
            [
                {"response_action": "update", "view": input_view(private_metadata="2")},
                {"response_action": "push", "view": input_view(private_metadata="3")},
                {},
                {"response_action": "clear"},
            ]
        )
        app.view("form")(lambda ack: ack(**next(answers)))
        self.opened(app, person, input_view(private_metadata="1"))
        stacks = []
        for _ in range(4):
            person.submit()
            stacks.append([view.raw["private_metadata"] for view in person.modals])
        assert stacks == [["2"], ["2", "3"], ["2"], []]

    def test_what_was_typed_reaches_the_app(self, app: App, person: Person) -> None:
        values: list[str] = []
        self.opened(app, person, input_view())
        app.view("form")(
            lambda ack, view: (
                ack(),
                keep(values, view["state"]["values"]["name"]["typed"]["value"]),
            )
        )
        person.fill("typed", "Candidate 12")
        person.submit()
        assert wait_for(lambda: values) == ["Candidate 12"]

    def test_closing_is_told_to_an_app_that_asked_for_it(self, app: App, person: Person) -> None:
        told: list[bool] = []
        app.view_closed("form")(lambda ack, body: (ack(), keep(told, body["is_cleared"])))
        self.opened(app, person, input_view(notify_on_close=True))
        person.close()
        assert wait_for(lambda: told) == [False]
        assert person.modal is None


class TestDelivery:
    def test_an_app_that_cannot_be_reached_fails_at_once(self, person: Person) -> None:
        assert person.slash("/try")["error"] == "dispatch_failed"

    def test_an_app_that_does_not_answer_fails_after_three_seconds(
        self, app: App, person: Person
    ) -> None:
        judged = Event()
        app.command("/try")(lambda: judged.wait(PATIENCE))
        start = time.monotonic()
        try:
            assert person.slash("/try")["error"] == "operation_timeout"
            assert time.monotonic() - start >= DEADLINE
        finally:
            judged.set()

    @pytest.mark.usefixtures("app")
    def test_an_unknown_command_never_reaches_the_app(
        self, play: Playground, person: Person
    ) -> None:
        assert person.slash("/other")["error"] == "unknown_command"
        assert [entry for entry in play.log if entry["direction"] == "to_app"] == []

    def test_a_delivery_comes_twice_on_request(
        self, app: App, play: Playground, person: Person
    ) -> None:
        seen: list[str] = []
        app.command("/try")(lambda ack, body: (ack(), keep(seen, body["trigger_id"])))
        play.faults.add(Fault("deliver_twice", "/try"))
        person.slash("/try")
        assert wait_for(lambda: len(seen) == 2)
        assert len(set(seen)) == 1

    def test_an_event_that_is_not_acknowledged_comes_again_and_says_so(
        self, app: App, person: Person
    ) -> None:
        attempts: list[Sequence[str] | None] = []

        @app.middleware
        def first_fails(request: BoltRequest, next: Callable[[], Any]) -> BoltResponse | None:  # noqa: A002 (Bolt's name)
            attempts.append(request.headers.get("x-slack-retry-num"))
            if len(attempts) == 1:
                return BoltResponse(status=500)
            next()
            return None

        app.event("app_home_opened")(lambda: None)
        person.open_home()
        assert attempts == [None, ["1"]]


class TestSocketMode:
    @pytest.fixture
    def linked(self) -> Iterator[Playground]:
        with Playground(manifest=manifest()) as play:
            yield play

    def test_an_app_that_is_not_connected_fails_at_once(self, linked: Playground) -> None:
        assert linked.person("Hiring manager").slash("/try")["error"] == "dispatch_failed"

    def test_a_link_cannot_be_guessed(self, linked: Playground) -> None:
        address = linked.url.replace("http", "ws", 1)
        with pytest.raises(InvalidStatus), connect(f"{address}/link/made-up"):
            raise AssertionError("the workspace took a made-up link")

    def test_two_connections_share_the_work_and_a_refresh_is_survived(
        self, linked: Playground
    ) -> None:
        seen: list[str] = []
        handlers = []
        for name in ("one", "two"):
            app = App(
                name=name,
                client=WebClient(linked.bot_token, linked.api_url),
                token_verification_enabled=False,
            )
            app.command("/try")(lambda ack, logger: (ack("Done"), keep(seen, logger.name)))
            handlers.append(SocketModeHandler(app, linked.app_token, ping_interval=1))
            handlers[-1].client.connect()
        linked.wait_connected(2)
        person = linked.person("Hiring manager")
        try:
            assert wait_for(lambda: person.slash("/try") and len(set(seen)) == 2)
            linked.act("fault", {"user": person.id, "kind": "refresh_socket"})
            linked.wait_connected(2)
            # An app may replace a new connection by another before it settles.
            assert wait_for(lambda: person.slash("/try")["ok"])
        finally:
            for handler in handlers:
                handler.client.close()
        assert person.messages()[-1].text == "Done"


class TestTalk:
    def test_the_app_hears_what_is_said_changed_and_taken_back(
        self, app: App, person: Person
    ) -> None:
        heard: list[tuple[str, str]] = []
        app.event("message")(
            lambda event: keep(
                heard, (event.get("subtype", ""), event.get("text") or event.get("deleted_ts", ""))
            )
        )
        said = person.say("Frist")["ts"]
        person.change(said, "First")
        person.take_back(said)
        wait_for(lambda: len(heard) == 3)
        assert heard == [("", "Frist"), ("message_changed", ""), ("message_deleted", said)]

    @pytest.mark.usefixtures("app")
    def test_the_app_hears_nothing_of_a_channel_that_it_is_not_in(
        self, play: Playground, person: Person
    ) -> None:
        person.say("Hello", "general")
        assert [entry for entry in play.log if entry["direction"] == "to_app"] == []

    def test_a_mention_is_told_as_one(self, app: App, person: Person) -> None:
        heard: list[str] = []
        app.event("app_mention")(lambda event: keep(heard, event["text"]))
        app.event("message")(lambda: None)
        person.say("<@U0BOT> hello")
        assert wait_for(lambda: heard) == ["<@U0BOT> hello"]

    def test_a_reaction_is_told_and_taken_back_by_the_second_press(
        self, app: App, person: Person
    ) -> None:
        heard: list[str] = []
        app.event("reaction_added")(lambda event: keep(heard, event["reaction"]))
        app.event("message")(lambda: None)
        said = person.say("Done")["ts"]
        person.react(said, "tada")
        assert person.messages()[-1].raw["reactions"][0]["users"] == [person.id]
        person.react(said, "tada")
        assert person.messages()[-1].raw["reactions"] == []
        assert wait_for(lambda: heard) == ["tada"]

    def test_a_shortcut_on_a_message_carries_the_message(self, app: App, person: Person) -> None:
        noted: list[str] = []
        app.message_shortcut("note")(
            lambda ack, body: (ack(), keep(noted, body["message"]["text"]))
        )
        app.event("message")(lambda: None)
        person.say("Worth keeping")
        person.shortcut("note", on=person.messages()[-1])
        assert wait_for(lambda: noted) == ["Worth keeping"]


class TestSuggestions:
    @pytest.fixture
    def select(self, app: App, person: Person) -> str:
        element = {"type": "external_select", "action_id": "find", "min_query_length": 1}
        actions = {"type": "actions", "elements": [element]}
        app.command("/try")(lambda ack: ack({"text": "Find", "blocks": [actions]}))
        person.slash("/try")
        return "find"

    def test_the_app_suggests_what_fits(self, app: App, person: Person, select: str) -> None:
        def suggest(ack: Any, body: Record) -> None:
            option = {"text": {"type": "plain_text", "text": body["value"] * 2}, "value": "1"}
            ack(options=[option])

        app.options("find")(suggest)
        assert person.suggestions(select, "ab") == ["abab"]

    def test_too_many_suggestions_are_refused(
        self, app: App, play: Playground, person: Person, select: str
    ) -> None:
        option = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
        app.options("find")(lambda ack: ack(options=[option] * 101))
        with pytest.raises(LookupError, match="between 0 and 100"):
            person.suggestions(select, "ab")
        assert play.problems != []

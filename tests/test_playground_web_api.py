"""The workspace's Web API, called with Slack's own client: what Slack answers, it answers."""

import http.client
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Playground
from playground.faults import Fault

SCOPES = [
    "channels:history", "channels:manage", "channels:read", "chat:write", "files:write",
    "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write",
    "mpim:write", "reactions:write", "usergroups:read", "users:read",
]  # fmt: skip
MANAGER, INTERVIEWER = "U0MANAGER", "U0INTA"


@pytest.fixture(scope="module")
def running() -> Iterator[Playground]:
    with Playground(manifest={"oauth_config": {"scopes": {"bot": SCOPES}}}) as play:
        yield play


@pytest.fixture
def play(running: Playground) -> Playground:
    running.workspace.reset()
    running.faults.clear()
    running.workspace.manifest["oauth_config"]["scopes"]["bot"] = list(SCOPES)
    return running


@pytest.fixture
def client(play: Playground) -> WebClient:
    return WebClient(play.bot_token, play.api_url, retry_handlers=[])


def refused(call: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        call(*arguments, **named)
    return str(error.value.response["error"])


def test_an_unknown_method_is_told_as_unknown(client: WebClient) -> None:
    assert refused(client.api_call, "hiring.interview") == "unknown_method"


def test_a_wrong_token_is_refused(play: Playground) -> None:
    assert refused(WebClient("xoxb-wrong", play.api_url).auth_test) == "invalid_auth"
    assert refused(WebClient("", play.api_url).auth_test) == "not_authed"


def test_a_missing_scope_is_told_with_what_is_needed_and_what_there_is(
    play: Playground, client: WebClient
) -> None:
    play.workspace.manifest["oauth_config"]["scopes"]["bot"] = ["commands"]
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="C0HIRING", text="Hello")
    answer = error.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands",
    )


def test_the_scope_depends_on_the_kind_of_conversation(play: Playground, client: WebClient) -> None:
    play.workspace.manifest["oauth_config"]["scopes"]["bot"] = ["channels:read"]
    assert client.conversations_info(channel="C0HIRING")["channel"]["name"] == "hiring"
    assert refused(client.conversations_info, channel="C0DEBRIEF") == "missing_scope"


@pytest.mark.parametrize(
    ("method", "given", "missing"),
    [
        ("chat.postMessage", {"text": "Hello"}, "channel"),
        ("users.info", {}, "user"),
        ("conversations.replies", {"channel": "C0HIRING"}, "ts"),
    ],
)
def test_a_missing_argument_is_named(
    client: WebClient, method: str, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SlackApiError) as error:
        client.api_call(method, params=given)
    assert error.value.response["error"] == "invalid_arguments"
    assert missing in error.value.response["response_metadata"]["messages"][0]


class TestConversations:
    def test_a_channel_without_the_app_takes_no_message(self, client: WebClient) -> None:
        assert refused(client.chat_postMessage, channel="C0GENERAL", text="Hi") == "not_in_channel"

    def test_an_unknown_channel_is_not_found(self, client: WebClient) -> None:
        assert (
            refused(client.chat_postMessage, channel="C0NOWHERE", text="Hi") == "channel_not_found"
        )

    def test_direct_messages_with_one_person_are_always_the_same(self, client: WebClient) -> None:
        first = client.conversations_open(users=MANAGER)["channel"]["id"]
        assert first == client.conversations_open(users=[MANAGER])["channel"]["id"]

    def test_direct_messages_among_several_reach_each_of_them(
        self, play: Playground, client: WebClient
    ) -> None:
        group = client.conversations_open(users=[MANAGER, INTERVIEWER])["channel"]["id"]
        client.chat_postMessage(channel=group, text="The panel meets at 10.")
        assert group == client.conversations_open(users=[INTERVIEWER, MANAGER])["channel"]["id"]
        for name in ("Hiring manager", "Interviewer A"):
            assert play.person(name).messages(group)[-1].text == "The panel meets at 10."

    def test_a_channel_is_created_and_people_are_invited(self, client: WebClient) -> None:
        made = client.conversations_create(name="debrief-candidate-12", is_private=True)["channel"]
        assert made["is_private"]
        client.conversations_invite(channel=made["id"], users=[MANAGER, INTERVIEWER])
        members = client.conversations_members(channel=made["id"])["members"]
        assert {MANAGER, INTERVIEWER} < set(members)
        again = refused(client.conversations_invite, channel=made["id"], users=[MANAGER])
        assert again == "already_in_channel"

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("hiring", "name_taken"),
            ("Hiring", "invalid_name_specials"),
            ("two words", "invalid_name_specials"),
            ("---", "invalid_name_punctuation"),
            ("x" * 81, "invalid_name_maxlength"),
        ],
    )
    def test_a_channel_name_that_slack_refuses(
        self, client: WebClient, name: str, code: str
    ) -> None:
        assert refused(client.conversations_create, name=name) == code

    def test_a_list_comes_in_pages(self, client: WebClient) -> None:
        first = client.conversations_list(types="public_channel,private_channel", limit=3)
        cursor = first["response_metadata"]["next_cursor"]
        rest = client.conversations_list(
            types="public_channel,private_channel", limit=3, cursor=cursor
        )
        names = [channel["name"] for channel in [*first["channels"], *rest["channels"]]]
        assert names == ["general", "hiring", "safety-eng", "debrief-room"]
        assert rest["response_metadata"]["next_cursor"] == ""
        assert refused(client.conversations_list, cursor="not a cursor") == "invalid_cursor"
        assert refused(client.conversations_list, limit=5000) == "invalid_limit"


class TestMessages:
    def test_a_thread_is_kept_together_and_out_of_the_channel(self, client: WebClient) -> None:
        parent = client.chat_postMessage(channel="C0HIRING", text="Debrief")["ts"]
        client.chat_postMessage(channel="C0HIRING", text="First", thread_ts=parent)
        client.chat_postMessage(
            channel="C0HIRING", text="Decision", thread_ts=parent, reply_broadcast=True
        )
        replies = client.conversations_replies(channel="C0HIRING", ts=parent)["messages"]
        shown = client.conversations_history(channel="C0HIRING")["messages"]
        assert [message["text"] for message in replies] == ["Debrief", "First", "Decision"]
        assert [message["text"] for message in shown] == ["Decision", "Debrief"]
        assert replies[0]["reply_count"] == 2

    def test_a_reply_to_nothing_is_refused(self, client: WebClient) -> None:
        code = refused(
            client.chat_postMessage, channel="C0HIRING", text="Reply", thread_ts="1.000001"
        )
        assert code == "cannot_reply_to_message"

    def test_metadata_is_told_only_when_asked_for(self, client: WebClient) -> None:
        event = {"event_type": "nudge", "event_payload": {"key": "scorecard-12"}}
        client.chat_postMessage(channel="C0HIRING", text="Nudge", metadata=event)
        plain = client.conversations_history(channel="C0HIRING")["messages"][0]
        full = client.conversations_history(channel="C0HIRING", include_all_metadata=True)
        assert "metadata" not in plain
        assert full["messages"][0]["metadata"] == event

    def test_history_keeps_to_its_bounds(self, client: WebClient) -> None:
        stamps = [
            client.chat_postMessage(channel="C0HIRING", text=text)["ts"]
            for text in ("one", "two", "three")
        ]
        after = client.conversations_history(channel="C0HIRING", oldest=stamps[0])["messages"]
        within = client.conversations_history(
            channel="C0HIRING", oldest=stamps[0], latest=stamps[1], inclusive=True
        )["messages"]
        assert [message["text"] for message in after] == ["three", "two"]
        assert [message["text"] for message in within] == ["two", "one"]

    def test_only_its_own_messages_can_be_changed_or_deleted(
        self, play: Playground, client: WebClient
    ) -> None:
        said = play.person("Hiring manager").say("Mine")["ts"]
        assert (
            refused(client.chat_update, channel="C0HIRING", ts=said, text="Not mine")
            == "cant_update_message"
        )
        assert refused(client.chat_delete, channel="C0HIRING", ts=said) == "cant_delete_message"
        assert refused(client.chat_delete, channel="C0HIRING", ts="1.1") == "message_not_found"

    def test_a_permalink_leads_into_the_thread(self, client: WebClient) -> None:
        parent = client.chat_postMessage(channel="C0HIRING", text="Debrief")["ts"]
        reply = client.chat_postMessage(channel="C0HIRING", text="First", thread_ts=parent)["ts"]
        link = client.chat_getPermalink(channel="C0HIRING", message_ts=reply)["permalink"]
        assert f"/archives/C0HIRING/p{reply.replace('.', '')}?thread_ts={parent}" in link

    def test_only_one_person_sees_an_ephemeral_message(
        self, play: Playground, client: WebClient
    ) -> None:
        client.chat_postEphemeral(channel="C0HIRING", user=MANAGER, text="For you alone")
        assert play.person("Hiring manager").messages()[-1].text == "For you alone"
        assert play.person("Interviewer A").messages() == []
        assert client.conversations_history(channel="C0HIRING")["messages"] == []

    def test_a_reaction_counts_once_for_each(self, client: WebClient) -> None:
        posted = client.chat_postMessage(channel="C0HIRING", text="Done")["ts"]
        named = {"channel": "C0HIRING", "timestamp": posted, "name": "white_check_mark"}
        client.reactions_add(**named)
        assert refused(client.reactions_add, **named) == "already_reacted"
        client.reactions_remove(**named)
        assert refused(client.reactions_remove, **named) == "no_reaction"


class TestPeople:
    def test_people_come_in_pages(self, client: WebClient) -> None:
        seen: list[str] = []
        for page in client.users_list(limit=4):
            seen += [user["id"] for user in page["members"]]
        assert len(seen) == len(set(seen)) == 10

    def test_a_user_group_lists_its_members(self, client: WebClient) -> None:
        listed = client.usergroups_list(include_count=True)["usergroups"]
        members = client.usergroups_users_list(usergroup=listed[0]["id"])["users"]
        assert listed[0]["user_count"] == len(members) == 5
        assert refused(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_a_file_is_shared_in_a_channel_and_can_be_read(play: Playground, client: WebClient) -> None:
    client.files_upload_v2(
        channel="C0HIRING", filename="loop.ics", content="BEGIN:VCALENDAR", title="The loop"
    )
    shared = play.person("Hiring manager").messages()[-1].raw["files"][0]
    with urllib.request.urlopen(shared["url_private"], timeout=30) as answer:
        assert answer.read() == b"BEGIN:VCALENDAR"
    assert shared["title"] == "The loop"
    assert (
        refused(client.files_completeUploadExternal, files=[{"id": "F0NONE"}]) == "file_not_found"
    )


class TestFaults:
    def test_a_lost_answer_has_done_the_work(self, play: Playground, client: WebClient) -> None:
        play.faults.add(Fault("lost_answer", "chat.postMessage"))
        with pytest.raises(http.client.IncompleteRead):
            client.chat_postMessage(channel="C0HIRING", text="Posted all the same")
        assert play.person("Hiring manager").messages()[-1].text == "Posted all the same"

    def test_a_lost_request_has_not(self, play: Playground, client: WebClient) -> None:
        play.faults.add(Fault("lost_request", "chat.postMessage"))
        with pytest.raises(http.client.IncompleteRead):
            client.chat_postMessage(channel="C0HIRING", text="Never posted")
        assert play.person("Hiring manager").messages() == []

    def test_a_late_answer_outlasts_the_client(self, play: Playground) -> None:
        play.faults.add(Fault("late", "auth.test", seconds=3))
        impatient = WebClient(play.bot_token, play.api_url, timeout=1)
        with pytest.raises(TimeoutError):
            impatient.auth_test()

    def test_a_rate_limit_says_when_to_come_again(
        self, play: Playground, client: WebClient
    ) -> None:
        play.faults.add(Fault("rate_limited", "auth.test", retry_after=7))
        with pytest.raises(SlackApiError) as error:
            client.auth_test()
        assert error.value.response.status_code == 429
        assert error.value.response.headers["Retry-After"] == "7"
        assert client.auth_test()["ok"]


def test_arguments_come_as_a_form_or_as_json(play: Playground) -> None:
    body = json.dumps({"channel": "C0HIRING", "text": "As JSON"}).encode()
    headers = {"Authorization": f"Bearer {play.bot_token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{play.api_url}chat.postMessage", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)["ok"]
    assert play.person("Hiring manager").messages()[-1].text == "As JSON"

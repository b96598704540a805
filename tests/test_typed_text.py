"""Whatever people type is shown as text, in every view, message and file, and in no log."""

import ast
import csv
import io
import json
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import typed
from bot.launch import demo, logs
from bot.record_text import HEADING
from bot.settings import Settings
from bot.store import open_db
from handlers.views.text import escape, link
from playground import Playground
from tests.hostile import HIDDEN, SECRET, TURNED, Evil
from tests.offices import always_at_work

Record = dict[str, Any]

VIEWS = Path(__file__).parent.parent / "handlers" / "views"
MARKUP = re.compile(r"<(?:!channel|@U0EVIL|!subteam\^S0EVIL|http://evil)")
NUMBER = "A number of interviews: what is no number is refused, and never kept."
SHOWN = "Shows the words of a question, to be copied; what is typed there goes nowhere."
ADDRESS = "Shows the address of a calendar feed, to be copied; what is typed there goes nowhere."
NOT_TYPED = {
    "hours_save": NUMBER,
    "words_copied": SHOWN,
    "feed": ADDRESS,
    "erase": "The word ERASE, and no other.",
}


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logs.JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Walked:
    def __init__(self, play: Playground, lines: list[str]) -> None:
        self.lines = lines
        self.tokens = [play.bot_token, play.app_token, play.signing_secret, play.client_secret]
        self.calls = [dict(entry) for entry in play.workspace.log]
        self.files = {
            each["name"]: (each["bytes"] or b"").decode() for each in play.workspace.files.values()
        }
        self.problems = list(play.problems)
        self.people = [str(user["real_name"]) for user in play.workspace.users.values()]

    @property
    def sent(self) -> Iterator[Record]:
        """All that the bot sent: calls, and answers."""
        for entry in self.calls:
            for told in (entry["payload"], entry["answer"]):
                if isinstance(told, dict):
                    yield told


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """Everything was done once, with every log open as far as the environment can open it."""
    root, kept = logging.getLogger(), Kept()
    before = (root.handlers[:], root.level)
    address = f"sqlite:///{tmp_path_factory.mktemp('evil') / 'test.db'}"
    logs.configure(Settings(bot_token="", log_level="DEBUG"))
    root.addHandler(kept)
    try:
        with demo.workspace(port=0, database_url=address) as play:
            db = open_db(address)
            with db.begin() as session:
                session.add_all(always_at_work())
            Evil(play).work()
            db.kw["bind"].dispose()
            yield Walked(play, kept.lines)
    finally:
        root.handlers, root.level = before


def decoded(value: Any) -> Any:
    """JSON inside of form fields, too."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return decoded(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        return {name: decoded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [decoded(each) for each in value]
    return value


def read_as_markup(value: Any, key: str = "") -> Iterator[str]:
    """Every text in which Slack looks for links and mentions."""
    if isinstance(value, list):
        for each in value:
            yield from read_as_markup(each, key)
    elif isinstance(value, dict):
        if value.get("type") in ("plain_text", "raw_text"):
            return
        if value.get("type") == "mrkdwn":
            yield value["text"]
            return
        for name, each in value.items():
            if name in ("text", "initial_comment", "fallback", "errors") and isinstance(each, str):
                yield each
            elif name not in ("state", "private_metadata", "value", "initial_value"):
                yield from read_as_markup(each, name)


def shown(value: Any) -> Iterator[str]:
    """Every text that people read, in whatever kind of field."""
    if isinstance(value, list):
        for each in value:
            yield from shown(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "text" and isinstance(each, str):
                yield each
            elif name != "state":
                yield from shown(each)


def by_bot(walked: Walked) -> Iterator[Record]:
    for entry in walked.calls:
        told = entry["payload"] if entry["direction"] == "from_app" else entry["answer"]
        if isinstance(told, dict):
            yield decoded(told)


def test_slack_would_have_refused_nothing(walked: Walked) -> None:
    assert walked.problems == []


def test_no_link_and_no_mention_that_was_typed_is_one(walked: Walked) -> None:
    texts = [each for told in by_bot(walked) for each in read_as_markup(told)]
    assert sum("&lt;!channel&gt;" in each for each in texts) > 100
    assert [each for each in texts if MARKUP.search(each)] == []


def test_nothing_turns_the_text_around_it(walked: Walked) -> None:
    assert [each for told in by_bot(walked) for each in shown(told) if TURNED in each] == []


def test_a_name_holds_nothing_that_cannot_be_seen(walked: Walked) -> None:
    names = [each for told in by_bot(walked) for each in shown(told) if "Eve" in each]
    assert len(names) > 50
    assert [each for each in names if f"Eve{HIDDEN}" in each] == []


def fields_of(view: Record) -> set[str]:
    return {
        str(block["block_id"]).partition(".")[0]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    }


def test_every_form_with_a_text_was_filled_in(walked: Walked) -> None:
    """A form that somebody adds has to be walked through, or to say why not."""
    known: set[str] = set()
    for path in sorted(VIEWS.glob("*.py")):
        source = path.read_text("utf-8")
        if "PlainTextInput(" in source:
            found = set(re.findall(r'callback_id="(\w+)"', source))
            known |= found or FORMS_ELSEWHERE[path.name]
    assert {each for each in known if each not in NOT_TYPED} <= filled(walked) | NO_TEXT


FORMS_ELSEWHERE = {
    "card_overall.py": {"card_page"},
}
# Forms without a text of their own, in a file that has another one with it.
NO_TEXT = {
    "plan_save", "import_save", "export", "loop_withdrawn", "nudge_snooze", "debrief_begin",
    "vote_recorded", "question_share",
}  # fmt: skip


def filled(walked: Walked) -> set[str]:
    """The forms in which one of the hostile texts arrived."""
    found = set()
    for entry in walked.calls:
        told = decoded(entry["payload"]) if isinstance(entry["payload"], dict) else {}
        told = told.get("payload", told)
        view = told.get("view") or {}
        if told.get("type") in ("view_submission", "block_actions") and SECRET in str(
            view.get("state", "")
        ):
            found.add(str(view.get("callback_id")))
    return found


def file(walked: Walked, end: str) -> list[str]:
    found = [text for name, text in walked.files.items() if name.endswith(end)]
    assert found, end
    assert any(SECRET in text for text in found), end
    return found


def test_a_table_runs_nothing(walked: Walked) -> None:
    for text in file(walked, ".csv"):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


def test_markdown_has_no_link_no_picture_and_no_html(walked: Walked) -> None:
    for text in file(walked, ".md"):
        before = text.partition(f"\n{HEADING}\n")[0]
        unescaped = re.sub(r"\\[\\`<\[\]~#]", "", before)
        assert re.findall(r"\]\(|<script|<img|<!channel|`", unescaped) == []
        assert TURNED not in before


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def test_the_packet_is_only_our_html(walked: Walked) -> None:
    for text in file(walked, ".html"):
        tags = Tags()
        tags.feed(text)
        assert {tag for tag, _ in tags.found}.isdisjoint({"script", "img", "iframe", "form"})
        assert not [name for _, names in tags.found for name in names if name.startswith("on")]
        assert set(re.findall(r'href="(.)', text)) == {"#"}


def test_json_gives_back_what_was_typed(walked: Walked) -> None:
    for text in file(walked, ".json"):
        assert SECRET in json.dumps(json.loads(text))


def test_no_log_holds_a_secret_or_a_word_of_anybody(walked: Walked) -> None:
    whole = "\n".join(walked.lines)
    assert len(walked.lines) > 20
    for secret in (SECRET, "U0EVIL", "evil.example", *walked.tokens, *walked.people):
        if secret:
            assert [line for line in walked.lines if secret in line] == [], secret
    assert re.findall(r"xox[a-z]-|xapp-|hooks\.slack|response_url", whole) == []


def test_the_walk_is_not_shorter_than_the_forms_that_exist() -> None:
    texts = [path for path in VIEWS.glob("*.py") if "PlainTextInput(" in path.read_text("utf-8")]
    assert len(texts) >= 15
    for path in texts:
        ast.parse(path.read_text("utf-8"))


@given(st.text())
def test_a_line_is_one_and_can_be_seen(text: str) -> None:
    found = typed.line(text)
    assert found == found.strip()
    assert typed.line(found) == found
    assert not re.search("[\n\r\x00-\x1f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", found)


@pytest.mark.parametrize("name", ["Zoë", "می‌خواهم", "👩‍💻 Candidate", "O’Neill-Ñ", "李 小龍"])
def test_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert typed.line(name) == name


def test_two_names_that_look_alike_are_the_same() -> None:
    assert typed.line("Candi\u200bdate\u00a0 12\ufeff") == "Candidate 12"
    assert typed.line("Candidate 1\u200d2") == "Candidate 12"


@given(st.text())
def test_escaped_text_holds_no_markup(text: str) -> None:
    assert not re.search("[<>]|&(?!amp;|lt;|gt;)|[\u202a-\u202e\u2066-\u2069]", escape(text))


@pytest.mark.parametrize(
    ("address", "shows"),
    [
        ("https://x.example/a?b=1&c=2", "<https://x.example/a?b=1&amp;c=2|Their record>"),
        ("https://x.example/<!channel>|x", "<https://x.example/%3C!channel%3E%7Cx|Their record>"),
        ("javascript:alert(1)", "Their record"),
        ("<!channel>", "Their record"),
    ],
)
def test_a_link_leads_where_it_says_and_nowhere_else(address: str, shows: str) -> None:
    assert link(address, "Their record") == shows


def test_what_a_message_s_links_and_signs_were_typed_as() -> None:
    heard = "See <https://x.example/a|x.example> and <mailto:a@x.example>, 3 &lt; 4 &amp;amp; 5"
    assert typed.said(heard) == "See https://x.example/a and mailto:a@x.example, 3 < 4 &amp; 5"

"""Every block and element on the page, in headless Chromium."""

from collections.abc import Iterator
from threading import Event
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_bolt import App
from slack_sdk import WebClient

from playground import Playground
from playground.play import PATIENCE
from playground.strict.blocks import SURFACES
from playground.strict.elements import INPUTS
from tests.blocks import BLOCKS, axis_chart, block, element, input_of, points
from tests.browsing import keep, opened
from tests.door import Door

Record = dict[str, Any]

pytestmark = pytest.mark.browser

HIRING = "C0HIRING"


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture(scope="module")
def running(door: Door) -> Iterator[Playground]:
    manifest = {
        "features": {
            "slash_commands": [{"command": "/try", "url": door.url}],
            "shortcuts": [{"name": "Note it", "type": "message", "callback_id": "note"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "reactions:write"]}},
        "settings": {
            "interactivity": {"request_url": door.url, "message_menu_options_url": door.url}
        },
    }
    with Playground(manifest=manifest) as play:
        yield play


@pytest.fixture
def play(running: Playground) -> Iterator[Playground]:
    running.workspace.reset()
    yield running
    assert running.problems == []


@pytest.fixture
def app(play: Playground, door: Door) -> App:
    door.app = App(
        client=WebClient(play.bot_token, play.api_url),
        signing_secret=play.signing_secret,
        token_verification_enabled=False,
    )
    return door.app


@pytest.fixture
def client(app: App) -> WebClient:
    return app.client


@pytest.fixture
def page(browser: Browser, play: Playground) -> Iterator[Page]:
    with opened(browser, play.url, "desktop") as page:
        yield page


def post(client: WebClient, *blocks: Record) -> str:
    return str(client.chat_postMessage(channel=HIRING, text="Blocks", blocks=list(blocks))["ts"])


def ask(page: Page, words: str) -> None:
    composer = page.get_by_role("combobox", name="Message")
    composer.fill(words)
    composer.press("Enter")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_block_of_a_message_is_drawn(
    browser: Browser,
    play: Playground,
    client: WebClient,
    size: str,
    theme: Literal["light", "dark"],
) -> None:
    kinds = [kind for kind in BLOCKS if "message" in SURFACES[kind] and kind != "input"]
    for start in range(0, len(kinds), 5):
        post(client, *[block(kind) for kind in kinds[start : start + 5]])
    with opened(browser, play.url, size, theme) as page:
        expect(page.locator("article.message")).to_have_count(-(-len(kinds) // 5))
        expect(page.locator(".block")).not_to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for place, message in enumerate(page.locator("article.message").all()):
            message.scroll_into_view_if_needed()
            keep(page, f"blocks-{place}-{size}-{theme}")


@pytest.mark.parametrize("chart", ["bar", "line", "area", "pie"])
def test_a_chart_tells_its_numbers_in_words_too(page: Page, client: WebClient, chart: str) -> None:
    drawn = {"type": "pie", "segments": points(1, 2)} if chart == "pie" else axis_chart(chart)
    post(client, block("data_visualization", chart=drawn))
    page.get_by_text("Show the numbers").click()
    expect(page.get_by_role("rowheader", name="B")).to_be_visible()
    expect(page.get_by_role("figure")).to_contain_text("Ranges")
    keep(page, f"chart-{chart}")


@pytest.mark.parametrize("names", [("A", "B"), tuple(f"A long name {n}" for n in range(12))])
def test_the_words_of_a_chart_are_as_large_on_a_phone(
    browser: Browser, play: Playground, client: WebClient, size: str, names: tuple[str, ...]
) -> None:
    drawn = axis_chart("bar")
    drawn["axis_config"]["categories"] = list(names)
    data = [{"label": name, "value": place} for place, name in enumerate(names)]
    drawn["series"] = [{"name": "Ranges", "data": data}]
    post(client, block("data_visualization", chart=drawn))
    with opened(browser, play.url, size) as page:
        svg = page.locator(".chart svg")
        expect(svg.locator("text", has_text="A").first).to_be_visible()
        width = page.locator(".chart .drawing").bounding_box()
        assert width is not None
        expect(svg).to_have_attribute("width", str(round(width["width"])))
        assert svg.evaluate("(svg) => svg.clientWidth / svg.viewBox.baseVal.width") == 1
        keep(page, f"chart-{len(names)}-{size}")


def test_a_data_table_is_sorted_by_a_press_on_its_column(page: Page, client: WebClient) -> None:
    post(client, block("data_table"))
    rows = page.get_by_role("rowheader")
    expect(rows).to_have_text(["Senior", "Junior"])
    page.get_by_role("button", name="Years").click()
    expect(rows).to_have_text(["Junior", "Senior"])
    expect(page.get_by_role("columnheader", name="Years")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_a_data_table_is_filtered_by_what_is_typed(page: Page, client: WebClient) -> None:
    post(client, block("data_table"))
    rows = page.get_by_role("rowheader")
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox", name="Filter").fill("jun")
    expect(rows).to_have_text(["Junior"])
    page.get_by_role("searchbox", name="Filter").fill("nobody")
    expect(page.get_by_text("No row has that.")).to_be_visible()


def test_a_press_that_needs_a_yes_waits_for_it(page: Page, app: App, client: WebClient) -> None:
    pressed: list[str] = []

    @app.action("button")
    def _(ack: Any, body: Record) -> None:
        pressed.append(body["user"]["id"])  # First: the page goes on with the acknowledgement.
        ack()

    plain = {"type": "plain_text", "text": "Sure?"}
    confirm = {"title": plain, "text": plain, "confirm": plain}
    post(client, block("actions", elements=[element("button", confirm=confirm)]))
    page.get_by_role("button", name="Words").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Words").click()
    keep(page, "confirm")
    with page.expect_response("**/act/action"):
        page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Sure?").click()
    assert pressed == ["U0COORD"]


def field(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-block={kind}]")


def test_every_input_is_filled_in_and_reaches_the_app(
    browser: Browser, play: Playground, app: App, size: str
) -> None:
    told: list[Record] = []
    words = {"type": "plain_text", "text": "All"}
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": words,
        "submit": words,
        "blocks": [input_of(kind, optional=True) for kind in INPUTS],
    }

    @app.command("/try")
    def _(ack: Any, body: Record) -> None:
        ack()
        app.client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.options({"action_id": "external_select"})
    def _(ack: Any, body: Record) -> None:
        text = {"type": "plain_text", "text": f"{body['value']} found"}
        ack(options=[{"text": text, "value": "7"}])

    @app.view("form")
    def _(ack: Any, view: Record) -> None:
        told.append(view["state"]["values"])
        ack()

    with opened(browser, play.url, size) as page:
        ask(page, "/try")
        expect(page.get_by_role("dialog", name="All")).to_be_visible()
        keep(page, f"inputs-top-{size}")
        field(page, "static_select").get_by_role("combobox").select_option("Other")
        external = field(page, "external_select").get_by_role("combobox")
        external.press_sequentially("it")
        page.get_by_role("option", name="it found").click()
        field(page, "users_select").get_by_role("combobox").select_option("Interviewer A")
        field(page, "multi_static_select").get_by_label("Other").check()
        many = field(page, "multi_users_select")
        many.get_by_role("searchbox").fill("interviewer")
        keep(page, f"inputs-{size}")
        for name in ("Interviewer A", "Interviewer B", "Interviewer C"):
            many.get_by_label(name).check()
        expect(many.get_by_label("Interviewer D")).to_be_disabled()
        field(page, "radio_buttons").get_by_label("Other").check()
        field(page, "plain_text_input").get_by_role("textbox").fill("Typed")
        field(page, "rich_text_input").get_by_role("textbox").fill("Rich")
        field(page, "file_input").locator("input").set_input_files(
            {"name": "cv.txt", "mimeType": "text/plain", "buffer": b"Candidate 12"}
        )
        expect(field(page, "file_input").get_by_text("cv.txt")).to_be_visible()
        keep(page, f"inputs-end-{size}")
        page.get_by_role("button", name="All").click()
        expect(page.get_by_role("dialog")).to_have_count(0)

    values = {kind: told[0][kind][kind] for kind in told[0]}
    assert values["static_select"]["selected_option"]["value"] == "2"
    assert values["external_select"]["selected_option"]["value"] == "7"
    assert values["users_select"]["selected_user"] == "U0INTA"
    assert [each["value"] for each in values["multi_static_select"]["selected_options"]] == ["2"]
    assert values["multi_users_select"]["selected_users"] == ["U0INTA", "U0INTB", "U0INTC"]
    assert values["radio_buttons"]["selected_option"]["value"] == "2"
    assert values["datepicker"]["selected_date"] == "2026-11-24"
    assert values["datetimepicker"]["selected_date_time"] == 1795500000
    assert values["plain_text_input"]["value"] == "Typed"
    rich = values["rich_text_input"]["rich_text_value"]
    assert rich["elements"][0]["elements"][0]["text"] == "Rich"
    assert values["file_input"]["files"][0]["name"] == "cv.txt"


def test_a_form_that_is_not_answered_stays_with_slacks_own_banner(
    page: Page, app: App, client: WebClient
) -> None:
    words = {"type": "plain_text", "text": "Words"}
    view = {"type": "modal", "callback_id": "form", "title": words, "submit": words}
    given_up = Event()

    @app.command("/try")
    def _(ack: Any, body: Record) -> None:
        client.views_open(
            trigger_id=body["trigger_id"], view={**view, "blocks": [input_of("plain_text_input")]}
        )
        ack()

    @app.view("form")
    def _(ack: Any) -> None:
        given_up.wait(PATIENCE)
        ack()

    ask(page, "/try")
    field(page, "plain_text_input").get_by_role("textbox").fill("Typed")
    page.get_by_role("dialog").get_by_role("button", name="Words").click()
    expect(page.get_by_role("dialog")).to_contain_text("We had some trouble connecting. Try again?")
    given_up.set()
    expect(field(page, "plain_text_input").get_by_role("textbox")).to_have_value("Typed")
    keep(page, "banner")


def test_a_thread_is_read_and_answered_beside_the_channel(page: Page, client: WebClient) -> None:
    parent = client.chat_postMessage(channel=HIRING, text="Debrief of Candidate 12")["ts"]
    client.chat_postMessage(channel=HIRING, text="First scorecard", thread_ts=parent)
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary")
    expect(thread).to_contain_text("First scorecard")
    thread.get_by_role("combobox", name="Message").fill("Second")
    thread.get_by_role("combobox", name="Message").press("Enter")
    expect(thread.get_by_role("log")).to_contain_text("Second")
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    expect(page.get_by_role("log", name="Messages")).not_to_contain_text("Second")
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    keep(page, "thread")


def test_a_message_can_be_reacted_to_changed_and_taken_back(page: Page) -> None:
    ask(page, "Frist")
    message = page.get_by_role("article").last
    menu = message.get_by_role("button", name="Message actions")
    menu.click()
    page.get_by_role("menuitem", name="React with 🎉").click()
    expect(message.get_by_role("button", name="tada, 1")).to_have_attribute("aria-pressed", "true")
    menu.click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("First <b>")
    page.get_by_role("button", name="Save").click()
    expect(message).to_contain_text("First <b>")
    expect(message).to_contain_text("(edited)")
    menu.click()
    keep(page, "message-menu")
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("article")).to_have_count(0)


def test_the_switcher_goes_where_its_first_entry_says(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Jump to").fill("debr")
    keep(page, "switcher")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="debrief-room")).to_be_visible()


def test_the_theme_is_remembered(page: Page) -> None:
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

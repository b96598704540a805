"""The workspace's page in headless Chromium, with the bot in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Playground
from tests.browsing import keep, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, play: Playground, size: str) -> Iterator[Page]:
    with opened(browser, play.url, size) as page:
        yield page


def ask(page: Page, words: str) -> None:
    composer = page.get_by_role("combobox", name="Message")
    composer.fill(f"/safety-interview {words}")
    composer.press("Enter")


def test_from_the_command_to_a_rubric_at_another_level(page: Page, size: str) -> None:
    ask(page, "senior")
    expect(page.get_by_role("heading", name="Senior interview sheet")).to_be_visible()
    keep(page, f"sheet-{size}")
    page.get_by_role("button", name="Rubric for Content moderation").click()
    dialog = page.get_by_role("dialog", name="Rubric · Senior")
    expect(dialog).to_contain_text("Meets the bar")
    keep(page, f"rubric-{size}")
    dialog.get_by_role("button", name="Show the rubric at Staff").click()
    expect(page.get_by_role("dialog", name="Rubric · Staff")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_page_is_never_wider_than_the_screen(page: Page) -> None:
    ask(page, "senior")
    expect(page.get_by_role("heading", name="Senior interview sheet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_menu_works_with_the_keyboard_alone(page: Page, size: str) -> None:
    ask(page, "junior")
    page.get_by_role("button", name="More actions").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Another question")).to_be_focused()
    keep(page, f"menu-{size}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Copy the words")).to_be_visible()
    expect(page.get_by_label("Words to ask")).to_be_focused()
    keep(page, f"copy-{size}")


def test_an_unknown_command_says_so_and_keeps_what_was_typed(page: Page) -> None:
    composer = page.get_by_role("combobox", name="Message")
    composer.fill("/nothing here")
    composer.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("/nothing is not a valid command")
    expect(composer).to_have_value("/nothing here")


def test_home_shows_the_sheet_in_place(page: Page, size: str) -> None:
    if size == "phone":
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("button", name="Safety Interview · Home").click()
    page.get_by_role("button", name="Mid", exact=True).click()
    expect(page.get_by_role("heading", name="Mid interview sheet")).to_be_visible()
    keep(page, f"home-{size}")


def test_commands_and_shortcuts_are_chosen_by_keyboard(page: Page) -> None:
    composer = page.get_by_role("combobox", name="Message")
    composer.press_sequentially("/")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text(
        "/safety-interview"
    )
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Plan a loop")
    expect(composer).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id") or "it has no id"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(composer).to_have_value("/safety-interview ")
    composer.fill("/opening")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New opening")).to_be_visible()


def tools(page: Page, size: str, name: str) -> None:
    if size == "phone":
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("button", name=name, exact=True).click()


def test_the_inspector_keeps_open_what_is_being_read(page: Page, size: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "senior")
    expect(page.get_by_role("heading", name="Senior interview sheet")).to_be_visible()
    tools(page, size, "Inspector")
    entry = page.locator("details.entry", has_text="/safety-interview").last
    entry.locator("summary").click()
    entry.get_by_role("button", name="Copy").click()
    expect(entry.get_by_role("button", name="Copied")).to_be_visible()
    assert '"text": "senior"' in page.evaluate("navigator.clipboard.readText()")
    before = page.locator("details.entry").count()
    ask(page, "junior")
    expect(page.locator("details.entry")).not_to_have_count(before)
    expect(page.locator("details.entry[open]")).to_have_count(1)
    keep(page, f"inspector-{size}")


def test_a_fault_is_set_as_typed_although_the_clock_moves_meanwhile(page: Page, size: str) -> None:
    tools(page, size, "Clock and faults")
    page.get_by_label("Method").fill("views.open")
    shown = page.locator("#drawer p").first
    before = shown.inner_text()
    page.get_by_role("button", name="+1 hour").click()
    expect(shown).not_to_have_text(before)
    expect(page.get_by_label("Method")).to_have_value("views.open")
    page.get_by_role("button", name="Server error").click()
    expect(page.get_by_role("alert").first).to_contain_text("Server error: set.")
    ask(page, "open")
    expect(page.locator("article.message").last).to_contain_text("Please try again")
    keep(page, f"faults-{size}")


def test_do_not_disturb_is_set_and_ended(page: Page, play: Playground, size: str) -> None:
    tools(page, size, "Clock and faults")
    page.get_by_role("combobox", name="Person", exact=True).select_option(label="Interviewer A")
    told = page.get_by_role("status")
    expect(told).to_have_text("Can be disturbed")
    page.get_by_role("button", name="For 1 hour").click()
    expect(told).to_contain_text("Not disturbed until")
    expect(told).to_contain_text("Asia/Kolkata")
    begins, ends = play.workspace.quiet["U0INTA"]
    assert ends - begins == 3600
    page.get_by_role("button", name="Until tomorrow 09:00").click()
    expect(told).to_contain_text(", 9:00 AM")
    keep(page, f"quiet-{size}")
    page.get_by_role("button", name="Disturb again").click()
    expect(told).to_have_text("Can be disturbed")
    expect(page.get_by_role("button", name="Disturb again")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

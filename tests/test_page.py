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

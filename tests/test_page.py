"""The workspace's page in headless Chromium, with the bot in it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from playground import Playground

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARTEFACTS = Path(__file__).parent.parent / "artefacts"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("SAFETY_INTERVIEW_REQUIRE") == "chromium":
            pytest.fail("Chromium is not installed, and here it has to be")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, play: Playground, size: str) -> Iterator[Page]:
    width, height = (1280, 900) if size == "desktop" else (390, 844)
    opened = browser.new_page(viewport={"width": width, "height": height})
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(play.url)
    yield opened
    opened.close()
    assert errors == []


def keep(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


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

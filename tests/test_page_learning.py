"""A drill in the browser, by keyboard alone; what it was meant to be is not there before."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Playground
from tests.browsing import keep, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def page(office: Playground, browser: Browser, size: str) -> Iterator[Page]:
    with opened(browser, f"{office.url}/#U0INTC/C0HIRING/messages", size) as found:
        yield found


def test_an_interviewer_calibrates_and_goes_on(page: Page, size: str) -> None:
    message = page.get_by_role("combobox", name="Message")
    message.fill("/safety-interview calibrate")
    message.press("Enter")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Answer 1 of 40")
    expect(window).not_to_contain_text("intended")
    keep(page, f"drill-{size}")
    choice = window.get_by_label("2 · Below the bar")
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()
    window.get_by_role("button", name="Score it").focus()
    page.keyboard.press("Enter")
    expect(window).to_contain_text("You gave 2, intended was")
    expect(window).to_contain_text("Fewer than 5 others have scored this answer")
    keep(page, f"drilled-{size}")
    window.get_by_role("button", name="Next answer").press("Enter")
    expect(window).to_contain_text("Answer 2 of 40")

"""A scorecard in the browser: typed by keyboard, closed, found again, handed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Playground
from tests.browsing import keep, opened
from tests.offices import make_opening, plan_loop, wait_for_mail

pytestmark = pytest.mark.browser

SAID = "They named five classes of attack & measured each: “<b>” too."


@pytest.fixture
def page(office: Playground, browser: Browser, size: str) -> Iterator[Page]:
    """Interviewer C's messages, with a brief in them."""
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
    wait_for_mail(office, office.person("Interviewer C"), 1)
    with opened(browser, f"{office.url}/#U0INTC/D0INTC/messages", size) as found:
        yield found


def test_an_interviewer_writes_closes_comes_back_and_hands_in(page: Page, size: str) -> None:
    page.get_by_role("button", name="Scorecard", exact=True).click()
    window = page.get_by_role("dialog")
    field = window.get_by_label("What did they say or do?")
    field.click()
    page.keyboard.type(SAID, delay=15)
    expect(field).to_be_focused()
    expect(field).to_have_value(SAID)
    page.wait_for_timeout(600)  # The page sends what was typed when the typing pauses.
    keep(page, f"scorecard-{size}")
    window.get_by_role("button", name="Close").first.click()

    page.get_by_role("button", name="Scorecard", exact=True).click()
    expect(field).to_have_value(SAID)
    expect(window).to_contain_text("draft saved")
    for number in (1, 2):
        expect(window).to_contain_text(f"Question {number} of 2")
        window.get_by_label("3 · Meets the bar").check()
        if not field.input_value():
            field.fill(SAID)
        window.get_by_role("button", name="Next").click()
    expect(window).to_contain_text("Overall · 2 of 2 done")
    window.get_by_label("At the level", exact=True).check()
    window.get_by_label("Yes", exact=True).check()
    window.get_by_role("button", name="Submit").click()
    expect(window).to_contain_text("Handed in and sealed")
    keep(page, f"sealed-{size}")

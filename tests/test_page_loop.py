"""One candidate from opening to a full set of scorecards, by clicks alone, as eight people."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground import Playground
from tests.browsing import keep, opened
from tests.offices import FIRST_DAY, mail, wait_for_text

pytestmark = pytest.mark.browser

PANEL = {
    "Onsite A": "Interviewer A", "Onsite B": "Interviewer B", "Onsite C": "Interviewer C",
    "Onsite D": "Interviewer D", "Onsite E": "Interviewer E",
}  # fmt: skip
SHADOW = "Recruiting coordinator"  # The workspace has five interviewers; somebody learns.
SAID = "They gave a number for each, and said who would act on it."


def front(page: Page) -> Locator:
    return page.get_by_role("dialog").last


def press(page: Page, name: str) -> None:
    front(page).get_by_role("button", name=name, exact=True).last.click()


def type_command(page: Page, words: str) -> None:
    composer = page.get_by_role("combobox", name="Message")
    composer.fill(f"/safety-interview {words}")
    composer.press("Enter")


def make_opening(page: Page) -> None:
    type_command(page, "open")
    expect(front(page)).to_contain_text("New opening")
    front(page).get_by_label("Level", exact=True).select_option(label="Senior, 5+ years")
    front(page).locator("#input-hiring_manager").select_option(label="Hiring manager")
    press(page, "Create")
    expect(front(page)).to_contain_text("Created. These questions are pinned.")
    press(page, "Close")


def plan_loop(page: Page) -> None:
    type_command(page, "plan")
    front(page).get_by_label("Candidate", exact=True).fill("Candidate 12")
    front(page).get_by_label("First day").fill(FIRST_DAY)
    press(page, "Next")
    expect(front(page)).to_contain_text("5 areas without an interviewer")
    for at, name in enumerate(PANEL.values()):
        menu = front(page).locator(f"#input-lead_{at}")
        menu.select_option(label=name)
        expect(front(page)).to_contain_text(f"@{name}")  # The coverage is drawn anew.
        expect(menu).to_have_value(f"U0INT{name[-1]}")
    front(page).get_by_role("button", name="More actions").first.click()
    page.get_by_role("menuitem", name="Add a shadow or bar raiser").click()
    front(page).locator("#input-other_0").select_option(label=SHADOW)
    expect(front(page)).to_contain_text("All areas covered")
    keep(page, "loop-planned")
    press(page, "Check")
    expect(front(page)).to_contain_text("for them (Kolkata)")
    keep(page, "loop-checked")
    press(page, "Save anyway")
    expect(front(page)).to_contain_text("Saved. Everybody concerned is told now.")
    press(page, "Close")


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Scorecard", exact=True).click()
    expect(front(page)).to_contain_text("Question 1 of")
    while front(page).get_by_role("button", name="Next", exact=True).count():
        before = front(page).inner_text()
        front(page).get_by_label("What did they say or do?").fill(SAID)
        front(page).get_by_label("3 · Meets the bar").check()
        page.wait_for_timeout(400)
        press(page, "Next")
        expect(front(page)).not_to_have_text(before)
        page.wait_for_timeout(300)
    front(page).get_by_label("At the level", exact=True).check()
    front(page).get_by_label("Yes", exact=True).check()
    page.wait_for_timeout(300)
    press(page, "Submit")
    expect(front(page)).to_contain_text("Handed in and sealed")


def test_from_opening_to_a_full_set_of_scorecards(office: Playground, browser: Browser) -> None:
    with opened(browser, f"{office.url}/#U0COORD/C0HIRING/messages", "desktop") as page:
        make_opening(page)
        plan_loop(page)
    for name in PANEL.values():
        person = office.person(name)
        wait_for_text(office, person, "You interview")
        address = f"{office.url}/#{person.id}/D{person.id[1:]}/messages"
        with opened(browser, address, "phone") as page:
            hand_in(page)
            keep(page, f"loop-{name[-1]}")
    shadow, manager = office.person(SHADOW), office.person("Hiring manager")
    assert "You shadow the interview of" in mail(shadow)[0].text
    wait_for_text(office, manager, "5 of 5 scorecards of *C.12 (C-101)* are open.")
    address = f"{office.url}/#{manager.id}/D{manager.id[1:]}/messages"
    with opened(browser, address, "desktop") as page:
        page.get_by_role("button", name="Read them").click()
        expect(front(page)).to_contain_text("5 of 5 scorecards in.")
        front(page).get_by_role("button", name="Read scorecard").first.click()
        expect(front(page)).to_contain_text(SAID)
        keep(page, "loop-read")

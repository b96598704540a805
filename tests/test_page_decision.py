"""From open scorecards to a decision in effect, by clicks alone, as those whom it concerns."""

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Playground
from tests.browsing import keep, opened
from tests.decided import WHY, reveal
from tests.offices import wait_for_text
from tests.test_page_loop import front, press, type_command

pytestmark = pytest.mark.browser

RAISER = {"onsite_a": ("U0INTB", "bar_raiser")}


def address(office: Playground, id_: str) -> str:
    return f"{office.url}/#{id_}/D{id_[1:]}/messages"


def show_loop(page: Page) -> None:
    type_command(page, "loops")
    page.get_by_role("button", name="Show C.12 (C-101)").last.click()
    expect(front(page)).to_contain_text("scorecards in.")


def record_a_view(page: Page) -> None:
    show_loop(page)
    press(page, "My view after the discussion")
    expect(front(page)).to_contain_text("Sealed view of your own interview")
    keep(page, "vote-question")
    press(page, "Overall")
    expect(front(page)).to_contain_text("Overall recommendation after the discussion")
    front(page).get_by_label("Yes", exact=True).check()
    front(page).get_by_label("What moved it?").fill("Interviewer C heard how they contain it.")
    page.wait_for_timeout(400)
    keep(page, "vote-overall")
    press(page, "Record")
    expect(front(page)).to_contain_text("1 of 3 have recorded a view")
    keep(page, "vote-recorded")


def decide(page: Page, size: str) -> None:
    show_loop(page)
    keep(page, f"decision-loop-{size}")
    press(page, "Decide…")
    expect(front(page)).to_contain_text("1 of 3 moved: one up.")
    front(page).get_by_label("Hire at another level").check()
    expect(front(page)).to_contain_text("At which level?")
    front(page).get_by_label("Hire at Senior").check()
    expect(front(page)).not_to_contain_text("At which level?")
    front(page).locator("#input-cites input").first.check()
    front(page).get_by_label("Why?").fill(WHY)
    page.wait_for_timeout(400)
    keep(page, f"decision-form-{size}")
    press(page, "Next")
    expect(front(page)).to_contain_text("Who will be told what")
    keep(page, f"decision-check-{size}")
    press(page, "Decide")
    expect(front(page)).to_contain_text("The bar raiser is asked now")
    keep(page, f"decision-made-{size}")
    press(page, "Close")


def test_from_open_scorecards_to_a_decision_in_effect(
    office: Playground, browser: Browser, size: str
) -> None:
    reveal(office, second=RAISER)
    with opened(browser, address(office, "U0INTA"), size) as page:
        record_a_view(page)
    with opened(browser, address(office, "U0MANAGER"), size) as page:
        decide(page, size)
    raiser, manager = office.person("Interviewer B"), office.person("Hiring manager")
    wait_for_text(office, raiser, "Do you concur?")
    with opened(browser, address(office, "U0INTB"), size) as page:
        keep(page, f"decision-asked-{size}")
        page.get_by_role("button", name="Object…").click()
        front(page).get_by_label("Why?").fill("Nobody asked how they would contain it.")
        press(page, "Object")
        expect(front(page)).to_contain_text("Your objection is recorded")
        keep(page, f"decision-objected-{size}")
    wait_for_text(office, manager, "objects to your decision")
    with opened(browser, address(office, "U0MANAGER"), size) as page:
        page.get_by_role("button", name="Answer the objection…").last.click()
        front(page).get_by_label("The decision stands").check()
        front(page).get_by_label("Your answer").fill("Interviewer C did, in the second question.")
        keep(page, f"decision-answer-{size}")
        press(page, "Answer")
        expect(front(page)).to_contain_text("Answered. The decision stands.")
        press(page, "Before and after")
        expect(front(page)).to_contain_text("No → Yes")
        keep(page, f"decision-moves-{size}")
        press(page, "Close")
        press(page, "Audit")
        expect(front(page)).to_contain_text("objection answered")
        keep(page, f"decision-audit-{size}")
    planner = office.person("Recruiting coordinator")
    wait_for_text(office, planner, "Thank you for bringing this panel together")
    with opened(browser, address(office, "U0COORD"), size) as page:
        keep(page, f"decision-told-{size}")
        page.get_by_role("button", name="Export record").last.click()
        expect(front(page)).to_contain_text("I am sending two files")
    wait_for_text(office, planner, "SHA-256 of the whole")

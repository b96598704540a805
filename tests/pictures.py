"""Take README's pictures of the example anew: `python -m tests.pictures [folder]`. Look at each."""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from bot.launch import demo
from playground import Playground
from tests.browsing import chromium
from tests.test_page_loop import front, press

DOCS = Path(__file__).parent.parent / "docs"
WIDTH, HEIGHT = 1100, 760


def home(page: Page) -> None:
    """A coordinator's."""
    expect(page.locator("main")).to_contain_text("Loops that you plan")


def plan(page: Page) -> None:
    """The last look, before an interview that nobody holds yet gets somebody."""
    page.get_by_role("button", name="Show C.15 (C-104)").first.click()
    expect(front(page)).to_contain_text("C-104")
    press(page, "Change…")
    free = front(page).locator("#input-lead_2")
    free.select_option(label="Interviewer D")
    expect(free).to_have_value("U0INTD")
    expect(front(page)).to_contain_text("@Interviewer D")
    press(page, "Check")
    expect(front(page)).to_contain_text("for them (Tokyo)")


def scorecard(page: Page) -> None:
    """Half written."""
    page.get_by_text("Finish it", exact=True).first.click()
    expect(front(page)).to_contain_text("What did they say or do?")


TAKEN = {"home": ("U0COORD", home), "plan": ("U0COORD", plan), "scorecard": ("U0INTA", scorecard)}


def take(play: Playground, folder: Path) -> None:
    with chromium() as browser:
        for name, (person, show) in TAKEN.items():
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
            )
            page.goto(f"{play.url}/#{person}/D{person[1:]}/home")
            show(page)
            page.wait_for_timeout(500)  # What is being drawn.
            page.screenshot(path=folder / f"{name}.png")
            page.close()


if __name__ == "__main__":
    with demo.workspace(port=0, living=True) as playing:
        take(playing, Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)

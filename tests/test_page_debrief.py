"""A panel's packet and its debrief in the browser, by clicks alone."""

import pytest
from playwright.sync_api import Browser, expect

from playground import Playground
from tests.browsing import keep, opened
from tests.test_debriefs import set_up, wait_said

pytestmark = pytest.mark.browser


def test_a_manager_reads_leads_notes_and_ends(
    office: Playground, browser: Browser, size: str
) -> None:
    set_up(office)
    manager = office.person("Hiring manager")
    wait_said(office, manager, "The packet of *C.12 (C-101)* is ready", "debrief-room")
    with opened(browser, f"{office.url}/#U0MANAGER/C0DEBRIEF/messages", size) as page:
        page.get_by_role("button", name="Open packet").click()
        packet = page.locator(".message").last
        expect(packet.get_by_role("table").first).to_contain_text("3 · Meets the bar")
        keep(page, f"packet-{size}")
        packet.get_by_role("button", name="Evidence:").first.click()
        window = page.get_by_role("dialog")
        expect(window).to_contain_text("Nobody assessed it")
        window.get_by_role("button", name="Close").first.click()
        packet.get_by_role("button", name="Start debrief…").click()
        expect(window).to_contain_text("Who speaks first: the least senior")
        window.get_by_role("button", name="Start", exact=True).click()
        expect(window).to_contain_text("It is running in")
        window.get_by_role("button", name="Close").first.click()
        live = page.locator(".message").last
        expect(live).to_contain_text("What did the candidate say or do?")
        live.get_by_role("button", name="Note…").click()
        window.get_by_role("textbox").fill("They would ask who is harmed first.")
        window.get_by_role("button", name="Keep").click()
        expect(live).to_contain_text("1 note on this topic")
        keep(page, f"debrief-{size}")
        live.get_by_role("button", name="Next topic").click()
        expect(live).to_contain_text("2 of ")
        live.get_by_role("button", name="End…").click()
        page.get_by_role("button", name="End it").click()
        expect(live).to_contain_text("is over: 2 of ")
    wait_said(office, manager, "They would ask who is harmed first.")

"""Somebody's calendar feed in the browser: made, copied, renewed, revoked, by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Playground
from tests.browsing import keep, opened
from tests.many import Deployment, deployment

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("feed")
    address = f"sqlite:///{folder / 'test.db'}"
    with deployment(address, public_url="https://bot.example.com") as found:
        assert found.install("T0PLAY").status == 200
        yield found


@pytest.fixture
def page(deployed: Deployment, browser: Browser, size: str) -> Iterator[Page]:
    with opened(browser, f"{deployed.play.url}/#U0INTC/C0HIRING/messages", size) as found:
        yield found


def go_home(page: Page, size: str) -> None:
    if size == "phone":
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("button", name="Safety Interview · Home").click()


def test_an_interviewer_makes_renews_and_revokes_it(page: Page, size: str) -> None:
    go_home(page, size)
    page.get_by_role("button", name="Calendar feed").press("Enter")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("You have none yet.")
    keep(page, f"feed-none-{size}")
    window.get_by_role("button", name="Make one").press("Enter")
    address = window.get_by_label("Address")
    expect(address).to_have_value(re.compile(r"^https://bot\.example\.com/calendar/\S{40,}\.ics$"))
    first = address.input_value()
    keep(page, f"feed-made-{size}")
    window.get_by_role("button", name="New link").press("Enter")
    expect(address).not_to_have_value(first)
    window.get_by_role("button", name="Revoke").press("Enter")
    expect(window).to_contain_text("Revoked. Nothing is at that address any more.")
    keep(page, f"feed-revoked-{size}")
    window.get_by_role("button", name="Close").first.press("Enter")
    expect(window).to_have_count(0)


def test_over_socket_mode_it_says_why_there_is_none(
    play: Playground, browser: Browser, size: str
) -> None:
    with opened(browser, f"{play.url}/#U0INTC/C0HIRING/messages", size) as page:
        go_home(page, size)
        page.get_by_role("button", name="Calendar feed").press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("connected by Socket Mode")
        keep(page, f"feed-socket-{size}")

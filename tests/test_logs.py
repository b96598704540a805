"""Log lines: one each, readable by people or by machines, without what must stay out."""

import json
import logging
from collections.abc import Iterator

import pytest

from bot.launch import logs
from bot.settings import Settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def test_json_lines_carry_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(bot_token="xoxb-1", log_format="json"))
    try:
        int("broken")
    except ValueError:
        logging.getLogger("bot").exception("It broke")
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["message"]) == ("ERROR", "It broke")
    assert "ValueError: invalid literal" in line["traceback"]


def test_the_clock_is_quiet_about_its_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(bot_token="xoxb-1", log_level="INFO"))
    logging.getLogger("apscheduler.executors.default").info("Running job")
    logging.getLogger("apscheduler.executors.default").error("Job failed")
    assert "Running job" not in (shown := capsys.readouterr().err)
    assert "Job failed" in shown


def test_slacks_libraries_never_log_payloads(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(bot_token="xoxb-1", log_level="DEBUG"))
    logging.getLogger("slack_bolt.App").debug("evidence")
    logging.getLogger("slack_sdk.web").debug("token")
    logging.getLogger("bot").debug("shown")
    shown = capsys.readouterr().err
    assert "shown" in shown
    assert "evidence" not in shown
    assert "token" not in shown

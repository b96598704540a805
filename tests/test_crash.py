"""A bot that is killed in the middle of work loses nothing, and says nothing twice."""

from bench import crash, crash_notices
from handlers.clock import Timing
from tests.databases import new_database

SHORT = Timing(lease=2, call=0.2)


def test_every_acknowledged_word_is_there_after_a_kill(address: str) -> None:
    texts, _ = crash.rounds(2, address, seed=7)
    assert texts > 0


def test_every_notice_is_seen_once_whenever_its_sender_is_killed(address: str) -> None:
    owed, lost, twice, _ = crash_notices.rounds(address, 4, seed=3, timing=SHORT, due=30)
    assert owed >= 30
    assert (lost, twice) == (0, 0)


def test_two_bots_share_the_work_and_the_one_that_dies_is_replaced(server: str) -> None:
    lost, twice, shares = crash_notices.together(new_database(server), 2, 200, lease=5)
    assert (lost, twice) == (0, 0)
    assert sum(shares) >= 200

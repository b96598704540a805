"""The bot in a workspace, over the wire: Socket Mode unless a test says otherwise."""

from collections.abc import Iterator

import pytest

from bot.launch import demo
from playground import Person, Playground


@pytest.fixture(scope="session")
def running() -> Iterator[Playground]:
    with demo.workspace(port=0) as play:
        yield play


@pytest.fixture
def play(running: Playground) -> Iterator[Playground]:
    """A fresh workspace with the bot in it. What Slack would refuse fails the test."""
    running.workspace.reset()
    running.faults.clear()
    yield running
    assert running.problems == []


@pytest.fixture
def coordinator(play: Playground) -> Person:
    return play.person("Recruiting coordinator")

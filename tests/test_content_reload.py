"""A team edits its bank while the bot runs: in processes of their own, as somebody would."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.launch.manifest import manifest
from playground import Person, Playground
from tests.test_command_line import ROOT, tokens, typed

NAME = "adv-junior-llm-hidden-document-text"
COMMAND = "/safety-interview junior adversarial llm"
PATIENCE = 60  # Seconds; it takes five, on a busy machine longer.


@contextmanager
def bot(play: Playground, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **tokens(play), **places(folder), "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=folder, env=environment)
    try:
        play.wait_connected(timeout=PATIENCE)
        yield running
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE)
        play.wait_disconnected(timeout=PATIENCE)


def places(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder}/bot.db", "CONTENT_DIR": str(folder / "content")}


def edit(folder: Path, text: str) -> None:
    (folder / "content" / "questions" / f"{NAME}.yaml").write_text(text)


def reload(folder: Path) -> subprocess.CompletedProcess[str]:
    return typed("content", "reload", folder=folder, **places(folder))


def wait_for(person: Person, text: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        person.slash(COMMAND)
        if text in person.last.text:
            return
        assert time.monotonic() < until, person.last.text
        time.sleep(0.5)


def test_an_edited_bank_is_taken_on_order_and_what_was_given_stays(tmp_path: Path) -> None:
    (tmp_path / "content" / "questions").mkdir(parents=True)
    with Playground(manifest=manifest()) as play:
        person = play.person("Recruiting coordinator")
        with bot(play, tmp_path) as running:
            person.slash(COMMAND)
            given = person.last
            assert "Our support assistant reads PDFs" in given.text

            edit(tmp_path, "titel: A misspelt field\n")
            refused = reload(tmp_path)
            assert refused.returncode == 1
            assert "did you mean `title`?" in refused.stderr

            edit(tmp_path, "exposure: leaked")
            assert reload(tmp_path).returncode == 0
            wait_for(person, "Our assistant summarises web pages")

            edit(tmp_path, "prompt: Why would a hidden line in a form matter?\nversion: 2")
            assert reload(tmp_path).returncode == 0
            wait_for(person, "Why would a hidden line in a form matter")

            person.click("Rubric", on=given)
            assert person.modal is not None
            assert "This is version 1, as you were given it" in person.modal.text
            assert "Our support assistant reads PDFs" in person.modal.text
            person.close()

            edit(tmp_path, "status: retired")
            running.send_signal(signal.SIGKILL)
            running.wait(60)
        with bot(play, tmp_path):
            person.slash(COMMAND)
            assert "hidden line" not in person.last.text
            person.click("Rubric", on=given)
            assert person.modal is not None
            assert "before it was retired" in person.modal.text
            assert "Our support assistant reads PDFs" in person.modal.text
    assert play.problems == []

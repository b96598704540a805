"""The operators' documents name what is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import SQLModel

import bot.records  # noqa: F401 (its tables register themselves)
from bot.launch import service
from bot.launch.backup import postgresql_commands

DOCS = Path(__file__).parent.parent / "docs" / "operating"
DOCUMENTS = sorted(DOCS.glob("*.md"))


def test_every_table_is_explained_once() -> None:
    named = re.findall(r"^\| `(\w+)` \|", (DOCS / "tables.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(SQLModel.metadata.tables)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    tests = re.findall(r"`(tests/\w+\.py)`", text)
    missing = [each for each in links if not (DOCS / each).exists()]
    missing += [each for each in tests if not (DOCS.parent.parent / each).exists()]
    assert missing == []


def test_the_index_names_every_document() -> None:
    named = set(re.findall(r"\]\(([^)]+)\)", (DOCS / "README.md").read_text("utf-8")))
    assert {each.name for each in DOCUMENTS} - {"README.md"} <= named


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = (DOCS / "safety-interview@.service").read_text("utf-8")
    program, settings = tmp_path / "safety-interview", tmp_path / "settings.env"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    settings.write_text("")
    text = text.replace("/opt/safety-interview/bin/safety-interview", str(program))
    unit = tmp_path / "safety-interview@3001.service"
    unit.write_text(text.replace("/etc/safety-interview.env", str(settings)))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "safety-interview@" not in done.stderr  # What it only warns of.


def samples(document: str) -> list[str]:
    """What stands in its fences."""
    text = (DOCS / document).read_text("utf-8")
    return re.findall(r"^```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_no_comment_stands_behind_a_value_where_systemd_would_keep_it() -> None:
    (sample,) = (each for each in samples("deploy.md") if each.startswith("SLACK_BOT_TOKEN="))
    lines = sample.splitlines()
    assert len(lines) > 5
    assert [each for each in lines if "#" in each and not each.startswith("#")] == []


def test_the_documents_print_the_commands_that_backup_prints() -> None:
    address = make_url("postgresql://bot@host/safety_interview")
    assert "\n".join(postgresql_commands(address)) + "\n" in samples("backup.md")


def test_the_documents_say_how_many_connections_a_process_opens() -> None:
    readme = (DOCS.parent.parent / "README.md").read_text("utf-8")
    assert f"one for each thread: {service.WANT} |" in readme
    assert f", {service.WANT} at most;" in (DOCS / "replicas.md").read_text("utf-8")


def test_the_documents_listen_for_metrics_where_prometheus_asks() -> None:
    told = re.findall(r"METRICS_PORT=(\d+)", "".join(samples("deploy.md")))
    asked = re.findall(r"127\.0\.0\.1:(\d+)", "".join(samples("metrics.md")))
    assert len(set(told)) == 2
    assert told == asked

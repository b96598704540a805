"""Interviews from a table: every bad row named, nothing half-imported, twice is once."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import imports
from bot.errors import Refusal
from bot.imports import Problem, Row
from bot.plans import Plan, Role
from playground import Playground
from tests.offices import coordinator, mail, make_opening, shown, wait_for_mail
from tests.test_command_line import typed
from tests.test_openings import made

HEADER = "candidate,round,interviewer,starts,as\n"
GOOD = (
    "Candidate 7,Onsite A,interviewer.c@example.com,2031-03-12 10:00,\n"
    "Candidate 7,Onsite A,interviewer.d@example.com,2031-03-12 10:00,shadow\n"
    "Candidate 7,Onsite B,U0INTA,2031-03-12 11:00,\n"
    "Candidate 8,Technical screen,<@U0INTB>,2031-03-12T18:00,\n"
)


def find(name: str) -> str:
    if not name.startswith("U"):
        raise Refusal(f"nobody here has the address {name}.")
    return name


def read(text: str, **changes: Any) -> tuple[list[Row], list[Problem]]:
    return imports.read(text, [made(**changes)], "Europe/London", find)


def told(text: str) -> str:
    return "\n".join(map(str, read(text)[1]))


class TestReading:
    def test_a_row_is_one_person_in_one_interview(self) -> None:
        rows, problems = read(f"{HEADER}Candidate 7,onsite_a,U1,2026-07-01 10:00,shadow\n")
        assert problems == []
        (row,) = rows
        assert (row.candidate, row.round, row.number) == ("Candidate 7", "onsite_a", 2)
        assert (row.sitting.person, row.sitting.role) == ("U1", Role.SHADOW)
        assert row.starts_at == datetime(2026, 7, 1, 9, tzinfo=UTC)  # Summer time.

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_tables_of_every_spreadsheet_are_read(self, separator: str, end: str) -> None:
        text = f"\ufeff{HEADER}Candidate 7,Onsite A,U1,2026-07-01 10:00,\n"
        rows, problems = read(text.replace(",", separator).replace("\n", end))
        assert problems == []
        assert len(rows) == 1

    def test_columns_come_in_any_order_and_with_an_export_s_names(self) -> None:
        header = "Start Time,Interviewer Email,Stage,Candidate Name,ID\n"
        rows, problems = read(f"{header}2026-07-01 10:00,U1,Onsite A,C7,9\n")
        assert problems == []
        assert rows[0].candidate == "C7"

    def test_a_zone_of_its_own_comes_first(self) -> None:
        text = (
            "candidate,round,interviewer,starts,zone\nC7,Onsite A,U1,2026-01-05 10:00,Asia/Tokyo\n"
        )
        assert read(text)[0][0].starts_at == datetime(2026, 1, 5, 1, tzinfo=UTC)

    @pytest.mark.parametrize(
        "written",
        [
            "2031-03-25 10:00", "2031-03-25T10:00:00Z", "2031-03-25 10:00:00 UTC",
            "2031/03/25 10:00", "25.03.2031 10:00", "25 Mar 2031 10:00", "Mar 25, 2031 10:00 AM",
            "3/25/2031 10:00 AM", "25/3/2031 10:00", "March 25, 2031 10:00AM",
        ],
    )  # fmt: skip
    def test_times_are_read_as_spreadsheets_and_exports_write_them(self, written: str) -> None:
        rows, problems = read(f'{HEADER}C7,Onsite A,U1,"{written}",\n')
        assert problems == []
        assert rows[0].starts_at == datetime(2031, 3, 25, 10, tzinfo=UTC)

    def test_a_day_that_could_be_two_is_asked_about(self) -> None:
        assert "row 2: “3/4/2031 10:00” could be two days" in told(
            f"{HEADER}C7,Onsite A,U1,3/4/2031 10:00,\n"
        )

    def test_quoted_cells_keep_commas_quotes_and_lines(self) -> None:
        text = f'{HEADER}"Candidate ""Seven"",\nthe second",Onsite A,U1,2031-03-12 10:00,\n'
        assert read(text)[0][0].candidate == 'Candidate "Seven", the second'

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (",Onsite A,U1,2026-07-01 10:00,", "row 2: the candidate is missing."),
            ("C7,Onsite Z,U1,2026-07-01 10:00,", "“Onsite Z” is no round of this opening"),
            ("C7,Onsite A,,2026-07-01 10:00,", "the interviewer is missing."),
            ("C7,Onsite A,x@y.z,2026-07-01 10:00,", "nobody here has the address x@y.z."),
            ("C7,Onsite A,U1,next Tuesday,", "“next Tuesday” is no time that I read"),
            ("C7,Onsite A,U1,2026-07-01,", "“2026-07-01” has no time of day"),
            ("C7,Onsite A,U1,2026-07-01 10:00,boss", "“boss” is no way to take part"),
        ],
    )
    def test_a_bad_row_is_named_with_its_reason(self, row: str, reason: str) -> None:
        assert reason in told(f"{HEADER}{row}\n")

    def test_every_bad_row_is_named_at_once(self) -> None:
        good, rest = "C8,Onsite A,U1,2026-07-01 10:00,\n", "U1,2026-07-01 10:00,\n"
        text = f"{HEADER}C7,Onsite A,U1,soon,\n{good}C9,No,{rest}"
        assert [each.row for each in read(text)[1]] == [2, 4]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "The table is empty"),
            ("a,b\n1,2\n", "The first row lacks candidate, round, interviewer, starts"),
            (f'{HEADER}"C7,Onsite A\n', "no table of comma-separated values"),
        ],
    )
    def test_what_is_no_such_table_is_said(self, text: str, reason: str) -> None:
        assert reason in told(text)

    def test_rows_that_contradict_each_other_are_named(self) -> None:
        row = "C7,Onsite A,U1,2026-07-01 10:00,\n"
        assert "row 3: names the same person as row 2" in told(HEADER + row * 2)
        later = "C7,Onsite A,U2,2026-07-01 11:00,shadow\n"
        assert "row 3: starts at another time than row 2" in told(HEADER + row + later)
        second = "C7,Onsite A,U2,2026-07-01 10:00,\n"
        assert "row 3: is a second interviewer beside row 2" in told(HEADER + row + second)


def test_what_is_planned_like_this_already_is_left_alone() -> None:
    rows, _ = read(f"{HEADER}C7,Onsite A,U1,2026-07-01 10:00,\n")
    (plan,) = imports.plans(rows, {})
    assert plan.sessions[0].lead == "U1"
    assert imports.plans(rows, {("one", "c7"): plan}) == []


def test_a_row_moves_what_is_planned_and_keeps_the_rest() -> None:
    first, _ = read(
        f"{HEADER}C7,Onsite A,U1,2026-07-01 10:00,\nC7,Onsite A,U2,2026-07-01 10:00,shadow\n"
    )
    (plan,) = imports.plans(first, {})
    later, _ = read(f"{HEADER}C7,Onsite A,U3,2026-07-02 10:00,\n")
    (moved,) = imports.plans(later, {("one", "c7"): plan})
    assert isinstance(moved, Plan)
    assert moved.sessions[0].lead == "U3"
    assert moved.sessions[0].other == plan.sessions[0].other
    assert moved.sessions[0].starts_at == datetime(2026, 7, 2, 9, tzinfo=UTC)


class TestInSlack:
    @pytest.fixture
    def office(self, office: Playground) -> Playground:
        make_opening(office)
        return office

    def paste(self, office: Playground, text: str) -> str:
        person = coordinator(office)
        person.slash("/safety-interview import")
        person.fill("table", text)
        person.submit()
        return shown(person).text

    def test_a_pasted_table_is_checked_then_imported(self, office: Playground) -> None:
        text = self.paste(office, HEADER + GOOD)
        assert "*2 new loops, 0 changed*, 3 interviews in all." in text
        person = coordinator(office)
        person.submit()
        assert "2 loops are planned" in shown(person).text
        wait_for_mail(office, office.person("Interviewer D"), 1)
        person.close()
        again = self.paste(office, HEADER + GOOD)
        assert "All 4 rows are planned like this already" in again

    def test_with_one_bad_row_nothing_is_imported_and_the_text_stays(
        self, office: Playground
    ) -> None:
        text = self.paste(office, f"{HEADER}{GOOD}Candidate 9,Onsite Q,U0INTA,2031-03-12 10:00,\n")
        assert "1 problem. Nothing was imported." in text
        assert "row 6: “Onsite Q” is no round" in text
        person = coordinator(office)
        kept = shown(person).element("table") or {}
        assert kept["initial_value"].startswith(HEADER.strip())
        person.close()
        person.slash("/safety-interview loops")
        assert "No active loop here" in person.last.text
        assert mail(office.person("Interviewer C")) == []


def test_the_command_line_imports_exports_and_forgets(
    lasting: tuple[Playground, Any], office: Playground, tmp_path: Path
) -> None:
    make_opening(office)
    table = tmp_path / "interviews.csv"
    table.write_text(HEADER + GOOD)
    address = lasting[1].kw["bind"].url.render_as_string(hide_password=False)
    places = {
        "SLACK_BOT_TOKEN": office.bot_token,
        "SLACK_API_URL": office.api_url,
        "DATABASE_URL": address,
    }
    acting = ("--as", "U0COORD")
    dry = typed("import", str(table), *acting, "--dry-run", folder=tmp_path, **places)
    assert "4 rows read, 2 loops would be planned" in dry.stdout, dry.stderr
    assert "Nobody covers" in dry.stdout
    done = typed("import", str(table), *acting, folder=tmp_path, **places)
    assert "4 rows read, 2 loops are planned" in done.stdout, done.stderr
    again = typed("import", str(table), *acting, folder=tmp_path, **places)
    assert "0 loops are planned" in again.stdout
    other = typed("export", "C-101", "--as", "U0INTE", folder=tmp_path, **places)
    assert other.returncode == 1
    assert "Only the panel of" in other.stderr
    assert "Ask U0" in " ".join(other.stderr.split())
    taken = typed("export", "C-101", *acting, "--format", "csv", folder=tmp_path, **places)
    assert "U0INTC,lead,missing" in taken.stdout, taken.stderr
    odd = typed("export", "C-101", *acting, "--format", "xml", folder=tmp_path, **places)
    assert odd.returncode == 1
    assert "There is no format xml: choose csv, json, md, subject." in odd.stderr
    copy = typed("export", "C-101", *acting, "--format", "subject", folder=tmp_path, **places)
    assert "Sealed until all scorecards are opened." in copy.stdout, copy.stderr
    assert "U0INT" not in copy.stdout
    gone = typed("forget", "C-101", *acting, "--yes", folder=tmp_path, **places)
    assert "C-101 is erased" in gone.stdout, gone.stderr
    empty = typed("export", "C-101", *acting, folder=tmp_path, **places)
    assert "C-101 (erased)" in empty.stdout
    wait_for_mail(office, office.person("Interviewer B"), 1)

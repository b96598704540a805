"""Insights into panels: how long they take, whom they wait for, how they lean, their load."""

from collections.abc import Sequence

from slackblocks import Block, SectionBlock

from bot.insights import BACK
from bot.insights_rows import Load, Queue, Waited
from bot.mirror import Leaning
from handlers.views import figures
from handlers.views.figures import Rows
from handlers.views.insights import too_few
from handlers.views.text import count


def time(found: Sequence[Waited], fewest: int) -> list[Block]:
    every = [each for each in found if not each.month]
    if not every:
        return [too_few(fewest, "opened scorecards")]
    total, months = every[0], [each for each in found if each.month]
    blocks: list[Block] = [
        SectionBlock(
            f"Half of the scorecards are in within *{figures.hours(total.median)}* of the end of "
            f"the interview, nine of ten within *{figures.hours(total.most)}* "
            f"({count(total.cases, 'scorecard')})."
        )
    ]
    if len(months) > 1:
        series = {
            "Median": {each.month: round(each.median / 60, 1) for each in months},
            "90th percentile": {each.month: round(each.most / 60, 1) for each in months},
        }
        title = "From interview to scorecard, by month"
        blocks.append(figures.lines(title, series, "Month of the interview", "Hours"))
    if months:
        rows: Rows = [
            [
                figures.text(each.month),
                figures.text(figures.hours(each.median)),
                figures.text(figures.hours(each.most)),
                figures.number(each.cases),
            ]
            for each in months
        ]
        head = ("Month", "Median", "90th percentile", "Scorecards")
        blocks.append(figures.table(head, rows, "From interview to scorecard, by month"))
    said = f"Months with fewer than {fewest} scorecards are not shown. Percentiles: nearest rank."
    return [*blocks, figures.note(said)]


def waiting(found: Queue) -> list[Block]:
    blocks: list[Block] = [
        SectionBlock(
            f"*{count(found.scorecards, 'loop')}* {_waits(found.scorecards)} for scorecards of "
            f"interviews that are over, *{count(found.decisions, 'loop')}* with open scorecards "
            f"{_waits(found.decisions)} for a decision."
        )
    ]
    if found.owed:
        rows: Rows = [
            [
                figures.person(each.person),
                figures.number(each.scorecards),
                figures.text(f"{each.since:%Y-%m-%d}"),
            ]
            for each in found.owed
        ]
        head = ("Waited for", "Scorecards", "Oldest interview")
        blocks.append(figures.table(head, rows, "Whose scorecards loops wait for"))
    else:
        blocks.append(SectionBlock("Nobody is waited for."))
    return blocks


def _waits(number: int) -> str:
    return "waits" if number == 1 else "wait"


def people(found: Sequence[Leaning], fewest: int, days: int) -> list[Block]:
    about = (
        f"Each person's own mirror has it first: what was opened in the last {days} days is in "
        f"theirs alone. People with fewer than {fewest} loops are not shown. Panels differ in what "
        "they ask, so one that leans is a reason to calibrate together, not a verdict."
    )
    if not found:
        return [too_few(fewest, "loops of any interviewer"), figures.note(about)]
    rows: Rows = []
    for each in found:
        of = each.interval
        between = f"{figures.signed(of.low)} to {figures.signed(of.high)}"
        clear = "lenient" if of.low > 0 else "strict" if of.high < 0 else "no clear lean"
        rows.append(
            [
                figures.person(each.person),
                figures.text(figures.signed(of.mean)),
                figures.text(between),
                figures.text(clear),
                figures.number(of.cases),
            ]
        )
    head = ("Interviewer", "Points above the panel", "95% interval", "In words", "Loops")
    return [
        SectionBlock(
            "How far an interviewer's mean score lies above that of the rest of the panel, over "
            "their loops (mean of the differences; Student's t interval)."
        ),
        figures.table(head, rows, "Leniency relative to the panel"),
        figures.note(about),
    ]


def load(found: Sequence[Load]) -> list[Block]:
    if not found:
        return [SectionBlock("Nobody of your panels interviews in these weeks.")]
    rows: Rows = []
    for each in found:
        past, ahead = each.weeks[:BACK], each.weeks[BACK:]
        over = [number for number in each.weeks if number > each.limit]
        rows.append(
            [
                figures.person(each.person),
                figures.text(f"{sum(past) / BACK:.1f}"),
                *(figures.number(number) for number in ahead),
                figures.number(each.limit),
                figures.text(f"over in {count(len(over), 'week')}" if over else "within"),
            ]
        )
    head = ("Interviewer", f"A week, last {BACK}", "This week", "Next week", "Limit", "Limit kept")
    return [
        figures.table(head, rows, "Interviews per person and week, against their limit"),
        figures.note("All their interviews in this workspace. Weeks begin on Monday, in UTC."),
    ]

"""Somebody's own figures, for nobody else."""

from slackblocks import ActionsBlock, Block, Button, HeaderBlock, SectionBlock

from bot.insights_numbers import SCORES
from bot.mirror import Mirror, Scores
from handlers.views import figures
from handlers.views.page import Page
from handlers.views.text import count

PRIVATE = (
    "Only you can open this. Those who plan see how you lean only in their own openings, with as "
    "many cases, and a week later than you."
)


def page(found: Mirror, fewest: int) -> Page:
    blocks: list[Block] = [HeaderBlock("Your mirror"), figures.note(PRIVATE)]
    blocks += _work(found, fewest)
    blocks += _compared(found, fewest)
    blocks += [
        SectionBlock(_drilled(found, fewest)),
        ActionsBlock(
            [Button("Calibrate", action_id="drill_open", value="any")], block_id="mirror_do"
        ),
    ]
    return Page("Your mirror", blocks)


def _work(found: Mirror, fewest: int) -> list[Block]:
    if found.cards < fewest:
        told = (
            f"*Your scorecards*: fewer than {fewest} of yours were opened so far ({found.cards}), "
            "so nothing is shown of them. Once there are enough: how long they took, how much "
            "evidence they hold, and your scores beside your panels'."
        )
        return [SectionBlock(told)]
    told = (
        f"*{count(found.cards, 'scorecard')}* of yours were opened. Half were in within "
        f"*{figures.hours(found.median)}* of the interview's end, nine of ten within "
        f"*{figures.hours(found.most)}*. Evidence: *{found.evidence} characters* for each question "
        "that you scored, on average."
    )
    return [SectionBlock(told)]


def _compared(found: Mirror, fewest: int) -> list[Block]:
    if found.cards < fewest:
        return []
    if not found.compares(fewest):
        cases = found.leaning.cases
        told = (
            f"*Beside your panels*: fewer than {fewest} loops in which others scored too "
            f"({cases}): not shown."
        )
        return [SectionBlock(told)]
    of = found.leaning.interval
    told = (
        f"*Beside your panels*: your mean score lies *{figures.signed(of.mean)}* points from that "
        f"of the others (95% interval {figures.signed(of.low)} to {figures.signed(of.high)}, "
        f"Student's t; {count(of.cases, 'loop')}). {_in_words(of.low, of.high)}"
        f"{figures.few(of.cases, 'loops')}"
    )
    mine, theirs = sum(found.own.values()), sum(found.panels.values())
    series = {"You": _shares(found.own), "Your panels": _shares(found.panels)}
    title = "Your scores beside your panels'"
    return [
        SectionBlock(told),
        figures.bars(title, series, "Score", "Per cent"),
        figures.note(f"Your {count(mine, 'score')}, and {theirs} of the others in the same loops."),
    ]


def _in_words(low: float, high: float) -> str:
    if low > 0:
        return "You score higher than they do."
    if high < 0:
        return "You score lower than they do."
    return "No clear lean."


def _shares(found: Scores) -> dict[str, float]:
    total = sum(found.values()) or 1
    return {str(score): round(100 * found[score] / total) for score in SCORES}


def _drilled(found: Mirror, fewest: int) -> str:
    if found.drills < fewest:
        return (
            f"*Calibration drills*: fewer than {fewest} ({found.drills}): not counted up yet. An "
            "invented answer, three minutes, no candidate."
        )
    near = f"{found.near} of {found.drills}"
    return f"*Calibration drills*: {near} within a point of the intended score."

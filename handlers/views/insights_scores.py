"""Insights into scores: how they spread and agree, questions, and what they foretold."""

from collections.abc import Mapping, Sequence

from slackblocks import ActionsBlock, Block, Button, SectionBlock

from bot.content import Area, Bank, Level
from bot.echo import AREAS, Foretold
from bot.insights import oddities
from bot.insights_numbers import SCORES, Agreement
from bot.insights_rows import Use
from handlers.views import figures
from handlers.views.figures import Rows
from handlers.views.insights import too_few
from handlers.views.text import count, escape

MOST_QUESTIONS = 20


def scores(
    bank: Bank, found: Mapping[tuple[str, str], Mapping[int, int]], fewest: int
) -> list[Block]:
    enough = {
        (area, level): given
        for area in Area
        for level in Level
        if (given := found.get((area, level))) and sum(given.values()) >= fewest
    }
    if not enough:
        return [too_few(fewest, "scores in any area at any level")]
    by_area: dict[str, dict[int, int]] = {}
    for (area, _), given in enough.items():
        kept = by_area.setdefault(bank.areas[Area(area)].title, dict.fromkeys(SCORES, 0))
        for score in SCORES:
            kept[score] += given[score]
    shares = {
        str(score): {
            name: round(100 * given[score] / sum(given.values())) for name, given in by_area.items()
        }
        for score in reversed(SCORES)
    }
    rows: Rows = [
        [
            figures.text(bank.areas[area].title),
            figures.text(bank.levels[level].title),
            *(figures.number(given[score]) for score in reversed(SCORES)),
            figures.number(sum(given.values())),
        ]
        for (area, level), given in enough.items()
    ]
    head = ("Area", "Level", "4", "3", "2", "1", "All")
    return [
        figures.bars("How often each score was given, by area", shares, "Area", "Per cent"),
        figures.table(head, rows, "Scores given, by area and level"),
        figures.note(f"An area at a level with fewer than {fewest} scores is not shown."),
    ]


def agreement(
    questions: Agreement, recommendations: Agreement, drills: Agreement, fewest: int
) -> list[Block]:
    kinds = (
        ("Scores of one answer, by two who heard it", questions),
        ("Overall recommendations within a panel", recommendations),
        ("Invented answers, by the whole team (calibration drills)", drills),
    )
    lines = [f"*{name}*\n{_alpha(found, fewest)}" for name, found in kinds]
    return [
        *map(SectionBlock, lines),
        figures.note(
            "Krippendorff's alpha for ordered scores: 1 is full agreement, 0 what chance would "
            "give, below 0 less than that. From 0.8 on it is usually taken as reliable, below 0.67 "
            "as not. Only what was written before the reveal counts."
        ),
    ]


def _alpha(found: Agreement, fewest: int) -> str:
    if found.pairs < fewest:
        return f"Fewer than {fewest} pairs: not shown."
    where = f"{count(found.pairs, 'pair')} in {count(found.units, 'case')}"
    if found.alpha is None:
        return f"Not defined: everybody gave the same score ({where})."
    value = f"{found.alpha:.2f}".replace("-", "−")
    return f"alpha *{value}* · {where}.{figures.few(found.pairs, 'pairs')}"


def questions(bank: Bank, found: Sequence[Use], fewest: int) -> list[Block]:
    if not found:
        return [too_few(fewest, "scores of any question")]
    odd: list[str] = []
    rows: Rows = []
    for each in found:
        kept = bank.questions.get(each.question)
        name = kept.title if kept else each.question
        if kept is None or kept.version != each.version:
            name = f"{name} (version {each.version})"
        strange = oddities(bank.insights, each.cases, each.commonest, each.beside, each.over_time)
        if strange:
            odd.append(f"•  *{escape(name)}*: {'; '.join(strange)} ({each.cases} scores)")
        r = each.beside.correlation if each.beside.cases >= fewest else None
        rows.append(
            [
                figures.text(name),
                figures.text(f"{each.over_time.y / each.cases:.2f}"),
                figures.text("–" if r is None else figures.signed(r)),
                figures.text(_rise(each)),
                figures.number(each.cases),
            ]
        )
    shown = odd[:10]
    more = f"\nand {len(odd) - 10} more" if len(odd) > 10 else ""
    said = "\n".join(shown) + more if odd else "No question stands out."
    head = ("Question", "Mean", "With the rest", "Over its uses", "Scores")
    return [
        SectionBlock(f"*To look at*\n{said}"[:3000]),
        figures.table(head, rows, "How questions have done, the most used first"),
        ActionsBlock(
            [Button("Rotation and leaks", action_id="rotation_show", value="0")],
            block_id="insights_rotation",
        ),
        figures.note(
            "“With the rest”: Pearson's correlation of its scores with the mean of the candidate's "
            "other scores; near 0, it tells nobody apart. “Over its uses”: points by which its "
            "scores rose from the first use to the last (straight line). Questions with fewer than "
            f"{fewest} scores are not shown; of the others the {MOST_QUESTIONS} most asked are."
        ),
    ]


def _rise(found: Use) -> str:
    return figures.signed(found.over_time.slope * (found.over_time.cases - 1))


def echo(
    bank: Bank, found: Sequence[Foretold], known: int, unknown: int, fewest: int
) -> list[Block]:
    answered = f"{count(known, 'hire')} answered for"
    if unknown:
        answered += f", {unknown} of whom the manager did not know"
    if not known:
        return [
            SectionBlock(
                "Nothing yet. Half a year after a hire their manager is asked how it turned out, "
                "on the areas that the panel had scored."
            )
        ]
    lines = []
    for each in sorted(found, key=lambda one: AREAS.index(one.area)):
        name = escape(bank.areas[each.area].title)
        n, r = each.pairs.cases, each.pairs.correlation
        if n < fewest:
            lines.append(f"*{name}*: fewer than {fewest} hires, not shown.")
        elif r is None:
            lines.append(f"*{name}*: all alike, so nothing can be told ({n} hires).")
        else:
            lines.append(
                f"*{name}*: correlation *{figures.signed(r)}* between the panel's mean and how it "
                f"turned out ({count(n, 'hire')}).{figures.few(n, 'hires')}"
            )
    return [
        SectionBlock(f"{answered}.\n" + "\n".join(lines)),
        figures.note(
            "Pearson's correlation. Only people who were hired are in it, whom the panel had "
            "scored alike, so it looks weaker than it is: do not drop an area for it."
        ),
    ]

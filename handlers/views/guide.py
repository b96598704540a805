"""The hiring guide, a topic at a time."""

from collections import Counter

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    OptionGroup,
    SectionBlock,
    StaticSelectMenu,
    Text,
)

from bot import guide
from bot.content import Bank, Question, Status
from bot.sheets import Sheet
from handlers.views import pay as pay_view
from handlers.views.page import Page
from handlers.views.text import bullets, choice, escape

FIRST = "levels"
LONGEST_OPTION = 75


def page(bank: Bank, name: str = FIRST) -> Page:
    topic = guide.TOPICS[name]
    title = f"Hiring guide · {topic.title}"
    return Page(
        title,
        [
            HeaderBlock(title),
            ActionsBlock([_topics(name)], block_id="guide_topics"),
            *_body(bank, name),
            *([ContextBlock([Text(topic.note)])] if topic.note else []),
            *_links(bank, name),
        ],
    )


def _topics(name: str) -> StaticSelectMenu:
    options = {each: choice(topic.title, each) for each, topic in guide.TOPICS.items()}
    return StaticSelectMenu(
        action_id="guide_topic",
        placeholder="Topic",
        options=list(options.values()),
        initial_option=options[name],
    )


def _body(bank: Bank, name: str) -> list[Block]:
    sections = guide.TOPICS[name].sections
    if name == "pay":
        return [_section(bank, "snapshot"), *pay_view.blocks(bank)]
    built: list[Block] = [_section(bank, section) for section in sections]
    if name == "about":
        built += [SectionBlock(_about(bank)), ContextBlock([Text(_calibration(bank))])]
    return built


def _section(bank: Bank, name: str) -> SectionBlock:
    facts = bank.guide.section(name)
    if name.startswith("prog."):  # A heading of its own: “Senior, 5+ yrs: …”, and three traits.
        first, *traits = facts.values()
        return SectionBlock(f"*{escape(first)}*\n{bullets(tuple(traits))}")
    title = bank.guide.sections[name].title
    return SectionBlock(f"*{escape(title)}*\n{bullets(tuple(facts.values()))}")


def _about(bank: Bank) -> str:
    asked = [question for question in bank.questions.values() if question.is_asked]
    units = sum(len(question.levels) for question in asked)
    by_status = Counter(question.status for question in bank.questions.values())
    areas = sorted({question.area for question in asked}, key=list(bank.areas).index)
    return (
        f"*The bank:* {len(asked)} questions, {units} units over {len(areas)} areas, "
        f"{len(bank.levels)} levels and {len(bank.specializations) - 1} specializations; "
        f"{by_status[Status.DRAFT]} drafts, which are not asked; "
        f"{len(bank.sources)} sources.\n"
        "*Scale:* 1 well below the bar, 2 below, 3 meets, 4 above, always relative to the level. "
        "I never rank people nor recommend whom to hire."
    )


def _calibration(bank: Bank) -> str:
    drafts = any(question.status is Status.DRAFT for question in bank.questions.values())
    state = (
        "Not yet calibrated by people: no two people have scored the same answers yet. The second "
        "readers of the questions that come with the bot were language models."
    )
    return f"{state} Drafts wait for a second reader." if drafts else state


def _links(bank: Bank, name: str) -> list[Block]:
    """From the guide to the questions: a menu of facts, and on levels also the sheets."""
    elements: list[Element] = []
    groups = [group for each in guide.TOPICS[name].sections if (group := _group(bank, each))]
    if groups:
        elements.append(
            StaticSelectMenu(
                action_id="guide_questions",
                placeholder="Questions that test …",
                option_groups=groups,
            )
        )
    if name == "levels":
        elements += [
            Button(f"{card.title} sheet", action_id=f"sheet_open_{level}", value=Sheet(level).code)
            for level, card in bank.levels.items()
        ]
    return [ActionsBlock(elements, block_id="guide_links")] if elements else []


def _group(bank: Bank, section: str) -> OptionGroup | None:
    found: dict[str, tuple[str, list[Question]]] = {
        key: (fact, guide.testing(bank, key)) for key, fact in bank.guide.section(section).items()
    }
    options = [
        choice(_option(fact, len(questions)), key)
        for key, (fact, questions) in found.items()
        if questions
    ]
    title = bank.guide.sections[section].title
    if section.startswith("prog."):
        title = f"{title}: progression"
    return OptionGroup(title[:LONGEST_OPTION], options) if options else None


def _option(fact: str, count: int) -> str:
    tail = f" ({count})"
    room = LONGEST_OPTION - len(tail)
    return (fact if len(fact) <= room else f"{fact[: room - 1]}…") + tail

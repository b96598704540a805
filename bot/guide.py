"""The hiring guide by topic, and which questions test one of its facts."""

from dataclasses import dataclass

from bot.content import Bank, Question


@dataclass(frozen=True)
class Topic:
    """One page of the guide in Slack. `note` says what the guide leaves open, or what is ours."""

    title: str
    sections: tuple[str, ...]
    note: str = ""


TOPICS = {
    "levels": Topic(
        "Levels and progression",
        (
            "prog.junior", "level.junior", "prog.mid", "level.mid",
            "prog.senior", "level.senior", "prog.staff",
        ),
        "The guide has no list of duties for Staff+; our Staff questions rest on its four lines "
        "and on a harder reading of the Senior duties.",
    ),
    "skills": Topic("Skills", ("skill.ml", "skill.safety", "skill.systems")),
    "areas": Topic("Assessment areas", ("area",)),
    "specializations": Topic(
        "Specializations", ("spec.llm", "spec.robustness", "spec.alignment", "spec.governance")
    ),
    "flags": Topic(
        "Red and green flags",
        ("red", "green"),
        "A flag counts only as something heard in an answer; one flag never decides. "
        "“No ML engineering background” means: could not say how they would build it. "
        "“No production experience” does not apply to juniors.",
    ),
    "pay": Topic("Pay", ("snapshot", "comp")),
    "day": Topic("Day in the life", ("dil.systems", "dil.redteam", "dil.align")),
    "plan": Topic("When to hire, team size, alternatives", ("when", "size", "alt")),
    "difference": Topic(
        "AI Safety or Trust & Safety",
        ("faq",),
        "The heading is ours: the guide has only the answer.",
    ),
    "about": Topic("About this bank", ("guide",)),
}  # fmt: skip


def testing(bank: Bank, key: str) -> list[Question]:
    """The questions that test the fact `key`: they cite it, or name its skill or flag."""
    skills = {skill for skill, fact in bank.guide.skills.items() if fact == key}
    found = [
        question
        for question in bank.questions.values()
        if question.is_asked
        and (
            key in (*question.guide_refs, *question.red_flags, *question.green_flags)
            or skills & set(question.skills)
        )
    ]
    levels = list(bank.levels)
    return sorted(found, key=lambda each: (levels.index(each.levels[0]), each.area, each.id))

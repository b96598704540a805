"""The question bank: all that `content/` holds, checked, and looked up by what people ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.answers import Calibration
from bot.content.debrief import DebriefPolicy
from bot.content.insights import InsightPolicy
from bot.content.kit import RoundPlan
from bot.content.nudges import NudgePolicy
from bot.content.question import Question
from bot.content.reference import AreaCard, Guide, LevelCard, Source, SpecializationCard
from bot.content.scorecard import CardForm
from bot.content.words import Area, Level, Mode, Specialization


@dataclass(frozen=True, eq=False)  # One bank is one bank: it is hashed by identity, for caches.
class Bank:
    questions: Mapping[str, Question]  # By id.
    levels: Mapping[Level, LevelCard]
    areas: Mapping[Area, AreaCard]
    specializations: Mapping[Specialization, SpecializationCard]
    sources: Mapping[str, Source]
    guide: Guide
    rounds: Mapping[str, RoundPlan]  # By id, in the order in which they are held.
    scorecard: CardForm
    nudges: NudgePolicy
    debrief: DebriefPolicy
    insights: InsightPolicy
    calibrations: Mapping[str, Calibration]  # Invented answers, by the id of their ladder.

    def units(
        self, level: Level, area: Area, specialization: Specialization = Specialization.NONE
    ) -> tuple[Question, ...]:
        """What may be asked at `level` in `area`: the ladder, then core, then specializations.

        With a `specialization`, its own questions come first, and other specializations' not at
        all. Retired questions are never among them.
        """
        found = [
            question
            for question in self.questions.values()
            if level in question.levels
            and question.area is area
            and question.is_asked
            and (
                specialization is Specialization.NONE
                or question.specialization in (specialization, Specialization.NONE)
            )
        ]

        def place(question: Question) -> tuple[bool, bool, bool, str]:
            is_core = question.specialization is Specialization.NONE
            wanted = not is_core and question.specialization is specialization
            return (not wanted, not is_core, question.mode is not Mode.LADDER, question.id)

        return tuple(sorted(found, key=place))

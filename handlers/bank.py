"""The bank in use: read anew when somebody orders it, with every served version kept."""

import logging
from collections.abc import Callable
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot import openings
from bot.content import Bank, ContentError, Level, Question
from bot.errors import Refusal
from bot.openings import Line
from bot.records import Opening
from bot.sheets import OUTDATED, Given
from bot.store import Db, served

log = logging.getLogger(__name__)


class CurrentBank:
    """Handlers take `bank` once for each request, so no answer mixes two of them."""

    def __init__(self, load: Callable[[], Bank], db: Db, now: Callable[[], datetime]) -> None:
        """Raises ContentError: there is nothing to serve before a bank was read."""
        self._load, self._db, self._now = load, db, now
        self.bank = load()
        self._revision = self._keep(self.bank)

    def refresh(self) -> None:
        """Read the bank anew if that was ordered since. With a problem in it, the one in use stays.

        Called by the clock, so that a slow database never delays an answer.
        """
        try:
            with self._db.begin() as session:
                revision = served.revision(session)
            if revision == self._revision:
                return
            bank = self._load()
            self._keep(bank)
        except SQLAlchemyError as error:
            log.warning(
                "the database did not say whether to read the bank: %s", type(error).__name__
            )
        except ContentError as error:
            self._revision = revision
            for problem in error.problems:
                log.warning("the bank in use stays: %s", problem)
        else:
            self.bank, self._revision = bank, revision
            log.info("read the bank anew: %s questions", len(bank.questions))

    def as_given(self, given: Given) -> tuple[Question, Level]:
        """The question and level that somebody was given. Raises Refusal for anything else."""
        question = self.find(given)
        if question is None or given.level not in question.levels:
            raise Refusal(OUTDATED)
        return question, given.level

    def find(self, given: Given) -> Question | None:
        """The question in the version that was given, or else the bank's; None if unknown."""
        question = self.bank.questions.get(given.question_id)
        if question is not None and given.version in (0, question.version):
            return question
        with self._db.begin() as session:
            fields = served.fields(session, given.question_id, given.version)
        try:
            return Question.model_validate(fields) if fields else question
        except ValidationError:  # Kept by a version of the bot whose questions had other fields.
            return question

    def pinned(self, opening: Opening, kit_id: str) -> list[Line]:
        """The lines of a round's kit, in order, with the questions as they were pinned. Raises
        Refusal when the opening has no such round."""
        level, at, found = Level(opening.level), 0, []
        for line in openings.kit(opening, kit_id)["lines"]:
            question = None
            if "question" in line:
                question = self.find(Given(line["question"], level, line["version"]))
            words = openings.words(question, line.get("variant", 0)) if question else ""
            talk = line.get("talk", "A question that the bank no longer has")
            found.append(Line(at, line["minutes"], talk, question, words))
            at += line["minutes"]
        return found

    def _keep(self, bank: Bank) -> int:
        """The revision at which `bank` was kept."""
        questions = {
            (question.id, question.version): question.model_dump(mode="json", exclude_none=True)
            for question in bank.questions.values()
        }
        with self._db.begin() as session:
            for id_, version in served.keep(session, questions, self._now()):
                log.warning("question %s changed without a higher version than %s", id_, version)
            return served.revision(session)

"""The bank in use: read anew when somebody orders it, with every served version kept."""

import copy
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import openings, rotation
from bot.content import Bank, ContentError, Exposure, Level, Question
from bot.errors import Refusal
from bot.openings import Line
from bot.records import Opening
from bot.sheets import OUTDATED, Given
from bot.store import Db, served
from bot.store import rotation as stored_rotation
from bot.store.disks import reason

log = logging.getLogger(__name__)

MOST = 256  # Teams whose bank, with their leaked questions in other words, is kept made.


class CurrentBank:
    """Handlers take `bank` once for each request, so no answer mixes two of them."""

    def __init__(self, load: Callable[[], Bank], db: Db, now: Callable[[], datetime]) -> None:
        """Raises ContentError: there is nothing to serve before a bank was read."""
        self._load, self._db, self._now = load, db, now
        self.bank = load()
        self._revision = self._keep(self.bank)
        self._marked: Mapping[str, Mapping[str, datetime]] = {}
        self._marked = self._read_marks()
        self._mine: Mapping[str, datetime] = {}  # Of the team that this is for.
        self._whole = self  # Of which this shows one team's part.
        self._seen: dict[str, tuple[object, object, Bank]] = {}

    def of(self, team_id: str) -> "CurrentBank":
        """The same as this team is served: what it marked as leaked is asked in other words."""
        marked, bank = self._marked.get(team_id), self.bank
        if not marked:
            return self
        known = self._seen.get(team_id)
        if known is None or known[0] is not bank or known[1] is not marked:
            shown = replace(bank, questions=rotation.leaked(bank, marked))
            known = (bank, marked, shown)
            while len(self._seen) >= MOST:
                self._seen.pop(next(iter(self._seen)), None)
            self._seen[team_id] = known
        found = copy.copy(self)
        found.bank, found._mine = known[2], marked
        return found

    def look(self) -> None:
        """Serve every team by what it has marked as leaked until now."""
        self._whole._marked = self._whole._read_marks()

    def _read_marks(self) -> Mapping[str, Mapping[str, datetime]]:
        with self._db.begin() as session:
            found = stored_rotation.all_marked(session)
        known = self._marked
        # What has not changed stays the same object, and with it the bank that was made of it.
        return {team: known[team] if known.get(team) == new else new for team, new in found.items()}

    def refresh(self) -> None:
        """Read the bank anew if that was ordered since. With a problem in it, the one in use stays;
        one that was being edited is read again the next time.

        Called by the clock, so that a slow database never delays an answer.
        """
        try:
            with self._db.begin() as session:
                revision = served.revision(session)
            self.look()
            if revision == self._revision:
                return
            bank = self._load()
            self._keep(bank)
        except SQLAlchemyError as error:
            log.warning("the database did not say whether to read the bank: %s", reason(error))
        except ContentError as error:
            if not error.passes:
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
        found = self._find(given)
        return rotation.as_marked(found, self._mine) if found else None

    def _find(self, given: Given) -> Question | None:
        question = self.bank.questions.get(given.question_id)
        if question is not None and given.version in (0, question.version):
            return question
        with self._db.begin() as session:
            fields = served.fields(session, given.question_id, given.version)
        try:
            return Question.model_validate(fields) if fields else question
        except ValidationError:  # Kept by a version of the bot whose questions had other fields.
            return question

    def pinned(
        self, session: Session, opening: Opening, kit_id: str, held_at: datetime | None = None
    ) -> list[Line]:
        """The lines of a round's kit, in order, with the questions as they were pinned; one that
        was marked as leaked before `held_at` in other words. Raises Refusal when the opening has no
        such round.

        In the transaction of whoever asks: a second one would wait for the first on SQLite, and
        for a connection that others hold on PostgreSQL."""
        at, found = 0, []
        lines = openings.kit(opening, kit_id)["lines"]
        wanted = {(line["question"], line["version"]) for line in lines if "question" in line}
        as_pinned = served.questions(session, self.bank, wanted)
        for line in lines:
            question = None
            if "question" in line:
                id_ = line["question"]
                question = as_pinned.get((id_, line["version"])) or self.bank.questions.get(id_)
            if question is not None:
                question = self._as_asked(question, held_at)
            words = openings.words(question, line.get("variant", 0)) if question else ""
            talk = line.get("talk", "A question that the bank no longer has")
            found.append(Line(at, line["minutes"], talk, question, words))
            at += line["minutes"]
        return found

    def _as_asked(self, question: Question, at: datetime | None) -> Question:
        """In its own words when the team had not marked it yet `at` the time."""
        known = self._mine.get(question.id)
        if known is not None and at is not None and at < known:
            return question.model_copy(update={"exposure": Exposure.NORMAL})
        return rotation.as_marked(question, self._mine)

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

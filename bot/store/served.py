"""Questions as they were served, and orders to read the bank anew. No team owns these rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from bot.content import Bank, Question
from bot.records import ContentOrder, KeptQuestion
from bot.store import take_turns

Fields = dict[str, Any]
Version = tuple[str, int]  # A question's id and the number of its version.


def keep(session: Session, questions: Mapping[Version, Fields], now: datetime) -> list[Version]:
    """Keep questions as they are served now. Returns those that were kept before with the same
    id and version but other fields; these stay as they were."""
    take_turns(session, "kept questions")  # Replicas start together.
    known = {(each.id, each.version): each.fields for each in session.exec(select(KeptQuestion))}
    for (id_, number), fields in questions.items():
        if (id_, number) not in known:
            session.add(KeptQuestion(id=id_, version=number, fields=fields, kept_at=now))
    return [each for each in questions if known.get(each, questions[each]) != questions[each]]


def fields(session: Session, id_: str, version: int) -> Fields | None:
    """The fields of a question as it was served, or None."""
    found = session.get(KeptQuestion, (id_, version))
    return found.fields if found else None


def questions(session: Session, bank: Bank, wanted: Collection[Version]) -> dict[Version, Question]:
    """Questions in the versions that are wanted, as they were served: of the bank where it still
    has that version, else as kept. One that is nowhere, or that cannot be read any more, is not
    among them."""
    found = {
        (id_, number): bank.questions[id_]
        for id_, number in wanted
        if id_ in bank.questions and bank.questions[id_].version == number
    }
    older = [each for each in wanted if each not in found]
    if not older:
        return found
    key = tuple_(col(KeptQuestion.id), col(KeptQuestion.version))
    for kept in session.exec(select(KeptQuestion).where(key.in_(older))):
        try:
            found[kept.id, kept.version] = Question.model_validate(kept.fields)
        except ValidationError:  # Kept by a version of the bot whose questions had other fields.
            continue
    return found


def every_version(session: Session, ids: Collection[str]) -> dict[Version, Fields]:
    """All that was ever served of these questions."""
    wanted = select(KeptQuestion).where(col(KeptQuestion.id).in_(ids))
    return {(each.id, each.version): each.fields for each in session.exec(wanted)}


def order_reading(session: Session, now: datetime) -> None:
    """Have every process of the bot read the bank anew."""
    order = session.get(ContentOrder, 1) or ContentOrder(revision=0, ordered_at=now)
    order.revision += 1
    order.ordered_at = now
    session.add(order)


def revision(session: Session) -> int:
    """How often the bank was ordered anew: 0 until the first time."""
    order = session.get(ContentOrder, 1)
    return order.revision if order else 0

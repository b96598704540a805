"""When somebody who shadows is ready to lead: they score as the interviewer beside them does."""

from collections.abc import Sequence

from bot import drills
from bot.content.scorecard import Training
from bot.drills import Given
from bot.scorecards import NOT_ASSESSED, Answers

Pair = tuple[Answers, Answers]  # What the person in training wrote, and what the interviewer did.


def distances(pairs: Sequence[Pair]) -> list[int]:
    """How far apart the two are on each question that both assessed."""
    found = []
    for theirs, lead in pairs:
        scores = {each["id"]: each["score"] for each in lead["questions"]}
        for each in theirs["questions"]:
            both = (each["score"], scores.get(each["id"], NOT_ASSESSED))
            if NOT_ASSESSED not in both:
                found.append(abs(int(both[0]) - int(both[1])))
    return found


def is_ready(form: Training, pairs: Sequence[Pair], drilled: Sequence[Given] = ()) -> bool:
    """Whether their coordinator should be asked: enough interviews, and near enough in them.
    Drills, newest first, may stand for one of the interviews, never for the last."""
    found = distances(pairs)
    wanted = form.interviews - drills.stands_for_one(form, drilled)
    if len(pairs) < max(1, wanted) or not found:
        return False
    near = sum(each <= form.within for each in found)
    return near / len(found) >= form.share

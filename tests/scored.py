"""Opened scorecards in numbers, made at once: for what depends on how many there are."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, insert

from bot.records import Opening, Rating, ScoredCard

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPENING = "opening0"
AREAS = ("adversarial_thinking", "system_design", "incident_response", "trade_offs")


def card(name: str, person: str, loop: str, scores: Sequence[int], **more: Any) -> ScoredCard:
    fields = {
        "scorecard_id": name, "team_id": "T1", "opening_id": OPENING, "loop_id": loop,
        "interview_id": f"{loop}-{name}", "person": person, "month": "2026-03", "minutes": 60,
        "evidence": 100 * len(scores), "rated": len(scores), "total": sum(scores),
        "recommendation": 3, "after_reveal": False, "revealed_at": NOON,
    }  # fmt: skip
    return ScoredCard(**{**fields, **more})


def rating(of: ScoredCard, question: str, score: int, **more: Any) -> Rating:
    fields = {
        "scorecard_id": of.scorecard_id, "team_id": of.team_id, "opening_id": of.opening_id,
        "loop_id": of.loop_id, "interview_id": of.interview_id, "person": of.person,
        "question": question, "version": 1, "area": AREAS[0], "level": "senior", "score": score,
        "after_reveal": of.after_reveal, "asked_at": NOON,
    }  # fmt: skip
    return Rating(**{**fields, **more})


def fill(session: Session, cards: int, *, since: int = 0, team_id: str = "T1") -> None:
    """`cards` more, four to a loop, two scores each, over ten openings, fifty people and thirty
    questions, one a loop by two people."""
    made: list[dict[str, Any]] = []
    scored: list[dict[str, Any]] = []
    for number in range(since, since + cards):
        loop, at = divmod(number, 4)
        scores = (1 + number * 7 % 4, 1 + number * 5 % 3)
        # The last two of a loop sit in one interview, and ask the same.
        interview = f"loop{loop}-{min(at, 2)}"
        of = card(
            f"card{number}", f"UPERSON{number % 50}", f"loop{loop}", scores,
            opening_id=f"opening{loop % 10}", interview_id=interview, team_id=team_id,
            month=f"2025-{1 + loop % 12:02}", minutes=number * 37 % 3000,
            recommendation=1 + number * 3 % 4,
        )  # fmt: skip
        made.append(of.model_dump())
        for place, score in enumerate(scores):
            question = f"q{(loop + min(at, 2) * 2 + place) % 30}"
            when = NOON + timedelta(minutes=number)
            scored.append(
                rating(of, question, score, area=AREAS[min(at, 2)], asked_at=when).model_dump()
            )
    session.connection().execute(insert(ScoredCard), made)
    session.connection().execute(insert(Rating), scored)


def keep(session: Session, rows: Iterable[object]) -> None:
    session.add_all(list(rows))
    session.flush()


TEAM = "T0PLAY"
PANEL = ("U0INTA", "U0INTB", "U0INTC", "U0INTE")


def history(session: Session, opening: Opening, now: datetime, loops: int = 24) -> None:
    """Half a year of an opening: each loop's rounds by four interviewers, of whom Interviewer A is
    lenient, and a bar raiser beside the first of them; one question's scores rise with use."""
    chance = random.Random(11)
    kits = [kit for kit in opening.kits if kit["id"].startswith("onsite")][: len(PANEL)]
    for number in range(loops):
        at = now - timedelta(days=8 + 7 * (loops - number))
        good = chance.choice((2, 3, 3, 4))
        for place, kit in enumerate(kits):
            lines = [line for line in kit["lines"] if "question" in line]
            people = [PANEL[place % len(PANEL)], *(["U0INTD"] if place == 0 else [])]
            for person in people:
                scores = [_score(chance, good, person, line, number) for line in lines]
                name = f"h{number}-{place}-{person}"
                of = card(
                    name, person, f"hloop{number}", scores, team_id=TEAM, opening_id=opening.id,
                    interview_id=f"hloop{number}-{place}", month=f"{at:%Y-%m}",
                    minutes=chance.choice((20, 45, 90, 400, 1500)), revealed_at=at,
                    recommendation=min(4, max(1, good + chance.choice((-1, 0, 0, 1)))),
                )  # fmt: skip
                session.add(of)
                for line, score in zip(lines, scores, strict=True):
                    more = {"area": line["area"], "version": line["version"], "asked_at": at}
                    session.add(rating(of, line["question"], score, **more))
    session.flush()


def _score(chance: random.Random, good: int, person: str, line: dict[str, Any], number: int) -> int:
    if line["question"] == "inc-family-biased-outputs":
        return 1 + min(3, number // 6)
    lean = 1 if person == "U0INTA" else 0
    return min(4, max(1, good + lean + chance.choice((-1, 0, 0, 0, 1))))

"""A scorecard in numbers: what stays of it for insights once it was opened."""

from bot.content.scorecard import CardForm
from bot.panels import Chair, Panel
from bot.records import Rating, ScoredCard, SealedVersion
from bot.scorecards import NOT_ASSESSED

RECOMMENDATION = "recommendation"  # The field of scorecard.yaml that is compared within panels.
STEPS = 4  # Its options, the best last. With more or fewer it is not compared.


def scored(form: CardForm, panel: Panel, chair: Chair, version: SealedVersion) -> ScoredCard:
    """Raises ValueError for what is not handed in, or not open."""
    card, interview, revealed = chair.card, chair.interview, panel.loop.revealed_at
    if card is None or card.submitted_at is None or revealed is None:
        raise ValueError(version.scorecard_id)
    asked = version.answers["questions"]
    scores = [int(each["score"]) for each in asked if each["score"] != NOT_ASSESSED]
    waited = (card.submitted_at - chair.ends_at).total_seconds() // 60
    return ScoredCard(
        scorecard_id=card.id,
        team_id=card.team_id,
        opening_id=panel.opening.id,
        loop_id=card.loop_id,
        interview_id=interview.id,
        person=card.person,
        month=f"{interview.starts_at:%Y-%m}",
        minutes=max(0, int(waited)),
        evidence=sum(len(each["evidence"]) for each in asked),
        rated=len(scores),
        total=sum(scores),
        recommendation=_step(form, version.answers["fields"].get(RECOMMENDATION, "")),
        after_reveal=version.after_reveal,
        revealed_at=revealed,
    )


def _step(form: CardForm, chosen: str) -> int:
    field = next((each for each in form.fields if each.id == RECOMMENDATION), None)
    options = list(field.options) if field else []
    return options.index(chosen) + 1 if len(options) == STEPS and chosen in options else 0


def ratings(panel: Panel, chair: Chair, version: SealedVersion) -> list[Rating]:
    """One for each question that was assessed."""
    interview = chair.interview
    return [
        Rating(
            scorecard_id=version.scorecard_id,
            question=each["id"],
            team_id=interview.team_id,
            opening_id=panel.opening.id,
            loop_id=interview.loop_id,
            interview_id=interview.id,
            person=chair.seat.person,
            version=each["version"],
            area=each["area"],
            level=each["level"],
            score=int(each["score"]),
            after_reveal=version.after_reveal,
            asked_at=interview.starts_at,
        )
        for each in version.answers["questions"]
        if each["score"] != NOT_ASSESSED
    ]

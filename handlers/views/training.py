"""Asking a coordinator whether somebody who shadowed is ready to lead."""

from typing import Any

from slackblocks import ActionsBlock, Button, MessageResponse, SectionBlock

from handlers.views.text import count

Payload = dict[str, Any]


def ask(
    person: str, interviews: int, near: int, ratings: int, close: int = 0, drills: int = 0
) -> Payload:
    """`close` of their newest `drills` were near enough to the intended score."""
    text = (
        f"Is <@{person}> ready to lead? They shadowed {count(interviews, 'interview')}; {near} of "
        f"their {count(ratings, 'rating')} were within a point of the interviewer's."
    )
    if drills:
        text += f" So were {close} of their newest {count(drills, 'calibration drill')}."
    return MessageResponse(
        text=text,
        blocks=[
            SectionBlock(text, block_id="told"),
            ActionsBlock(
                [
                    Button("Ready", action_id="training_ready", value=person, style="primary"),
                    Button("One more", action_id="training_more", value=person),
                ],
                block_id="training",
            ),
        ],
    ).to_dict()

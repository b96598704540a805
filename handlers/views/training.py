"""Asking a coordinator whether somebody who shadowed is ready to lead."""

from typing import Any

from slackblocks import ActionsBlock, Button, MessageResponse, SectionBlock

Payload = dict[str, Any]


def ask(person: str, interviews: int, near: int, ratings: int) -> Payload:
    text = (
        f"Is <@{person}> ready to lead? They shadowed {interviews} interviews; {near} of their "
        f"{ratings} ratings were within a point of the interviewer's."
    )
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

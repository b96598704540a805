"""One's own working hours."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slackblocks import (
    CheckboxGroup,
    ContextBlock,
    DatePicker,
    InputBlock,
    ModalView,
    PlainTextInput,
    StaticSelectMenu,
    Text,
    TimePicker,
)

from bot.errors import Refusal
from bot.hours import WEEKDAYS, Hours, country_of
from bot.records import PersonSettings
from handlers.views.text import choice

Payload = dict[str, Any]

MOST_A_WEEK = 20


def form(hours: Hours) -> Payload:
    days = [choice(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    limits = [choice(str(number), str(number)) for number in range(1, MOST_A_WEEK + 1)]
    country = country_of(hours.zone)
    return ModalView(
        title="My hours",
        blocks=[
            ContextBlock([Text(f"Your time zone is {hours.zone}, as Slack knows it.")]),
            InputBlock(
                "From", TimePicker(action_id="starts", initial_time=f"{hours.starts:%H:%M}"),
                block_id="starts",
            ),
            InputBlock(
                "To", TimePicker(action_id="ends", initial_time=f"{hours.ends:%H:%M}"),
                block_id="ends",
            ),
            InputBlock(
                "Working days",
                CheckboxGroup(
                    action_id="days", options=days,
                    initial_options=[each for each in days if int(each.value) in hours.days],
                ),
                block_id="days",
            ),
            InputBlock(
                "Interviews a week at most",
                StaticSelectMenu(
                    action_id="limit", placeholder="How many", options=limits,
                    initial_option=limits[hours.weekly_limit - 1],
                ),
                block_id="limit",
            ),
            InputBlock(
                "Country, for public holidays",
                PlainTextInput(
                    action_id="country", max_length=2, initial_value=hours.country or None,
                    placeholder=country or "DE",
                ),
                block_id="country", optional=True,
                hint=f"Two letters. Empty: {country or 'no holidays, your zone has no country'}.",
            ),
            InputBlock(
                "Away, back on",
                DatePicker(
                    action_id="away",
                    initial_date=hours.away_until.isoformat() if hours.away_until else None,
                ),
                block_id="away", optional=True,
                hint="The first day on which you are back. Until then nobody plans you in unseen.",
            ),
        ],
        submit="Save",
        close="Cancel",
        callback_id="hours_save",
    ).to_dict()  # fmt: skip


def read(values: Mapping[str, Any], into: PersonSettings) -> None:
    """Lay what the form says over `into`. Raises Refusal for what no form of ours sends."""
    try:
        into.starts = str(values["starts"]["starts"]["selected_time"])
        into.ends = str(values["ends"]["ends"]["selected_time"])
        into.days = [int(each["value"]) for each in values["days"]["days"]["selected_options"]]
        into.weekly_limit = int(values["limit"]["limit"]["selected_option"]["value"])
        into.country = (values["country"]["country"]["value"] or "").strip().upper()
        back = values["away"]["away"]["selected_date"]
        into.away_until = date.fromisoformat(back) if back else None
    except (KeyError, TypeError, ValueError):
        raise Refusal("That form is from an older version of me. Open it anew.") from None

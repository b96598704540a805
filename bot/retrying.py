"""What Slack's refusals mean for a notice, and how long the next try waits."""

from datetime import timedelta
from enum import StrEnum

FIRST_WAIT = timedelta(seconds=15)  # After a failure; then twice as long each time.
LONGEST_WAIT = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=2)  # Between two looks whether Slack takes anything again.
MOST_ATTEMPTS = 40  # Some six hours.
MOST_CLAIMS = 400  # Of what never failed, but whose process died each time: as long, a lease each.
SPREAD = 0.25  # Waits are up to so much shorter or longer: what failed together comes back apart.


class Outcome(StrEnum):
    """What a refusal asks for."""

    LATER = "try it later"
    HOLD = "nothing of this team can be sent just now"
    UNREACHABLE = "this person or channel cannot be reached"
    REFUSED = "Slack will never take this"
    DONE = "what was to go is gone"


# The token, and not the notice: Slack says so of every call.
TOKEN = {
    "account_inactive", "app_uninstalled", "invalid_auth", "not_allowed_token_type", "not_authed",
    "org_login_required", "team_access_not_granted", "token_expired", "token_revoked",
}  # fmt: skip
UNREACHABLE = {
    "cannot_dm_bot", "channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel",
    "restricted_action", "restricted_action_read_only_channel", "user_disabled", "user_not_found",
    "user_not_visible",
}  # fmt: skip
REFUSED = {
    "cant_delete_message", "cant_update_message", "edit_window_closed", "invalid_arguments",
    "invalid_blocks", "metadata_too_large", "msg_blocks_too_long", "msg_too_long", "no_text",
}  # fmt: skip
GONE = {"file_deleted", "file_not_found", "message_not_found"}


def is_given_up(attempts: int, error: str) -> bool:
    """Whether what was tried so often, last with this `error`, is not tried again. Without one
    nobody has said that it failed: a process that dies takes along whatever it had claimed."""
    return attempts > (MOST_ATTEMPTS if error else MOST_CLAIMS)


def outcome(code: str) -> Outcome:
    """What Slack's error `code` asks for."""
    for codes, found in (
        (TOKEN, Outcome.HOLD),
        (UNREACHABLE, Outcome.UNREACHABLE),
        (REFUSED, Outcome.REFUSED),
        (GONE, Outcome.DONE),
    ):
        if code in codes:
            return found
    return Outcome.LATER


def wait(attempts: int, chance: float, first: timedelta = FIRST_WAIT) -> timedelta:
    """Until the next attempt after so many; `chance`, from 0 to 1, spreads those that failed
    together."""
    usual = min(LONGEST_WAIT, first * (1 << min(attempts - 1, 16)))
    return usual * (1 - SPREAD + 2 * SPREAD * chance)


def hold(strikes: int, chance: float, first: timedelta = FIRST_WAIT) -> timedelta:
    """Until the next look, after so many in a row at which Slack took nothing at all."""
    return min(LONGEST_HOLD, wait(strikes, chance, first))

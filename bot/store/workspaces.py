"""Which teams the bot works for. A team that removed it keeps its notices, parked, until it is back
or its data is erased."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, delete, select

from bot.records import Loop, Notice, OAuthState, Opening, SlackBot, WebhookCall, Workspace
from bot.store import audit, notices

RETENTION = "retention"  # Who erases by itself, in notices and in the audit.
# What needs no Slack, and goes on in a team that removed the bot.
KEPT_UP = ("retain", "depart")
PARKED = {"pending": "parked", "waiting": "shelved"}
SAME_TIME = timedelta(seconds=1)  # Slack tells events by the second.


def workspace(session: Session, team_id: str) -> Workspace | None:
    return session.get(Workspace, team_id)


def gone_at(session: Session, team_id: str) -> datetime | None:
    """When this team removed the bot; None while it is there."""
    found = workspace(session, team_id)
    return found.gone_at if found is not None else None


def of_enterprise(session: Session, enterprise_id: str) -> list[str]:
    """The teams of an organisation that the bot works for by one token."""
    wanted = select(Workspace.team_id).where(
        Workspace.enterprise_id == enterprise_id, Workspace.org_wide
    )
    # In one order for all who lock them one after the other.
    return list(session.exec(wanted.order_by(Workspace.team_id)))


def gone(session: Session) -> list[str]:
    """Every team that removed the bot."""
    wanted = select(Workspace.team_id).where(col(Workspace.gone_at).is_not(None))
    return list(session.exec(wanted))


def arrive(
    session: Session, team_id: str, enterprise_id: str, now: datetime, *, org_wide: bool
) -> None:
    """The bot is in this team: new, or again. What it owes there is due as it was."""
    found = session.get(Workspace, team_id, with_for_update=True)
    if found is None:
        found = Workspace(team_id=team_id, since=now)
        audit.note(session, team_id, "slack", "bot installed", team_id, now)
    elif found.gone_at is not None:
        found.gone_at = None
        audit.note(session, team_id, "slack", "bot installed again", team_id, now)
        _move(session, team_id, {there: owed for owed, there in PARKED.items()})
    found.enterprise_id, found.org_wide = enterprise_id, org_wide
    session.add(found)


def leave(session: Session, team_id: str, now: datetime) -> bool:
    """The team removed the bot: nothing more is sent, and what it kept is erased in time. False
    when that was known: Slack tells of it twice, of the token and of the bot."""
    found = session.get(Workspace, team_id, with_for_update=True)
    if found is None:
        session.add(found := Workspace(team_id=team_id, since=now))
    if found.gone_at is not None:
        return False
    found.gone_at = now
    audit.note(session, team_id, "slack", "bot removed", team_id, now)
    park(session, team_id)
    notices.owe(session, team_id, "depart", RETENTION, team_id, now)
    return True


def park(session: Session, team_id: str) -> None:
    """Lay aside what the team is owed, each notice so that it comes back as it was."""
    _move(session, team_id, PARKED)


def _move(session: Session, team_id: str, states: Mapping[str, str]) -> None:
    session.flush()
    for old, new in states.items():
        session.connection().execute(
            update(Notice)
            .where(
                col(Notice.team_id) == team_id,
                col(Notice.state) == old,
                col(Notice.kind).not_in(KEPT_UP),
            )
            .values(state=new)
        )
        session.connection().execute(
            update(WebhookCall)
            .where(col(WebhookCall.team_id) == team_id, col(WebhookCall.state) == old)
            .values(state=new)
        )


def kept(session: Session, team_id: str) -> list[tuple[Loop, Opening]]:
    """Each loop whose candidate is not erased yet, with its opening."""
    wanted = select(Loop, Opening).where(
        Loop.team_id == team_id,
        Opening.team_id == team_id,
        Loop.opening_id == Opening.id,
        col(Loop.erased_at).is_(None),
    )
    return list(session.exec(wanted))


def end_token(
    session: Session, team_id: str | None, enterprise_id: str | None, at: datetime
) -> bool:
    """Throw away the tokens of a team, or of a whole organisation. False when one is newer than
    `at`: Slack may tell late, and somebody may have installed the bot again meanwhile."""
    place = (
        (SlackBot.enterprise_id == enterprise_id, col(SlackBot.team_id).is_(None))
        if enterprise_id
        else (SlackBot.team_id == team_id,)
    )
    found = session.exec(select(SlackBot).where(*place).with_for_update()).all()
    if any(each.installed_at.replace(tzinfo=UTC) > at + SAME_TIME for each in found):
        return False
    for each in found:
        session.delete(each)
    return True


def take_rotation(
    session: Session, bot_token_id: int, now: datetime, lease: timedelta
) -> SlackBot | None:
    """The token's row if this process may ask Slack for the next one: a refresh token works once,
    so nobody else may for as long as `lease`."""
    wanted = select(SlackBot).where(SlackBot.id == bot_token_id)
    found = session.exec(wanted.with_for_update()).first()
    if found is None or (found.rotating_until is not None and found.rotating_until > now):
        return None
    found.rotating_until = now + lease
    session.add(found)
    return found


def renewing(session: Session, bot_token_id: int, used: str) -> SlackBot | None:
    """The token's row, alone, while its refresh token is the one that was `used`: somebody else may
    have got the next one, or installed the bot anew."""
    wanted = select(SlackBot).where(SlackBot.id == bot_token_id)
    found = session.exec(wanted.with_for_update()).first()
    return found if found is not None and found.bot_refresh_token == used else None


def ending(session: Session, client_id: str) -> list[SlackBot]:
    """The tokens that end and cannot be renewed, of teams and of organisations; the first to end
    comes first."""
    wanted = select(SlackBot).where(
        SlackBot.client_id == client_id,
        col(SlackBot.bot_token_expires_at).is_not(None),
        col(SlackBot.bot_refresh_token).is_(None),
    )
    return list(session.exec(wanted.order_by(col(SlackBot.bot_token_expires_at))))


def token(
    session: Session, client_id: str, enterprise_id: str | None, team_id: str | None, *, lock: bool
) -> SlackBot | None:
    """The newest token of a team, or with None of its organisation. A `lock` keeps it from being
    thrown away until the transaction ends."""
    wanted = select(SlackBot).where(
        SlackBot.client_id == client_id,
        SlackBot.enterprise_id == enterprise_id,
        SlackBot.team_id == team_id,
    )
    wanted = wanted.order_by(col(SlackBot.installed_at).desc())
    return session.exec(wanted.with_for_update() if lock else wanted).first()


def replace_token(session: Session, new: SlackBot) -> None:
    """Keep only this one for its team or organisation."""
    place = (
        SlackBot.client_id == new.client_id,
        SlackBot.enterprise_id == new.enterprise_id,
        SlackBot.team_id == new.team_id,
    )
    for old in session.exec(select(SlackBot).where(*place).with_for_update()).all():
        session.delete(old)
    session.add(new)


def installed(session: Session, client_id: str) -> int:
    """How many tokens there are, of teams and of organisations."""
    wanted = select(func.count()).select_from(SlackBot).where(SlackBot.client_id == client_id)
    return session.exec(wanted).one()


def issue_state(session: Session, state: str, now: datetime, until: datetime) -> None:
    """Those whose time is over go meanwhile, so that nobody fills the table."""
    session.exec(delete(OAuthState).where(col(OAuthState.expire_at) <= _naive(now)))
    session.add(OAuthState(state=state, expire_at=_naive(until)))


def use_state(session: Session, state: str, now: datetime) -> bool:
    """Whether it was issued here, lately, and not used yet: for one of two who come at once."""
    gone = session.exec(
        delete(OAuthState).where(
            col(OAuthState.state) == state, col(OAuthState.expire_at) > _naive(now)
        )
    )
    return bool(gone.rowcount)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)

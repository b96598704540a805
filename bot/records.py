"""The rows we keep. Rows carry data, never rules; every datetime is aware and UTC."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from bot.vault import SealedJson, SealedText


class KeptQuestion(SQLModel, table=True):
    """A question as it was served. An answer to it keeps its id and version, so that editing the
    bank never changes an old answer. The bank is the deployment's: no team owns these rows."""

    __tablename__ = "kept_question"

    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    fields: dict[str, Any] = Field(sa_type=JSON)
    kept_at: datetime


class ContentOrder(SQLModel, table=True):
    """One row: how often `content reload` was called. Every process of the bot compares it."""

    __tablename__ = "content_order"

    id: int = Field(default=1, primary_key=True)
    revision: int
    ordered_at: datetime


class KeyUse(SQLModel, table=True):
    """A key with which something here was written: no process starts without it."""

    __tablename__ = "key_use"

    fingerprint: str = Field(primary_key=True)
    since: datetime


class SchemaFloor(SQLModel, table=True):
    """One row, once something was removed that older versions need: bot.schema.floor."""

    __tablename__ = "schema_floor"

    id: int = Field(default=1, primary_key=True)
    oldest: str  # The schema of the oldest version of the bot that can work here.


class Opening(SQLModel, table=True):
    """A role being hired for, with the kits that all its candidates are asked."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    title: str
    level: str
    specialization: str
    hiring_manager: str  # Slack user ids, here and below.
    coordinators: list[str] = Field(sa_type=JSON)
    channel: str = ""  # Slack's id of a channel; "" for none.
    shown_as: str  # How candidates are shown: name, initials or code.
    keep_months: int  # How long a candidate's data is kept after their loop.
    kits: list[dict[str, Any]] = Field(sa_type=JSON)  # As bot.openings.pin makes them.
    created_by: str
    created_at: datetime
    closed_at: datetime | None = None


class Loop(SQLModel, table=True):
    """One candidate's interviews for one opening."""

    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        Index("ix_loop_active", "team_id", "state", "opening_id", "created_at"),
        Index("ix_loop_revealed", "team_id", "state", "revealed_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    number: int  # The candidate's code is C- and this number.
    candidate: str  # As it was typed; "" once it is erased.
    link: str = ""  # To their record elsewhere.
    state: str = "active"  # active, withdrawn or closed
    debrief_at: datetime | None = None
    debrief_place: str = ""
    revealed_at: datetime | None = None  # When the scorecards were opened for everybody.
    reveal_reason: str = Field(
        default="", sa_type=SealedText
    )  # Why they were opened before all were in.
    revision: int = 0  # Counts the changes of its plan.
    created_by: str
    created_at: datetime
    ended_at: datetime | None = None
    erased_at: datetime | None = None


class Interview(SQLModel, table=True):
    """One session of a loop."""

    __table_args__ = (
        Index("ix_interview_when", "team_id", "starts_at"),
        Index("ix_interview_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    round: str  # The id of a kit of the opening.
    minutes: int
    starts_at: datetime
    state: str = "planned"  # planned, cancelled, no_show or not_held
    reason: str = Field(default="", sa_type=SealedText)  # Why it was not held.


class Seat(SQLModel, table=True):
    """One person in one interview. It stays when the person leaves, with why."""

    __table_args__ = (
        UniqueConstraint("interview_id", "person"),
        Index("ix_seat_person", "team_id", "person", "owes"),
        Index("ix_seat_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    interview_id: str
    person: str  # Slack user id.
    role: str  # lead, bar_raiser, shadow or reverse_shadow
    state: str = "on"  # on, off (somebody else sits there now) or excused
    owes: bool = True  # False once nothing is expected of them: what lies ahead is found by it.
    reason: str = Field(default="", sa_type=SealedText)


class Scorecard(SQLModel, table=True):
    """One person's scorecard of one interview: what they are writing, and how often they sealed."""

    __table_args__ = (
        UniqueConstraint("interview_id", "person"),
        Index("ix_scorecard_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    interview_id: str
    person: str
    draft: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.drafts writes it.
    draft_at: datetime | None = None
    version: int = 0  # Of the newest sealed version; 0 until the first.
    submitted_at: datetime | None = None  # The first time.


class SealedVersion(SQLModel, table=True):
    """A scorecard as it was submitted. It never changes; an amendment is the next version."""

    __tablename__ = "sealed_version"

    scorecard_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    team_id: str
    answers: dict[str, Any] = Field(sa_type=SealedJson)
    seal: str  # SHA-256 of the answers, whose they are, and when: bot.scorecards.seal.
    submitted_at: datetime
    after_reveal: bool


class Writing(SQLModel, table=True):
    """What somebody is writing about a loop, besides scorecards, until they hand it in."""

    loop_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # view or decision
    team_id: str
    draft: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.drafts writes it.
    draft_at: datetime


class RecordedView(SQLModel, table=True):
    """What a panellist thinks after the discussion, beside what they had sealed. It never changes;
    who thinks again records the next one."""

    __tablename__ = "recorded_view"

    loop_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    team_id: str
    views: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.votes.views makes them.
    seal: str  # SHA-256: bot.votes.seal.
    recorded_at: datetime


class Decision(SQLModel, table=True):
    """What a hiring manager decided on a loop. It is kept when it is reopened."""

    __table_args__ = (
        UniqueConstraint("loop_id", "number"),
        Index("ix_decision_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    number: int  # Of the loop: 1, 2, …
    by: str
    outcome: str  # As bot.decisions.Outcome.
    level: str = ""  # At which to hire.
    round: str = ""  # Which interview is wanted.
    until: date | None = None  # How long it is on hold.
    rationale: str = Field(sa_type=SealedText)
    cites: list[str] = Field(sa_type=JSON)  # The ids of the questions whose evidence it cites.
    state: str  # waiting, objected, in_effect or reopened
    decided_at: datetime
    due_at: datetime | None = None  # When it takes effect unless somebody objects.
    effective_at: datetime | None = None
    reopened_by: str = ""
    reopened_at: datetime | None = None
    reopen_reason: str = Field(default="", sa_type=SealedText)


class Stance(SQLModel, table=True):
    """Where one person stands on a decision, once they were asked."""

    __table_args__ = (
        Index("ix_stance_loop", "team_id", "loop_id"),
        Index("ix_stance_person", "team_id", "person", "says"),
    )

    decision_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    role: str  # bar_raiser or panellist
    says: str = "asked"  # asked, concurs, dissents or objects
    reason: str = Field(default="", sa_type=SealedText)
    asked_at: datetime
    said_at: datetime | None = None
    answer: str = Field(default="", sa_type=SealedText)  # The hiring manager's, to an objection.
    answered_at: datetime | None = None


class ThreadNote(SQLModel, table=True):
    """Something an interviewer typed in the thread of their brief."""

    __tablename__ = "thread_note"

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    interview_id: str = Field(index=True)
    person: str
    text: str = Field(sa_type=SealedText)
    at: datetime


class Notice(SQLModel, table=True):
    """One message that the bot owes one person or channel (design.md, section 5)."""

    __table_args__ = (
        # Only what can be claimed stands in these: looking takes as long among a million others.
        Index(
            "ix_notice_due",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_notice_lease",
            "lease_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index(
            "ix_notice_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_notice_failed",
            "due_at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_notice_subject", "team_id", "subject", "recipient"),
        Index("ix_notice_sent", "team_id", "channel", "ts"),
        Index("ix_notice_joined", "joined"),
        Index("ix_notice_day", "team_id", "recipient", "sent_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    kind: str
    recipient: str  # Slack's id of a user or a channel.
    subject: str  # The id of an interview or a loop.
    about: str = ""  # The person whom it is about, when that is not the recipient.
    due_at: datetime
    # pending, sending, sent, skipped or failed; what goes together with others to the same person
    # is waiting, then joined to the envelope that is sent in its place. held waits for a planner.
    # parked and shelved were pending and waiting when their team removed the bot.
    state: str = "pending"
    joined: str = ""  # The id of that envelope.
    reason: str = ""  # Why it was skipped.
    attempts: int = 0
    first_tried_at: datetime | None = None
    lease_until: datetime | None = None  # By the database's clock.
    # What an attempt wrote down before it spoke, so that the next one finds what it left: the
    # thread, the id of a file, what is told; and whether the candidate was erased meanwhile.
    intent: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    error: str = ""  # What Slack said last, in its own code.
    channel: str = ""  # Where it was sent, and Slack's stamp of it.
    ts: str = ""
    told: dict[str, Any] = Field(
        sa_type=SealedJson
    )  # What it said, as data, for the next one to compare.
    sent_at: datetime | None = None


class Snooze(SQLModel, table=True):
    """Until when somebody asked to be left alone about one interview. It changes no plan: every
    plan that is made anew keeps to it."""

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    interview_id: str = Field(primary_key=True)
    until: datetime


class Unreachable(SQLModel, table=True):
    """Somebody, or a channel, whom Slack gave the bot no way to reach, until something arrives."""

    team_id: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    error: str  # In Slack's own code.
    since: datetime


class SentFile(SQLModel, table=True):
    """A file about a loop that the bot sent to somebody: erased with the candidate."""

    __tablename__ = "sent_file"

    file_id: str = Field(primary_key=True)
    loop_id: str = Field(primary_key=True, index=True)
    team_id: str
    person: str
    sent_at: datetime


class PersonSettings(SQLModel, table=True):
    """What somebody said about their hours. Without a row, bot.hours.USUAL holds."""

    __tablename__ = "person_settings"

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    starts: str = "09:00"  # In their own zone, as is everything here.
    ends: str = "18:00"
    days: list[int] = Field(sa_type=JSON)  # Monday is 0.
    weekly_limit: int = 5  # Interviews.
    country: str = ""  # ISO 3166, for public holidays; "" is the country of their zone.
    away_until: date | None = None  # The first day on which they are back.
    leads: bool = False  # A coordinator found them ready after shadowing.


class Debrief(SQLModel, table=True):
    """The meeting in which the panel of a loop talks, as far as it has come."""

    loop_id: str = Field(primary_key=True)
    team_id: str
    state: str = "running"  # or "ended"
    places: list[str] = Field(sa_type=JSON)  # Slack's id of a channel, or those of its people.
    topics: list[dict[str, Any]] = Field(sa_type=JSON)  # As bot.debriefs.agenda makes them.
    at: int = 0  # The topic that is being talked about.
    seen: int = 0  # The furthest that they have come.
    revision: int = 0  # Counts the steps: who presses an older button is told.
    until: datetime  # When the time of this topic is up.
    seed: str  # By which lots were drawn.
    led_by: str  # Who started it, or took it up again.
    stepped_by: str  # Who pressed last.
    started_at: datetime
    ended_at: datetime | None = None


class DebriefNote(SQLModel, table=True):
    """Something that was noted on one topic of a debrief."""

    __tablename__ = "debrief_note"
    __table_args__ = (Index("ix_debrief_note_loop", "team_id", "loop_id"),)

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    topic: str  # Its key.
    person: str
    text: str = Field(sa_type=SealedText)
    at: datetime


class Undo(SQLModel, table=True):
    """How a loop was before its last change, for a minute."""

    loop_id: str = Field(primary_key=True)
    team_id: str
    by: str
    until: datetime
    before: dict[str, Any] = Field(sa_type=JSON)  # As bot.plans.Plan dumps itself.


class Heard(SQLModel, table=True):
    """Something that Slack sent and that was done: an event, or a form by the id of its window."""

    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


class UnfinishedPlan(SQLModel, table=True):
    """A plan that somebody is filling in: not saved yet, and never trusted."""

    __tablename__ = "unfinished_plan"
    __table_args__ = (UniqueConstraint("team_id", "person", "opening_id", "loop_id", "candidate"),)

    id: str = Field(primary_key=True)
    team_id: str
    person: str
    opening_id: str
    loop_id: str  # "" for a new loop.
    candidate: str
    plan: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.plans.Plan dumps itself.
    begun_at: datetime
    saved_at: datetime


class Workspace(SQLModel, table=True):
    """A team that the bot was let into. Without a row it is there as well: one team with its token
    in the environment needs none until it removes the bot."""

    __table_args__ = (
        Index(
            "ix_workspace_gone",
            "gone_at",
            sqlite_where=text("gone_at IS NOT NULL"),
            postgresql_where=text("gone_at IS NOT NULL"),
        ),
    )

    team_id: str = Field(primary_key=True)
    enterprise_id: str = Field(default="", index=True)  # "" for a team of its own.
    org_wide: bool = False  # Whether the bot was installed for the whole organisation.
    since: datetime
    gone_at: datetime | None = None  # When it was removed: from then on data is only kept so long.


class SlackBot(SQLModel, table=True):
    """A token, in the columns of slack_sdk's SQLAlchemyInstallationStore, which reads and writes
    them; the tokens are encrypted. Times are naive there, and UTC."""

    __tablename__ = "slack_bots"
    __table_args__ = (
        Index("ix_slack_bots_place", "client_id", "enterprise_id", "team_id", "installed_at"),
    )

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    client_id: str
    app_id: str
    enterprise_id: str | None = None
    enterprise_name: str | None = None
    team_id: str | None = None  # None for a whole organisation.
    team_name: str | None = None
    bot_token: str | None = Field(default=None, sa_type=SealedText)
    bot_id: str | None = None
    bot_user_id: str | None = None
    bot_scopes: str | None = None
    bot_refresh_token: str | None = Field(default=None, sa_type=SealedText)
    bot_token_expires_at: datetime | None = Field(default=None, sa_type=DateTime)
    is_enterprise_install: bool = False
    installed_at: datetime = Field(sa_type=DateTime)
    rotating_until: datetime | None = None  # While one process asks Slack for the next token.


class OAuthState(SQLModel, table=True):
    """Proof that whoever comes back from Slack began here: used once, within minutes. Columns of
    slack_sdk's SQLAlchemyOAuthStateStore."""

    __tablename__ = "slack_oauth_states"

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    state: str = Field(index=True)
    expire_at: datetime = Field(sa_type=DateTime)


class AuditEntry(SQLModel, table=True):
    """Who did what, when: written in the transaction of the change itself."""

    __tablename__ = "audit_entry"

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    team_id: str = Field(index=True)
    at: datetime
    who: str  # Slack user id.
    what: str  # Such as "opening created".
    subject: str = Field(index=True)  # The id of what it was done to.
    detail: dict[str, Any] = Field(sa_type=JSON)


class ScoredCard(SQLModel, table=True):
    """A scorecard that counts, in numbers: all that insights read of one. Written when it is opened
    for everybody, so nothing sealed is among them."""

    __tablename__ = "scored_card"
    __table_args__ = (
        Index("ix_scored_card_opening", "team_id", "opening_id", "month"),
        Index("ix_scored_card_person", "team_id", "person", "loop_id"),
        Index("ix_scored_card_loop", "team_id", "loop_id"),
    )

    scorecard_id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    interview_id: str
    person: str
    month: str  # Of the interview, in UTC, such as 2026-03.
    minutes: int  # From the interview's end to when it was first handed in; at least 0.
    evidence: int  # Characters.
    rated: int  # How many questions have a score, and the sum of these.
    total: int
    recommendation: int  # 1 to 4, the best last; 0 without one.
    after_reveal: bool  # Others' could be read when it was written.
    revealed_at: datetime


class Rating(SQLModel, table=True):
    """One score in an opened scorecard that counts."""

    __table_args__ = (
        Index("ix_rating_area", "team_id", "opening_id", "area", "level", "score"),
        Index("ix_rating_question", "team_id", "question", "asked_at", "interview_id"),
        Index("ix_rating_loop", "team_id", "loop_id"),
    )

    scorecard_id: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    interview_id: str
    person: str
    version: int  # Of the question.
    area: str
    level: str
    score: int
    after_reveal: bool
    asked_at: datetime  # When the interview began.


class Drill(SQLModel, table=True):
    """An invented answer that somebody scored to see whether they score as others do."""

    __table_args__ = (Index("ix_drill_answer", "team_id", "answer", "level"),)

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    answer: str = Field(primary_key=True)  # As bot.drills.Item.id.
    turn: int = Field(primary_key=True)  # 1 the first time, 2 once all were done.
    level: str
    score: int
    intended: int
    at: datetime


class LeakedQuestion(SQLModel, table=True):
    """A question that a team found to be known outside: its variant is asked there instead."""

    __tablename__ = "leaked_question"

    team_id: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    marked_by: str
    marked_at: datetime


class Echo(SQLModel, table=True):
    """What became of somebody who was hired, asked of their manager half a year later."""

    __table_args__ = (
        UniqueConstraint("team_id", "loop_id"),
        Index("ix_echo_opening", "team_id", "opening_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    manager: str
    level: str  # At which they were hired.
    decided_at: datetime
    known: str = ""  # "" until it is answered; then known or not_known.
    answered_at: datetime | None = None


class EchoAnswer(SQLModel, table=True):
    """One area of it: what the panel had scored, and how it turned out."""

    __tablename__ = "echo_answer"
    __table_args__ = (Index("ix_echo_answer_opening", "team_id", "opening_id", "area"),)

    echo_id: str = Field(primary_key=True)
    area: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    scored: float  # The mean of the panel's scores in the area.
    turned_out: int  # 1 to 4; 0 when the manager has not seen it.


class Webhook(SQLModel, table=True):
    """Where a team has events told to another program of its own (docs/connections.md)."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    owner: str  # In whose name: what they plan is told.
    everywhere: bool = False  # An admin's: of every opening.
    url: str = Field(sa_type=SealedText)  # Often a secret in itself.
    secret: str = Field(sa_type=SealedText)
    old_secret: str = Field(default="", sa_type=SealedText)  # Signs, too, until `old_until`.
    old_until: datetime | None = None
    events: list[str] = Field(sa_type=JSON)
    content: list[str] = Field(sa_type=JSON)  # What is told besides ids and states.
    state: str = "on"  # or off: its receiver said that it is gone.
    created_at: datetime
    busy_until: datetime | None = None  # By the database's clock: one sends to it at a time.
    heard_at: datetime | None = None  # When it last took something.
    error: str = ""  # What came of the last try, in a few words.


class WebhookCall(SQLModel, table=True):
    """One event that one webhook is to be told: ids and states. What else is told is looked up when
    it is sent, so that nothing of a candidate lies here."""

    __tablename__ = "webhook_call"
    __table_args__ = (
        Index(
            "ix_webhook_call_due",
            "due_at",
            "webhook_id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_call_next",
            "webhook_id",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_call_failed",
            "at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_webhook_call_hook", "team_id", "webhook_id"),
        Index("ix_webhook_call_over", "over_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    webhook_id: str
    loop_id: str
    type: str
    data: dict[str, Any] = Field(sa_type=JSON)
    at: datetime  # When it happened.
    due_at: datetime  # While it is being sent: when the next try is, should this one be lost.
    state: str = "pending"  # pending, sent, failed; parked while the team has no bot
    attempts: int = 0
    error: str = ""
    over_at: datetime | None = None  # When it was sent or given up.


class Incoming(SQLModel, table=True):
    """A door through which another program plans interviews, in the name of a planner."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    owner: str  # In whose name: what they plan can be changed.
    secret: str = Field(sa_type=SealedText)
    old_secret: str = Field(default="", sa_type=SealedText)  # Fits, too, until `old_until`.
    old_until: datetime | None = None
    created_at: datetime
    heard_at: datetime | None = None  # When something that fits its secret last came.
    problem: str = ""  # Which fields were wrong the last time, without what stood in them.


class IncomingEvent(SQLModel, table=True):
    """What another program has told and was done: it may tell it again."""

    __tablename__ = "incoming_event"

    team_id: str = Field(primary_key=True)
    incoming_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    digest: str  # SHA-256 of what it said.
    answer: dict[str, Any] = Field(sa_type=JSON)  # Ids and states.
    at: datetime = Field(index=True)


class CalendarFeed(SQLModel, table=True):
    """Somebody's interviews as a calendar that their calendar program reads by a secret address."""

    __tablename__ = "calendar_feed"

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    token_hash: str = Field(index=True, unique=True)  # SHA-256: the address cannot be told again.
    made_at: datetime
    tag: str = ""  # A hash of what it said last, and when that became so.
    changed_at: datetime
    read_at: datetime | None = None

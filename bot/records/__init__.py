"""The rows we keep. Rows carry data, never rules; every datetime is aware and UTC."""

from bot.records.audit import AuditEntry
from bot.records.connections import CalendarFeed, Incoming, IncomingEvent, Webhook, WebhookCall
from bot.records.content import ContentOrder, KeptQuestion, LeakedQuestion
from bot.records.decisions import Debrief, DebriefNote, Decision, RecordedView, Stance
from bot.records.figures import Drill, Echo, EchoAnswer, Rating, ScoredCard
from bot.records.loops import Interview, Loop, Opening, Seat, Undo, UnfinishedPlan
from bot.records.notices import Heard, Notice, SentFile, Snooze, Unreachable
from bot.records.people import PersonSettings
from bot.records.scorecards import Scorecard, SealedVersion, ThreadNote, Writing
from bot.records.workspaces import KeyUse, OAuthState, SchemaFloor, SlackBot, Workspace

__all__ = [
    "AuditEntry",
    "CalendarFeed",
    "ContentOrder",
    "Debrief",
    "DebriefNote",
    "Decision",
    "Drill",
    "Echo",
    "EchoAnswer",
    "Heard",
    "Incoming",
    "IncomingEvent",
    "Interview",
    "KeptQuestion",
    "KeyUse",
    "LeakedQuestion",
    "Loop",
    "Notice",
    "OAuthState",
    "Opening",
    "PersonSettings",
    "Rating",
    "RecordedView",
    "SchemaFloor",
    "Scorecard",
    "ScoredCard",
    "SealedVersion",
    "Seat",
    "SentFile",
    "SlackBot",
    "Snooze",
    "Stance",
    "ThreadNote",
    "Undo",
    "UnfinishedPlan",
    "Unreachable",
    "Webhook",
    "WebhookCall",
    "Workspace",
    "Writing",
]

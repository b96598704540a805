"""The question bank that teams edit without programming: `content.load(folder)`."""

from bot.content.bank import Bank
from bot.content.loading import load, read
from bot.content.question import FollowUp, Question
from bot.content.reading import ContentError, Problem
from bot.content.words import Area, Exposure, Level, Mode, Specialization, Status, When

__all__ = [
    "Area",
    "Bank",
    "ContentError",
    "Exposure",
    "FollowUp",
    "Level",
    "Mode",
    "Problem",
    "Question",
    "Specialization",
    "Status",
    "When",
    "load",
    "read",
]

"""Slack's Web API: methods by name, each a function of the workspace and its arguments."""

from playground.web_api import chat, conversations, files, people, reactions, views
from playground.web_api.registry import MethodError, call

__all__ = ["MethodError", "call", "chat", "conversations", "files", "people", "reactions", "views"]

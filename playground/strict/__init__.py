"""What Slack refuses, refused with its error codes. Pure functions, no input or output."""

from playground.strict.payloads import Problem, check_message, check_suggestions, check_view

__all__ = ["Problem", "check_message", "check_suggestions", "check_view"]

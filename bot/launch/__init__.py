"""Start the bot: the parts of `bot.__main__` that know Slack (docs/decisions/0002-imports.md)."""

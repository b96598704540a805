"""Text as Slack reads it."""


def escape(text: str) -> str:
    """Make text that a person wrote safe to show: Slack reads &, < and > as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    return "\n".join(f">{line}" for line in escape(text).splitlines())


def bullets(lines: tuple[str, ...]) -> str:
    return "\n".join(f"•  {escape(line)}" for line in lines)

"""What stops a request on purpose."""


class Refusal(Exception):
    """The bot will not do this. The message is shown, as it is, to the person who asked."""

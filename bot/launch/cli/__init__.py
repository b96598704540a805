"""The command line: `safety-interview`, also `python -m bot`.

Each module here is a handful of commands. What they need is imported when one is used, so that the
others start without it.
"""

import typer

from bot.launch.cli import (
    checking,
    connections,
    content,
    database,
    notices,
    office,
    serving,
    verifying,
)

cli = typer.Typer(
    help="Interview questions, rubrics and scorecards in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # They would show tokens.
)
for each in (serving, checking, office, verifying, notices, connections, database):
    cli.add_typer(each.cli)
cli.add_typer(content.cli, name="content")
cli.add_typer(connections.webhooks_cli, name="webhooks")
cli.add_typer(connections.incoming_cli, name="incoming")
cli.add_typer(database.db_cli, name="db")
cli.add_typer(database.keys_cli, name="keys")

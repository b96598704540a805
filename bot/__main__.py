"""`python -m bot`: the command line of bot/launch/cli."""

from bot.launch.cli import cli

if __name__ == "__main__":
    cli()

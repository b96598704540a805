"""How many of a panel moved after the discussion, and whither. Facts only: nothing here says
whether that was right."""

from dataclasses import dataclass

from bot.panels import Panel
from bot.votes import VOTES


@dataclass(frozen=True)
class Moves:
    panel: int  # Those whose scorecards are in.
    recorded: int
    up: int  # Of the overall recommendations.
    down: int
    toward: int  # Nearer to the hiring manager's own sealed view.
    away: int
    scores_up: int
    scores_down: int
    scores_other: int  # To or from “not assessed”.

    @property
    def moved(self) -> int:
        return self.up + self.down


def moves(panel: Panel) -> Moves:
    recorded = [each.views for each in panel.views]
    asked = [each for views in recorded for each in views["questions"]]
    ways = [
        each["moved"]
        for views in recorded
        for each in views["overall"]
        if each["field"] == VOTES[0]
    ]
    return Moves(
        panel=len({chair.seat.person for chair in panel.awaited if chair.is_in}),
        recorded=len(recorded),
        up=ways.count(1),
        down=ways.count(-1),
        toward=sum(views["toward"] == 1 for views in recorded),
        away=sum(views["toward"] == -1 for views in recorded),
        scores_up=sum(each["moved"] == 1 for each in asked),
        scores_down=sum(each["moved"] == -1 for each in asked),
        scores_other=sum(each["moved"] == 0 and each["before"] != each["after"] for each in asked),
    )

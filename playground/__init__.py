"""A local Slack workspace: for demos in the browser, and for tests over the real protocol."""

from playground.faults import Fault
from playground.person import Person
from playground.play import Place, Playground
from playground.seen import Seen

__all__ = ["Fault", "Person", "Place", "Playground", "Seen"]

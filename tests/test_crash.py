"""A bot that is killed in the middle of work loses nothing that it acknowledged."""

from bench import crash


def test_every_acknowledged_word_is_there_after_a_kill() -> None:
    texts, _ = crash.rounds(4, seed=7)
    assert texts > 0

"""Blocks on pages that Slack takes: of messages, and of windows."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, DataVisualizationBlock, MessageResponse, TableBlock

MOST_TEXT = 9_400  # Characters of all blocks of a message (design.md, section 10).
MOST_BLOCKS = 50
MOST_CHARTS = 2
WINDOW_TEXT = 20_000  # A view may take 250 KB, and a character four bytes, escaped in JSON.
WINDOW_BLOCKS = 90

Piece = Sequence[Block]  # Blocks that stand together.


def paged(
    pieces: Sequence[Piece], *, text: int, blocks: int, most_text: int, most_blocks: int
) -> list[list[Block]]:
    """Pieces in order on as few pages as take them whole. Each page keeps `text` characters and
    `blocks` blocks free for what stands on all of them. One page at least."""
    pages: list[list[Block]] = [[]]
    used, held = text, blocks
    for piece in pieces:
        size = sum(map(size_of, piece))
        full = used + size > most_text or held + len(piece) > most_blocks
        if pages[-1] and (full or _crowded([*pages[-1], *piece])):
            pages.append([])
            used, held = text, blocks
        pages[-1] += piece
        used, held = used + size, held + len(piece)
    return pages


def _crowded(blocks: Sequence[Block]) -> bool:
    """Whether a message would refuse these blocks together, whatever their size."""
    tables = sum(isinstance(each, TableBlock) for each in blocks)
    charts = sum(isinstance(each, DataVisualizationBlock) for each in blocks)
    return tables > 1 or charts > MOST_CHARTS


def size_of(block: Block) -> int:
    """The characters of all texts in a block."""
    if isinstance(block, TableBlock):  # Counted as it is: making its JSON takes long.
        return sum(_in_cell(cell) for row in block.rows for cell in row)
    return _size(MessageResponse(blocks=[block]).to_dict()["blocks"])


def _in_cell(cell: Any) -> int:
    parts = getattr(cell, "elements", [cell])
    return sum(len(str(getattr(part, "text", ""))) for part in parts)


def _size(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_size, value))
    if isinstance(value, dict):
        return sum(
            len(item) if name == "text" and isinstance(item, str) else _size(item)
            for name, item in value.items()
        )
    return 0

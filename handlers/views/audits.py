"""The audit of a loop, for who plans it."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, ContextBlock, ModalView, SectionBlock, Text

from bot import audit
from bot.panels import Panel
from bot.records import AuditEntry
from handlers.views.text import count, escape, when

Payload = dict[str, Any]

MOST = 30  # Entries shown; the file has all.


def window(panel: Panel, entries: Sequence[AuditEntry]) -> Payload:
    """The newest entries, the newest first, and a way to get all of them."""
    newest = list(entries[::-1][:MOST])
    blocks: list[Block] = [
        SectionBlock(
            f"*{escape(panel.candidate)}*: who saw, wrote, changed, opened and decided what. Never "
            "what was written."
        )
    ]
    blocks += [SectionBlock(_line(entry)) for entry in newest]
    if not newest:
        blocks.append(SectionBlock("Nothing has happened yet."))
    told = f"{count(len(entries), 'entry').replace('entrys', 'entries')} in all."
    if len(entries) > MOST:
        told += f" The newest {MOST} are here, and the file has all."
    blocks.append(ContextBlock([Text(told)]))
    return ModalView(
        title="Audit", blocks=blocks, submit="Send me the file", close="Close",
        callback_id="audit_send", private_metadata=panel.loop.id,
    ).to_dict()  # fmt: skip


def _line(entry: AuditEntry) -> str:
    who = f"<@{entry.who}>" if entry.who.startswith(("U", "W")) else entry.who
    told = f"{when(entry.at)} · {audit.kind(entry)} · {who}: {escape(entry.what)}"
    more = audit.details(entry, digits=16)
    return (told + (f" ({escape(more)})" if more else ""))[:3000]

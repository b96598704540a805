"""Logs as text or as JSON, one line each."""

import json
import logging
from datetime import UTC, datetime

from bot import references
from bot.settings import Settings

TEXT = "%(asctime)s %(levelname)s %(name)s %(reference)s: %(message)s"
OF_WORK = ("reference", "request", "team", "notice")


class Referenced(logging.Filter):
    """Puts into each line what the thread that writes it is at."""

    def filter(self, record: logging.LogRecord) -> bool:
        work = references.current()
        for name in OF_WORK:
            setattr(record, name, getattr(work, name, ""))
        return True


class Text(logging.Formatter):
    """What is done for nobody in particular has a dash in the place of its reference."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        record.reference = getattr(record, "reference", "") or "-"
        return super().formatMessage(record)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: told for name in OF_WORK if (told := getattr(record, name, ""))},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(settings: Settings) -> None:
    handler = logging.StreamHandler()
    handler.addFilter(Referenced())
    handler.setFormatter(JsonLines() if settings.log_format == "json" else Text(TEXT))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    # It tells of each run of each job, every few seconds.
    logging.getLogger("apscheduler").setLevel(max(logging.WARNING, logging.getLogger().level))
    # At DEBUG the Slack libraries log whole payloads and headers: evidence and tokens.
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))

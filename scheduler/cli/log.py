"""Where the log goes: JSON, one line an event."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def set_up_log(path: Path | None, *, level: int = logging.INFO) -> None:
    """Write the log to ``path``, or to standard error from ``WARNING`` up where there is none.

    The path ``-`` means standard error with every line, for containers, whose log is collected.

    Lines carry ids, never names or addresses: what is logged decides that, not this function.
    """
    # Libraries that log by themselves say it again, with addresses in it: our errors are enough.
    logging.getLogger().addHandler(logging.NullHandler())
    if path is None:
        stream, level = sys.stderr, max(level, logging.WARNING)
    elif str(path) == "-":
        stream = sys.stderr
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a", encoding="utf-8", buffering=1)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of variables: there are names and addresses among them.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )

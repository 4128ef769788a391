"""Logs: one JSON object a line on stderr, from our own code and from the libraries alike.

They never hold what somebody asked for: no question, no address, no parameter of a statement. So
an error is logged by its kind and the places in the code, without its words, which quote them.
"""

import logging
import sys
import traceback
from types import TracebackType

import structlog

_LIBRARIES = ("uvicorn", "asyncio", "sqlalchemy", "psycopg", "httpx", "urllib3")
"""At lower levels than warnings these write out what passes through them."""


def configure_logging(level: str) -> None:
    """Send every log record of at least ``level`` to stderr as JSON lines (UTC times)."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_where,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.raiseExceptions = False  # or a record that cannot be written is printed with its error
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def without_words(error: BaseException) -> str:
    """An error as its kind and where it was raised, its causes first; nothing that it says."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    own = "\n".join([_places(error.__traceback__), kind])
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return own if cause is None else f"{without_words(cause)}\n{own}"


def _places(trace: TracebackType | None) -> str:
    """The steps in our own code, and the last one."""
    frames = traceback.extract_tb(trace)
    told = [f for f in frames[:-1] if "site-packages" not in f.filename] + frames[-1:]
    return "\n".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in told)


def _only_where(
    _: structlog.types.WrappedLogger, __: str, record: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Replace a record's error by what may be told of it."""
    error = record.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        record["exception"] = without_words(error)
    if record.get("logger") == "asyncio":  # goes on with the task, and with what it failed on
        record["event"] = str(record["event"]).partition("\n")[0]
    return record

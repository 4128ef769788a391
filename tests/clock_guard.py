"""Finds what reads a clock of its own, in Python, SQL and JavaScript: in the source, not at run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PYTHON = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "clock_gettime", "clock_gettime_ns")),
    *(f"time.{name}" for name in ("localtime", "gmtime", "ctime", "asctime", "strftime")),
    *(f"pandas.Timestamp.{name}" for name in ("now", "utcnow", "today")),
    *(f"sqlalchemy.func.{name}" for name in (
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp",
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    )),
}  # fmt: skip
SQL = re.compile(
    r"(?<![\w.])(?:"
    r"now\s*\(\s*\)|(?:clock|statement|transaction)_timestamp\s*\(|timeofday\s*\("
    r"|current_(?:date|time|timestamp)\b|local(?:time|timestamp)\b"
    r"|'(?:now|today|yesterday|tomorrow)'\s*::)",
    re.IGNORECASE,
)
JAVASCRIPT = re.compile(
    r"\bDate\.now\b|(?<![\w.])Date\s*\(\s*\)|performance\.timeOrigin|Temporal\.Now"
)

CURES = {
    "py": "take `settings.clock` (blockdata/clock.py) from whoever composes, and call `clock.now()`"
    " or `clock.today(timezone)`; with a connection in hand, `database_now(connection)`;"
    " in a test the `clock` fixture or `tests.clocks.settings_at`",
    "sql": "call district.clock_now(), or district.transaction_now() for one moment of all rows",
    "js": "take it from maps/static/js/clock.js, which asks /v1/clock",
}


def readings(path: Path) -> Iterator[str]:
    """Each place in a file that reads a clock of its own, with what to do about it."""
    source = path.read_text(encoding="utf-8")
    kind = path.suffix.removeprefix(".")
    find = {"py": _in_python, "sql": _in_sql, "js": _in_javascript}[kind]
    for line, words in find(source):
        cure = CURES["sql" if SQL.fullmatch(words) else kind]
        yield f"{path}:{line}: {words} reads a clock of its own. Cure: {cure}"


def _in_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    names = _imported(tree)
    docstrings = {  # they may speak of it
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            whole = _dotted(node, names)
            if whole in PYTHON:
                yield node.lineno, whole
        elif isinstance(node, ast.Constant) and node not in docstrings:
            yield from ((node.lineno, found) for _, found in _in_sql(str(node.value)))


def _imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name that an expression such as ``dt.datetime.now`` leads to."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return ""


def _in_sql(source: str) -> Iterator[tuple[int, str]]:
    for line, words in enumerate(source.splitlines(), 1):
        for found in SQL.finditer(words.partition("--")[0]):
            yield line, found.group()


def _in_javascript(source: str) -> Iterator[tuple[int, str]]:
    for line, words in enumerate(source.splitlines(), 1):
        for found in JAVASCRIPT.finditer(words.partition("//")[0]):
            yield line, found.group()

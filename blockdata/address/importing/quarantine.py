"""The rows that an import refused, in a file: line, reason, and no personal details."""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from blockdata.address.importing.checks import REASONS, Refused
from blockdata.address.importing.columns import Columns
from blockdata.csv_cells import guard_row
from blockdata.files import whole_file
from blockdata.personal import Kind, strip_cell

_OWN_COLUMNS = ("line", "reason", "reason_zh", "reason_en", "removed")
MAX_CELL = 1_000  # nobody mends a longer one by hand

Keep = Callable[[Sequence[Refused]], None]


@contextmanager
def quarantine(path: Path, header: Sequence[str], columns: Columns) -> Iterator[Keep]:
    """Yields what takes refused rows; the file stands when the block ends well, if there were any.

    Its columns are ``line``, ``reason`` (a name, and in both languages), ``removed`` (kinds of
    personal details that were taken out), and those of the file. Mended, it can be imported again:
    no cell is one that a spreadsheet would run (``csv_cells``). One of an earlier import of a file
    of this name is replaced, or taken away where nothing is refused any more.

    Raises:
        SetupError: it cannot be written.
    """
    exact = {columns.lon, columns.lat}
    with ExitStack() as opened:
        write: list[Callable[[Sequence[str]], object]] = []

        def keep(refused: Sequence[Refused]) -> None:
            if refused and not write:
                part = opened.enter_context(whole_file(path, None))
                file = opened.enter_context(part.open("w", encoding="utf-8", newline=""))
                file.write(codecs.BOM_UTF8.decode("utf-8"))  # spreadsheets see what it is
                write.append(csv.writer(file).writerow)
                write[0](guard_row([*_OWN_COLUMNS, *header]))
            for row in refused:
                write[0](guard_row(_cells(row, header, exact)))

        yield keep
        if not write:
            path.unlink(missing_ok=True)


def _cells(refused: Refused, header: Sequence[str], exact: set[str]) -> list[str]:
    about, row = REASONS[refused.reason], refused.row
    kept: list[str] = []
    removed: list[Kind] = []
    for place, cell in enumerate(row.cells):
        name = header[place] if place < len(header) else ""
        if name in exact:
            kept.append(cell[:MAX_CELL])
            continue
        rest, kinds = strip_cell(name, cell[:MAX_CELL])
        kept.append(rest)
        removed += kinds
    said = [str(row.line), refused.reason, about.zh, about.en, " ".join(dict.fromkeys(removed))]
    return said + kept

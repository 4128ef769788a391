"""JSON documents that people give in files: of a sane depth, and text throughout."""

import json
from pathlib import Path
from typing import Any

from blockdata.clean import A_LINE, clean_text, shown
from blockdata.errors import BadFile, InputError
from blockdata.reading import read_document
from blockdata.text import Text

MAX_DEPTH = 100
"""Deeper than any document that means something, and far from what Python's own stack holds."""


def read_json(path: Path, field: str, cure: Text) -> Any:
    """A JSON document from a file.

    Raises:
        BadFile: it cannot be read, is too large, or is no JSON; ``cure`` says what it should hold.
        InputError: it is nested too deeply, or some of its words are no text.
    """
    text = read_document(path, field=field)
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        name, because = shown(str(path), A_LINE), shown(_why(error), A_LINE)
        raise BadFile(
            Text(f"{name} 读不出 JSON:{because}", f"{name} holds no JSON: {because}"),
            field=field,
            cure=cure,
        ) from None
    return clean_json(document, field)


def clean_json(document: Any, field: str) -> Any:
    """The document as it is, where it is not nested too deeply and all its words are text.

    Raises:
        InputError: it is, or some are not.
    """
    level = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                clean_text(value, field)
            elif isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
        if not below:
            return document
        level = below
    raise InputError(
        Text(f"嵌套超过 {MAX_DEPTH} 层", f"it is nested more than {MAX_DEPTH} deep"),
        field=field,
        cure=Text("减少嵌套", "nest it less"),
    )


def _no_number(words: str) -> Any:
    raise ValueError(f"{words} is no number in JSON")


def _why(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)

"""Questions made from loose values, with errors of the project's own."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from blockdata.text import Text
from blockdata.validation import from_validation

Question = TypeVar("Question", bound=BaseModel)


def checked(kind: type[Question], asked: Any) -> Question:
    """A question from what was asked.

    Raises:
        InputError: it is no such question; names the first field that is wrong.
    """
    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        raise from_validation(
            error.errors(),
            otherwise="question",
            cure=Text("参见 --help 或 /openapi.json", "see --help, or /openapi.json"),
        ) from None

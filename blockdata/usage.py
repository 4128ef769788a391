"""What the parser of the command line refuses, in words for both languages."""

import re
from typing import Any

import typer

from blockdata.clean import A_LINE, shown
from blockdata.errors import BadUsage
from blockdata.text import Text

# The parser's own family of errors; its module is no public name.
REFUSED: tuple[type[Exception], ...] = tuple(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError"
)

# What the parser says without a kind of its own for it.
_SAID: tuple[tuple[str, str], ...] = (
    (r"No such command '(?P<it>.*?)'\..*", "没有命令“{it}”"),
    (r"Missing command\.", "缺少子命令"),
    (r"Got unexpected extra argument\S* \((?P<it>.*)\)", "多余的参数:{it}"),
    (r"No such option: (?P<it>\S+).*", "没有选项 {it}"),
    (r"Option '(?P<it>.*)' requires an argument\.", "选项 {it} 缺少取值"),
    (r"Option '(?P<it>.*)' does not take a value\.", "选项 {it} 不带取值"),
    (r"Missing (?:argument|option|parameter) '(?P<it>.*)'\.", "缺少 {it}"),
)


def bad_usage(error: Any) -> BadUsage:
    """The error that tells what of a command's words cannot be used."""
    said = Text(*(2 * [shown(str(error.format_message()), A_LINE)]))
    for pattern, zh in _SAID:
        found = re.fullmatch(pattern, error.format_message(), re.DOTALL)
        if found:
            said = Text(zh.format(**{k: shown(v) for k, v in found.groupdict().items()}), said.en)
    if error.__cause__ is not None:  # what pydantic found
        from blockdata.validation import from_validation

        said = from_validation(error.__cause__.errors(), otherwise="").detail
    context = error.ctx
    asked = "blockdata" if context is None else context.command_path
    return BadUsage(
        said,
        field=_field(error),
        cure=Text(f"参见 {asked} --help", f"see {asked} --help"),
    )


def _field(error: Any) -> str | None:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return getattr(error, "option_name", None)
    longest: str = max(parameter.opts, key=len)
    return longest

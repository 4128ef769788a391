"""One tree of errors, and the one table from an error to its HTTP status and exit code.

::

    BlockdataError
    ├── InputError (also ValueError)  what was given cannot be used; names the field and the cure
    │   ├── BadUsage                      the words of a command are no command
    │   ├── BadQuery                      a parameter that a standard answers by 400
    │   ├── UnknownAddress                no known address fits the words
    │   ├── PlaceNotSaid                  an address that names a road, estate or division
    │   ├── OutsideArea                   a point beyond the area's outline (the sea, another city)
    │   ├── OutsideNetwork                a point too far from any street of the travel mode
    │   ├── BadDatum                      coordinates are not in the datum that was declared
    │   ├── BadFile                       a file is truncated, of another kind, or not UTF-8
    │   ├── Unwritable                    a result cannot be written where it was sent
    │   ├── BadColumns                    a table lacks a column, or a column has the wrong type
    │   ├── BadLayer                      a polygon layer is broken; names the polygon
    │   └── TooLarge                      more than is taken at a time
    ├── NotFound                          no such area, grid, code, responder …
    ├── NotPermitted                      no purpose stated, or not within the role
    ├── Conflict                          the state changed since it was read
    ├── DataQualityGate                   a load finished, but too few rows are sound
    ├── Unavailable                       a needed service (the database) does not answer
    │   ├── Busy                          all who could do it are at work; ask again soon
    │   └── TookTooLong                   it was given up at its deadline
    ├── SetupError                        the machine lacks something; the cure is the exact command
    │   └── BadSetting                    a BLOCKDATA_… variable cannot be used
    ├── Interrupted                       a command was stopped by Ctrl-C
    └── InternalError                     a mistake of ours; a file keeps its trace
"""

from typing import Any, ClassVar

from blockdata.text import Language, Text


class BlockdataError(Exception):
    """Something went wrong."""

    title: ClassVar[Text] = Text("出错了", "something went wrong")

    def __init__(
        self,
        detail: Text | None = None,
        *,
        field: str | None = None,
        cure: Text | None = None,
        **facts: Any,
    ) -> None:
        self.detail = detail or self.title
        self.field = field
        self.cure = cure
        self.facts = facts
        super().__init__(self.detail.en)

    @property
    def code(self) -> str:
        """The stable name of this kind of error, as in ``unknown-address``."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

    def say(self, language: Language) -> str:
        """One paragraph for a person: what is wrong, in which field, and what to do."""
        where = f" [{self.field}]" if self.field else ""
        cure = ""
        if self.cure is not None:
            label = "处理办法:" if language == "zh" else "Cure: "
            cure = f"\n{label}{self.cure.say(language)}"
        return f"{self.title.say(language)}{where}: {self.detail.say(language)}{cure}"

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 problem document of this error, in both languages."""
        document: dict[str, Any] = {
            "type": f"urn:blockdata:problem:{self.code}",
            "title": self.title.en,
            "title_zh": self.title.zh,
            "status": http_status(self),
            "detail": self.detail.en,
            "detail_zh": self.detail.zh,
        }
        if self.field is not None:
            document["field"] = self.field
        if self.cure is not None:
            document["cure"] = self.cure.en
            document["cure_zh"] = self.cure.zh
        return document | self.facts


class InputError(BlockdataError, ValueError):
    """What was given cannot be used."""

    title = Text("输入有误", "the input cannot be used")


class BadUsage(InputError):
    """The words of a command are no command."""

    title = Text("用法有误", "wrong usage")


class BadQuery(InputError):
    """A parameter that a standard answers by 400."""

    title = Text("参数有误", "a parameter cannot be used")


class UnknownAddress(InputError):
    """No known address fits the words."""

    title = Text("未找到该地址", "no known address fits")


class PlaceNotSaid(InputError):
    """An address reaches a road, an estate or a division only: no point to send anybody to."""

    title = Text("还不知道具体地点", "the place is not known closely enough")


class OutsideArea(InputError):
    """A point beyond the area's outline."""

    title = Text("位置不在辖区内", "the point lies outside the area")


class OutsideNetwork(InputError):
    """A point too far from any street of the travel mode."""

    title = Text("位置远离路网", "the point is too far from any street")


class BadDatum(InputError):
    """Coordinates are not in the datum that was declared."""

    title = Text("坐标系不符", "the coordinates do not fit the declared datum")


class BadFile(InputError):
    """A file is truncated, of another kind, or not UTF-8."""

    title = Text("文件无法读取", "the file cannot be read")


class Unwritable(InputError):
    """A result cannot be written where it was sent."""

    title = Text("无法写入", "the result cannot be written")


class BadColumns(InputError):
    """A table lacks a column, or a column has the wrong type."""

    title = Text("表格列有误", "the table's columns are wrong")


class BadLayer(InputError):
    """A polygon layer is broken."""

    title = Text("面图层有误", "the polygon layer is broken")


class TooLarge(InputError):
    """More was given than is taken at a time."""

    title = Text("内容过大", "too large")


class NotFound(BlockdataError):
    """There is no such thing."""

    title = Text("不存在", "not found")


class NotPermitted(BlockdataError):
    """No purpose was stated, or the role does not reach so far."""

    title = Text("没有权限", "not permitted")


class Conflict(BlockdataError):
    """The state changed since it was read."""

    title = Text("状态已变化", "the state has changed")


class DataQualityGate(BlockdataError):
    """A load finished, but fewer rows are sound than the gate asks."""

    title = Text("数据质量未达标", "the data-quality gate was not passed")


class Unavailable(BlockdataError):
    """A needed service does not answer."""

    title = Text("服务不可用", "a service does not answer")


class Busy(Unavailable):
    """All who could do it are at work, or it is being made ready; ask again soon."""

    title = Text("繁忙", "busy")


class TookTooLong(Unavailable):
    """It was given up at its deadline."""

    title = Text("超时", "it took too long")


class SetupError(BlockdataError):
    """The machine lacks something that is needed."""

    title = Text("环境未就绪", "the machine is not ready")


class BadSetting(SetupError):
    """A setting of the environment cannot be used."""

    title = Text("设置有误", "a setting cannot be used")


class Interrupted(BlockdataError):
    """The command was stopped before it ended."""

    title = Text("已中断", "interrupted")


class InternalError(BlockdataError):
    """A mistake of ours: nothing that was given explains it."""

    title = Text("程序内部错误", "an error inside")


# The one table. The first row whose type fits decides.
OUTCOMES: tuple[tuple[type[BlockdataError], int, int], ...] = (
    #  error            HTTP  exit
    (BadUsage, 422, 2),
    (TooLarge, 413, 1),
    (BadQuery, 400, 1),
    (InputError, 422, 1),
    (NotFound, 404, 1),
    (NotPermitted, 403, 1),
    (Conflict, 409, 1),
    (DataQualityGate, 422, 3),
    (TookTooLong, 504, 1),
    (Unavailable, 503, 1),
    (BadSetting, 500, 2),
    (SetupError, 500, 1),
    (Interrupted, 503, 130),
    (BlockdataError, 500, 1),
)
READER_GONE = 141
"""Exit code, without a word, when whoever read the output has left (as in ``… | head -1``)."""


def http_status(error: BlockdataError) -> int:
    """The HTTP status that answers this error."""
    return next(status for kind, status, _ in OUTCOMES if isinstance(error, kind))


def exit_code(error: BlockdataError) -> int:
    """The exit code that ends a command on this error."""
    return next(code for kind, _, code in OUTCOMES if isinstance(error, kind))

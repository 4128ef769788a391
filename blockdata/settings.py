"""Settings, made once by whoever composes the program and passed down from there."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from blockdata.clean import clean_text, shown
from blockdata.clock import MOST_SHIFT_S, Clock
from blockdata.errors import BadSetting
from blockdata.text import Language, Text, read_language

PREFIX = "BLOCKDATA_"
AREA_NAME = r"[a-z][a-z0-9_-]{0,39}"
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
_DRIVER = "postgresql+psycopg"

# What each setting takes, told where it was given something else.
_CURES: dict[str, Text] = {
    "database_url": Text(
        f"写成 {_DRIVER}://用户:口令@主机:5432/库名", f"write {_DRIVER}://USER:PASSWORD@HOST:5432/NAME"
    ),
    "var": Text("给出可写的文件夹", "name a folder that can be written"),
    "host": Text("给出一个地址,如 127.0.0.1", "give one address, as in 127.0.0.1"),
    "port": Text("给出 1 至 65535 的整数,如 8135", "give a number from 1 to 65535, as in 8135"),
    "area": Text(
        "以小写字母开头,只用小写字母、数字、- 与 _,最多 40 个字符,如 demo",
        "start with a lower-case letter; lower-case letters, digits, - and _; 40 at most: demo",
    ),
    "profile": Text(
        "给出 data/profiles 中的名字,或 .toml 文件路径",
        "give a name in data/profiles, or a path to a .toml file",
    ),
    "language": Text("写 zh 或 en", "write zh or en"),
    "log_level": Text(
        "写 DEBUG、INFO、WARNING、ERROR 或 CRITICAL",
        "write DEBUG, INFO, WARNING, ERROR or CRITICAL",
    ),
    "clock_shift_s": Text(
        f"给出 -{MOST_SHIFT_S} 至 {MOST_SHIFT_S} 的整数秒",
        f"give whole seconds from -{MOST_SHIFT_S} to {MOST_SHIFT_S}",
    ),
    "real_data": Text("给出已有的文件夹", "name a folder that exists"),
}  # fmt: skip


def project_root() -> Path:
    """The checkout this package stands in, or the working directory for an installed copy."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def _language(given: Any) -> Any:
    return (read_language(given) or given) if isinstance(given, str) else given


def _upper(given: Any) -> Any:
    return given.strip().upper() if isinstance(given, str) else given


def _area_name(given: Any) -> Any:
    if isinstance(given, str) and re.fullmatch(AREA_NAME, given) is None:
        raise ValueError
    return given


def _server(given: Any) -> Any:
    """The URL with the driver that is installed; ``postgres://`` means the same server."""
    if not isinstance(given, str):
        return given
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(given)
    except ArgumentError:
        raise ValueError from None
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername=_DRIVER).render_as_string(hide_password=False)
    if url.drivername != _DRIVER:
        raise ValueError
    return given


def _folder(given: Any) -> Any:
    """The folder, made or to be made: nothing else may stand in its place or above it."""
    if not isinstance(given, str | Path):
        return given
    try:
        folder = Path(given).expanduser()
        there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        if not there.is_dir():
            raise ValueError
    except (OSError, RuntimeError):  # a name too long, a ring of links
        raise ValueError from None
    return folder


class Settings(BaseSettings):
    """What can be set from outside, each as ``BLOCKDATA_<NAME>``; the README lists them all.

    Raises:
        BadSetting: one cannot be used; names the variable and the cure.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: Annotated[str, BeforeValidator(_server)] | None = Field(
        default=None, description="a PostgreSQL server to use instead of the private cluster"
    )
    var: Annotated[Path, BeforeValidator(_folder)] = Field(
        default_factory=lambda: project_root() / "var",
        description="folder for everything made at run time: the cluster, saved networks, logs",
    )
    host: str = Field(default="127.0.0.1", description="address the web server binds to")
    port: int = Field(default=8135, ge=1, le=65535, description="port the web server binds to")
    area: Annotated[str, BeforeValidator(_area_name)] = Field(
        default="demo", description="area used where a command names none"
    )
    profile: str = Field(default="baoan", description="district profile: a name or a file")
    language: Annotated[Language, BeforeValidator(_language)] = Field(
        default="zh", description="language of messages: zh or en"
    )
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = Field(
        default="WARNING", description="least severe level that is logged"
    )
    clock_shift_s: int = Field(
        default=0,
        ge=-MOST_SHIFT_S,
        le=MOST_SHIFT_S,
        description="seconds by which exercises and tests move the clock; 0 is the real one",
    )
    real_data: Path | None = Field(
        default=None, description="folder of real data that the tests may read"
    )

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise _bad_setting(error) from None

    @field_validator("*", mode="before")
    @classmethod
    def _text(cls, given: Any) -> Any:
        return clean_text(given, "") if isinstance(given, str) else given

    @property
    def clock(self) -> Clock:
        """The one clock, to be passed down."""
        return Clock(self.clock_shift_s)


def _bad_setting(error: ValidationError) -> BadSetting:
    first = error.errors()[0]
    name = str(first["loc"][0])
    value = shown(str(first["input"]))
    said = Text(f"“{value}”不能用", f"'{value}' cannot be used")
    if name == "database_url":  # it may hold a password
        said = Text("不是 PostgreSQL 的连接地址", "it is no URL of a PostgreSQL server")
    return BadSetting(said, field=f"{PREFIX}{name.upper()}", cure=_CURES[name])

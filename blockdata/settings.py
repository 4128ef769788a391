"""Settings, made once by whoever composes the program and passed down from there."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from blockdata.clock import MOST_SHIFT_S, Clock
from blockdata.text import Language


def project_root() -> Path:
    """The checkout this package stands in, or the working directory for an installed copy."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """What can be set from outside, each as ``BLOCKDATA_<NAME>``; the README lists them all."""

    model_config = SettingsConfigDict(
        env_prefix="BLOCKDATA_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: str | None = Field(
        default=None, description="a PostgreSQL server to use instead of the private cluster"
    )
    var: Path = Field(
        default_factory=lambda: project_root() / "var",
        description="folder for everything made at run time: the cluster, saved networks, logs",
    )
    host: str = Field(default="127.0.0.1", description="address the web server binds to")
    port: int = Field(default=8135, ge=1, le=65535, description="port the web server binds to")
    area: str = Field(default="demo", description="area used where a command names none")
    profile: str = Field(default="baoan", description="district profile: a name or a file")
    language: Language = Field(default="zh", description="language of messages: zh or en")
    log_level: str = Field(default="WARNING", description="least severe level that is logged")
    clock_shift_s: int = Field(
        default=0,
        ge=-MOST_SHIFT_S,
        le=MOST_SHIFT_S,
        description="seconds by which exercises and tests move the clock; 0 is the real one",
    )
    real_data: Path | None = Field(
        default=None, description="folder of real data that the tests may read"
    )

    @property
    def clock(self) -> Clock:
        """The one clock, to be passed down."""
        return Clock(self.clock_shift_s)

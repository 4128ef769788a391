"""The one clock. Settings make it, whoever composes the program passes it down, nothing else reads.

An exercise or a test moves it by ``BLOCKDATA_CLOCK_SHIFT_S``: by so many seconds for every process
that has the setting, the command, the server and (through ``database_options``) the database alike,
so that they stay in step. It goes on at the pace of the real one. What runs down between two
moments of one process (waiting, ages of caches) is measured by ``time.monotonic``, and logs keep
the real time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from blockdata.text import Text

SHIFT_SETTING = "BLOCKDATA_CLOCK_SHIFT_S"
MOST_SHIFT_S = 100 * 365 * 86_400  # a century either way


@dataclass(frozen=True)
class Clock:
    """Tells the moment: the machine's, moved by ``shift_s`` whole seconds (0: the real one)."""

    shift_s: int = 0

    @property
    def shifted(self) -> bool:
        """Whether it tells another moment than the real one."""
        return self.shift_s != 0

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.shift_s)

    def today(self, timezone: str) -> date:
        """The day that a wall calendar in a time zone (as ``Asia/Shanghai``) shows now."""
        return self.now().astimezone(ZoneInfo(timezone)).date()

    def database_options(self) -> str:
        """What a connection is opened with, so that ``district.clock_now()`` tells the same."""
        return f"-c blockdata.clock_shift_s={self.shift_s}" if self.shifted else ""

    def warning(self) -> Text:
        """What whoever runs a program is told while the clock is shifted."""
        told = f"{self.now():%Y-%m-%d %H:%M} UTC"
        return Text(
            f"演练时钟:时间已被拨动({SHIFT_SETTING}={self.shift_s}),现按 {told} 计;不可用于实战",
            f"exercise clock: time is shifted ({SHIFT_SETTING}={self.shift_s}), it is taken to be "
            f"{told}; not for operation",
        )

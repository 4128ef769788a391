"""Words that people see: Chinese first, English beside it."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One message in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The message in the language asked for."""
        return self.zh if language == "zh" else self.en

    @property
    def both(self) -> str:
        """Both languages on one line, where the reader's choice is unknown (``--help``)."""
        return f"{self.zh} · {self.en}"

    def __str__(self) -> str:
        return self.both

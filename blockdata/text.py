"""Words that people see: Chinese first, English beside it."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


def read_language(words: str) -> Language | None:
    """The language that a word such as ``en``, ``ZH`` or ``zh_CN.UTF-8`` names; None for none."""
    named = words.strip().lower().replace("-", "_").partition("_")[0].partition(".")[0]
    return "zh" if named == "zh" else "en" if named == "en" else None


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

"""How well addresses are parsed: entity F1 on two real sets, per level and per kind of noise.

An entity counts when its span in the raw text and its level are both right. Remarks are left out on
both sides. ``rows(folder)`` gives the figures for ``bench_address_quality``; run alone, this writes
them to ``build/bench/address-quality.json``.
"""

import csv
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from blockdata.address.levels import FROM_NAACL, PARSE_CORE
from blockdata.address.parse import parse_many

Entity = tuple[int, int, str]
Example = tuple[str, frozenset[Entity]]
LABELS = Path(__file__).resolve().parents[1] / "acceptance" / "company_labels.csv"
OUTPUT = Path("build/bench/address-quality.json")

KINDS: dict[str, Callable[[str], bool]] = {
    "clean": lambda t: not any(f(t) for k, f in KINDS.items() if k != "clean"),
    "strokes (12-3-1001)": lambda t: bool(re.search(r"\d[-/一]\d", t)),
    "spaces or marks between levels": lambda t: bool(re.search(r"[\s_,\uff0c|]|[^\d]-[^\d]", t)),
    "brackets": lambda t: bool(re.search("[(\uff08【〔]", t)),
    "Chinese numeral before a counter": lambda t: bool(
        re.search("[一二三四五六七八九十][栋幢座楼层号单期区组室]", t)
    ),
    "province or city said twice": lambda t: bool(re.search("(.{2,}[省市区县]).*\\1", t)),
    "crossing or landmark": lambda t: bool(
        re.search("对面|旁|附近|隔壁|门口|交叉|交汇|路口|[东西南北]侧", t)
    ),
    "no province or city": lambda t: not re.match("(中国)?.{2,8}?(省|市|自治区)", t),
    "full-width or small letters": lambda t: bool(re.search("[a-z\uff10-\uff5a]", t)),
}


def main() -> None:
    """Measure on the folder named by BLOCKDATA_REAL_DATA and write the figures."""
    found = rows(Path(os.environ["BLOCKDATA_REAL_DATA"]))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    for row in found:
        print(f"{row['case']:50s} {row['metric']:10s} {row['value']:.4f}  {row['notes']}")


def rows(folder: Path) -> list[dict[str, Any]]:
    """All parsing figures as rows name, case, metric, value, notes."""
    naacl = list(naacl_examples(folder / "address_parsing" / "dev.txt.gz"))
    companies = list(company_examples(folder / "addresses" / "companies_a.csv.gz"))
    return [
        *_figures("naacl-dev", "NAACL 2019 dev, nothing learned from it", naacl),
        *_figures("companies-500", "500 Shenzhen company addresses, labelled by hand", companies),
    ]


def naacl_examples(path: Path) -> Iterator[Example]:
    """The sentences of a BIO file, labels mapped to levels."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        text, spans = "", []
        for line in [*lines, "\n"]:
            if not line.strip():
                if text:
                    levels = ((a, b, FROM_NAACL[name]) for a, b, name in spans)
                    yield text, frozenset((a, b, x) for a, b, x in levels if x is not None)
                text, spans = "", []
                continue
            token, _, label = line.rstrip("\n").rpartition(" ")
            mark, _, name = label.partition("-")
            if mark == "I" and spans and spans[-1][2] == name.lower():
                spans[-1] = (spans[-1][0], len(text) + len(token), name.lower())
            else:
                spans.append((len(text), len(text) + len(token), name.lower()))
            text += token


def company_examples(path: Path) -> Iterator[Example]:
    """The hand-labelled company addresses; labels are keyed by row."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        addresses = [row["address"] for row in csv.DictReader(lines)]
    with LABELS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            spans = (re.fullmatch(r"(\d+)-(\d+):(\w+)", s) for s in row["labels"].split())
            entities = frozenset((int(m[1]), int(m[2]), m[3]) for m in spans if m)
            yield addresses[int(row["row"])], frozenset(e for e in entities if e[2] != "remark")


def predicted(texts: list[str]) -> list[frozenset[Entity]]:
    """The parser's entities in raw spans; an estate is a poi, a remark or postcode nothing."""
    return [
        frozenset(
            (t.raw_start, t.raw_end, "poi" if t.level == "estate" else t.level)
            for t in parsed.tokens
            if t.level not in ("remark", "postcode")
        )
        for parsed in parse_many(texts)
    ]


def _figures(case: str, notes: str, examples: list[Example]) -> Iterator[dict[str, Any]]:
    said = predicted([text for text, _ in examples])
    pairs = [(text, gold, got) for (text, gold), got in zip(examples, said, strict=True)]

    def row(name: str, metric: str, value: float, note: str = "") -> dict[str, Any]:
        full = f"{notes}; {note}" if note else notes
        return {
            "name": "parsing", "case": f"{case}: {name}", "metric": metric,
            "value": round(value, 4), "notes": full,
        }  # fmt: skip

    core = {level for _, _, level in _all(g for _, g, _ in pairs)} & PARSE_CORE
    yield row("core levels", "F1", f1(pairs, core), "without country, zone, business, landmark")
    levels = {level for _, _, level in _all(g for _, g, _ in pairs)}
    yield row("all levels", "F1", f1(pairs, None))
    for level in sorted(levels):
        n = sum(e[2] == level for _, gold, _ in pairs for e in gold)
        yield row(f"level {level}", "F1", f1(pairs, {level}), f"n={n}")
    for kind, is_such in KINDS.items():
        some = [pair for pair in pairs if is_such(pair[0])]
        if some:
            yield row(f"kind {kind}", "F1", f1(some, core), f"{len(some)} addresses, core levels")


def _all(sets: Iterable[frozenset[Entity]]) -> Iterator[Entity]:
    for some in sets:
        yield from some


def f1(
    pairs: list[tuple[str, frozenset[Entity], frozenset[Entity]]], only: set[str] | None
) -> float:
    """Micro F1 over (text, true entities, said entities), of the levels in ``only`` or of all."""
    count = Counter[str]()
    for _, gold, got in pairs:
        g = {e for e in gold if only is None or e[2] in only}
        p = {e for e in got if only is None or e[2] in only}
        count.update(right=len(g & p), both=len(g) + len(p))
    return 2 * count["right"] / count["both"] if count["both"] else 0.0


if __name__ == "__main__":
    main()

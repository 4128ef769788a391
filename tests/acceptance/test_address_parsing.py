"""The parser on two real sets must not fall below what it has reached.

The floors lie a little under the figures of the shipped weights (see the benchmark
``address-quality``, which reports them by level and by kind of noise): they catch a loss, and are
no goal.
"""

from pathlib import Path

import pytest

from blockdata.address.levels import PARSE_CORE
from tests.benchmarks.bench_address_quality_parsing import (
    company_examples,
    f1,
    naacl_examples,
    predicted,
)

FLOORS = {"naacl-dev": 0.888, "companies-500": 0.967}


@pytest.mark.parametrize("case", sorted(FLOORS))
def test_entities_are_found(case: str, real_data: Path) -> None:
    if case == "naacl-dev":
        examples = list(naacl_examples(real_data / "address_parsing" / "dev.txt.gz"))
    else:
        examples = list(company_examples(real_data / "addresses" / "companies_a.csv.gz"))
    said = predicted([text for text, _ in examples])
    pairs = [(text, gold, got) for (text, gold), got in zip(examples, said, strict=True)]
    assert f1(pairs, set(PARSE_CORE)) >= FLOORS[case]

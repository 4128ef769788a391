"""JSON documents in files: read whole, or refused in words."""

from pathlib import Path

import pytest

from blockdata.documents import MAX_DEPTH, clean_json, read_json
from blockdata.errors import BadFile, InputError
from blockdata.text import Text

CURE = Text("写成 {}", "write {}")


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_what_is_no_file_is_told_by_its_kind(tmp_path: Path) -> None:
    ring = tmp_path / "ring"
    ring.symlink_to(ring)
    for path, why in (
        (tmp_path / "nothing", "there is no such file or folder"),
        (tmp_path, "it is a folder"),
        (tmp_path / "nothing" / "x", "there is no such file or folder"),
        (_file(tmp_path, b"") / "x", "what stands above it is no folder"),
        (ring, "its links lead in a ring"),
        (Path("x" * 5000), "the name is too long"),
        (Path("/dev/zero"), ""),
    ):
        with pytest.raises(BadFile) as refused:
            read_json(path, "plan", CURE)
        assert refused.value.field == "plan"
        assert why in refused.value.detail.en
        assert refused.value.detail.zh != refused.value.detail.en
        assert refused.value.cure is not None


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", '"固戍"'.encode("gbk"), '"固戍\0"'.encode(), b'"\xff"']
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile):
        read_json(_file(tmp_path, content), "plan", CURE)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[1,]", b"NaN", b'{"a": Infinity}', b"[" * 200_000 + b"]" * 200_000,
        b"9" * 5000, b"'a'",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_with_what_it_should_be(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        read_json(_file(tmp_path, content), "plan", CURE)
    assert refused.value.field == "plan"
    assert refused.value.cure == CURE


def test_a_document_is_nested_no_deeper_than_anything_that_means_something() -> None:
    deep: object = "x"
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert clean_json(deep, "body") is deep
    with pytest.raises(InputError, match="nested"):
        clean_json([deep], "body")


@pytest.mark.parametrize(
    "content", [rb'"\ud800"', rb'{"\udfff": 1}', rb'[{"a": ["b\u0000"]}]', rb'["\ud83d"]']
)
def test_words_of_a_document_are_text_throughout(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read_json(_file(tmp_path, content), "file", CURE)
    assert refused.value.field == "file"


def test_a_sound_document_comes_as_it_is(tmp_path: Path) -> None:
    document = rb'{"a": [1, 2.5, null, true, "\ud83d\udc6e"], "\u56fa": {}}'
    assert read_json(_file(tmp_path, document), "file", CURE) == {
        "a": [1, 2.5, None, True, "👮"],
        "固": {},
    }

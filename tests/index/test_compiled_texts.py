"""The compiled sums of token vectors: equal to the last bit to those made without it."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from corpora.standard_json import load_standard
from index.compiled_texts import as_read, extension
from index.encoders import STATIC_MODEL, StaticEncoder

pytestmark = pytest.mark.skipif(extension() is None, reason="index.native._texts is not built")

TOKENIZER = STATIC_MODEL / "tokenizer.json"
KINDS = "用户画像分析电子商務平臺掌握的会0000aZ9+#＋ＱⅡ①⑩〇²β \t\r\n，。、；（）·—…×≥●\x00é\u0301\ufe0f가🙂𠀀龘魑魅"


@pytest.fixture(scope="module")
def compiled() -> StaticEncoder:
    """The shipped model with the extension."""
    encoder = StaticEncoder()
    assert encoder._compiled is not None
    return encoder


@pytest.fixture(scope="module")
def pure() -> StaticEncoder:
    """The shipped model without it."""
    return StaticEncoder(compiled=False)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from(KINDS) | st.characters(exclude_categories=["Cs"]), max_size=20), max_size=6))
def test_sums_are_equal_to_the_last_bit(compiled: StaticEncoder, pure: StaticEncoder, texts: list[str]) -> None:
    """Whatever the characters, ordinary or odd, known or unknown, the sums are the very same."""
    assert np.array_equal(compiled._summed(texts), pure._summed(texts))


def test_real_wording_is_equal(compiled: StaticEncoder, pure: StaticEncoder) -> None:
    """So they are for a standard's statements, for text without any blank, for ties, and for thousands of words."""
    texts = [statement.text for statement in load_standard("530701").statements]
    texts += ["".join(texts), "#00000", "0" * 500, "的" * 3000, "能分析数据，" * 2000, "龘" * 50]
    assert np.array_equal(compiled.encode(texts), pure.encode(texts))


def test_numbers_are_read_as_the_library_reads_them() -> None:
    """Every probability of the vocabulary is, to the last bit, the one that the tokenizers library works with."""
    written = json.loads(TOKENIZER.read_bytes(), parse_float=str)["model"]["vocab"]
    theirs = json.loads(Tokenizer.from_file(str(TOKENIZER)).to_str())["model"]["vocab"]
    assert [as_read(number) for _, number in written] == [value for _, value in theirs]


def test_threads_share_an_encoder(compiled: StaticEncoder) -> None:
    """Threads that encode at the same time all get right vectors."""
    texts = [f"第{n}项：掌握选品与定价" for n in range(3000)]
    expected = compiled.encode(texts)
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(found, expected) for found in pool.map(compiled.encode, [texts] * 8))


def test_another_kind_of_tokenizer_does_without(tmp_path: Path, pure: StaticEncoder) -> None:
    """A model whose tokenizer has tokens of its own beside the vocabulary is run by the library."""
    folder = Path(shutil.copytree(STATIC_MODEL, tmp_path / "model"))
    specification = json.loads(TOKENIZER.read_bytes())
    marks = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    specification["added_tokens"] = [{"id": 0, "content": "[UNK]", "special": True, **marks}]
    (folder / "tokenizer.json").write_text(json.dumps(specification), encoding="utf-8")
    other = StaticEncoder(folder)
    assert other._compiled is None
    assert np.array_equal(other.encode(["掌握选品"]), pure.encode(["掌握选品"]))


def test_arrays_that_do_not_belong_together_are_refused(compiled: StaticEncoder) -> None:
    """An array of the wrong size, or a text that is none, is an error, not a crash."""
    module, inner = extension(), compiled._compiled
    assert module is not None
    assert inner is not None
    out, odd = np.empty((1, 256), np.float32), np.empty(1, np.uint8)
    rows, scales, vocabulary = inner._rows, inner._scales, inner._vocabulary
    module.sum(vocabulary, ["选品"], rows, scales, 256, out, odd)
    for wrong in (
        (vocabulary, ["选品"], rows[:-1], scales, 256, out, odd),
        (vocabulary, ["选品"], rows, scales[:-1], 256, out, odd),
        (vocabulary, ["选品"], rows, scales, 128, out, odd),
        (vocabulary, ["选品", "定价"], rows, scales, 256, out, odd),
        (object(), ["选品"], rows, scales, 256, out, odd),
    ):
        with pytest.raises(ValueError, match=r"array|PyCapsule"):
            module.sum(*wrong)
    with pytest.raises(TypeError):
        module.sum(vocabulary, [1], rows, scales, 256, out, odd)
    with pytest.raises(ValueError, match="unknown"):
        module.open(["a"], np.zeros(1), np.zeros(65536, np.uint16), 1)
    with pytest.raises(ValueError, match="bytes"):
        module.open(["a"], np.zeros(2), np.zeros(65536, np.uint16), 0)

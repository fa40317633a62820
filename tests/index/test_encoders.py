"""The built-in static encoder: its fast path, its files, and what loading it pulls in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpora.errors import IndexFormatError
from corpora.standard_json import load_standard
from index.encoders import STATIC_MODEL, StaticEncoder, builtin_encoder, load_encoder, word_vectors

ROOT = Path(__file__).resolve().parents[2]

ODD_TEXTS = (
    "",
    "   \n\t",
    "。，！——",
    "🙂🙃",
    "ＳＥＯ優化與ＳＥＭ投放　①②③",
    "電子商務平臺的社群運營與客戶關係管理",
    "电子商务平台的社群运营与客户关系管理",
    "C++、C#、Python3.11 and e-commerce, 100% 12.5元",
    "𠀀龘魑魅",
    "a",
    "掌握用户画像分析\0，完成拉新" + "é" * 3,
    "能根据用户需求、产品卖点，进行社群数据分析。" * 400,
)


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "pure"])
def encoder(request: pytest.FixtureRequest) -> StaticEncoder:
    """The shipped model, with the compiled extension (where there is one) and without."""
    return builtin_encoder() if request.param else StaticEncoder(compiled=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the model folder to damage."""
    return Path(shutil.copytree(STATIC_MODEL, tmp_path / "model"))


def test_rows_are_unit_vectors_and_empty_texts_are_zero(encoder: StaticEncoder) -> None:
    """Every text with a known token has length 1, every other one is all zero."""
    vectors = encoder.encode(ODD_TEXTS)
    assert vectors.shape == (len(ODD_TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:4].tolist() == [0, 0, 0, 0]
    assert lengths[4:] == pytest.approx(1, abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_fast_path_equals_sentence_transformers(encoder: StaticEncoder) -> None:
    """Plain SentenceTransformer(folder) gives the same vectors to 1e-6, of a text of thousands of words to 1e-5."""
    from sentence_transformers import SentenceTransformer

    texts = [*ODD_TEXTS, *(statement.text for statement in load_standard("530701").statements)]
    theirs = SentenceTransformer(str(STATIC_MODEL)).encode(texts, show_progress_bar=False)
    apart = np.abs(encoder.encode(texts) - theirs).max(axis=1)
    assert apart.max() < 1e-5
    assert np.delete(apart, len(ODD_TEXTS) - 1).max() < 1e-6


def test_a_vector_does_not_depend_on_its_batch(encoder: StaticEncoder) -> None:
    """One by one or together, the vectors are the very same."""
    texts = [f"{text}{i}" for i in range(500) for text in ODD_TEXTS[4:11]]
    together = encoder.encode(texts)  # several batches
    texts += texts
    twice = encoder.encode(texts)
    assert np.array_equal(twice[: len(together)], together)
    assert np.array_equal(twice[len(together) :], together)
    assert np.array_equal(encoder.encode([texts[3]])[0], together[3])


def test_width_case_and_script_do_not_matter(encoder: StaticEncoder) -> None:
    """Full width, capitals and traditional characters give the vector of the plain text."""
    pairs = [("ＳＥＯ　優化", "seo优化"), ("電子商務平臺的社群運營", "电子商务平台的社群运营")]
    for odd, plain in pairs:
        assert np.allclose(encoder.encode([odd]), encoder.encode([plain]), atol=1e-6)


def test_token_vectors_add_up_to_the_text(encoder: StaticEncoder) -> None:
    """The weighted sum of a text's token vectors, normalised, is its vector."""
    text = "掌握短视频的用户画像🙂"
    parts = encoder.token_vectors(text)
    assert "用户画像" in parts.tokens
    assert len(parts.tokens) == len(parts.vectors) == len(parts.weights)
    total = parts.weights @ parts.vectors
    assert np.allclose(total / np.linalg.norm(total), encoder.encode([text])[0], atol=1e-5)
    weights = dict(zip(parts.tokens, parts.weights, strict=True))
    assert weights["用户画像"] > weights["的"]
    assert encoder.token_vectors("").vectors.shape == (0, encoder.dimension)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("用户拉新", "获取新客户的方法", "焊接工艺与安全操作"),
        ("竞品分析", "比较同行店铺的价格与销量", "体育运动与健康习惯"),
        ("智能客服机器人训练", "整理常见问题的语料并优化自动回复", "产品包装的材质与结构"),
        ("投资回报率", "测算利润与成本、盈亏平衡点", "短视频的拍摄与剪辑"),
    ],
)
def test_meaning_counts_more_than_wording(encoder: StaticEncoder, text: str, near: str, far: str) -> None:
    """A passage on the subject is closer than one on another subject, without a word in common."""
    query, close, distant = encoder.encode([text, near, far])
    assert query @ close > query @ distant + 0.1


def test_word_vectors_are_the_static_models_rows(encoder: StaticEncoder) -> None:
    """Words have unit rows, a string without a known piece a zero row."""
    rows = word_vectors()(["拉新", "获客", "🙂"])
    assert np.array_equal(rows, encoder.encode(["拉新", "获客", "🙂"]))
    assert not rows[2].any()


def test_the_built_in_encoder_is_the_default() -> None:
    """No name, an empty one and ``builtin`` all mean the shipped model."""
    assert load_encoder() is load_encoder("builtin") is load_encoder("")


def test_fingerprint_follows_the_content(encoder: StaticEncoder, copy: Path) -> None:
    """The same files have the same fingerprint anywhere; one changed byte gives another."""
    assert StaticEncoder(copy).fingerprint == encoder.fingerprint
    weights = copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert StaticEncoder(copy).fingerprint != encoder.fingerprint


@pytest.mark.parametrize("keep", [0, 5, 200, 1_000_000])
def test_truncated_weights_are_refused(copy: Path, keep: int) -> None:
    """Weights cut off anywhere are one clear error that names the file."""
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(IndexFormatError, match=r"model\.safetensors"):
        StaticEncoder(copy)


def test_missing_or_broken_tokenizer_is_refused(copy: Path) -> None:
    """So is a model without its vocabulary, or with one that is no vocabulary."""
    (copy / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexFormatError, match=r"tokenizer\.json"):
        StaticEncoder(copy)
    (copy / "tokenizer.json").unlink()
    with pytest.raises(IndexFormatError, match=r"tokenizer\.json"):
        StaticEncoder(copy)


def test_encoding_loads_no_heavy_library() -> None:
    """A fresh process that encodes a text has loaded neither torch nor sentence-transformers nor transformers."""
    script = (
        "import sys\n"
        "import index\n"
        "assert 'tokenizers' not in sys.modules\n"
        "from index.encoders import load_encoder\n"
        "assert load_encoder().encode(['用户画像']).any()\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'scipy', 'sklearn'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_the_shipped_model_stays_small() -> None:
    """The folder is at most 30 MB."""
    assert sum(file.stat().st_size for file in STATIC_MODEL.rglob("*") if file.is_file()) < 30e6

"""Any sentence-transformers model by path: a tiny transformer made here, and what goes wrong with names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpora.errors import UsageError
from index.encoders import TransformerEncoder, load_encoder

CHARACTERS = "用户画像社群运营短视频拍摄剪辑数据分析的与"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights and a vocabulary of characters, saved as transformers saves one."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    path = tmp_path_factory.mktemp("tiny")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)]
    vocabulary = path / "vocab.txt"
    vocabulary.write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizerFast(str(vocabulary)).save_pretrained(path)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(path)
    return path


def test_a_transformer_folder_gives_unit_vectors(folder: Path) -> None:
    """A folder is an encoder: unit rows in order, zero for blank texts."""
    encoder = load_encoder(str(folder))
    vectors = encoder.encode(["用户画像", "", "短视频拍摄与剪辑", " \n"])
    assert encoder.dimension == 16
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1, 0], abs=1e-5)
    assert np.allclose(vectors[2], encoder.encode(["短视频拍摄与剪辑"])[0], atol=1e-5)
    assert encoder.encode([]).shape == (0, 16)
    assert encoder.encode(["", ""]).tolist() == np.zeros((2, 16)).tolist()


def test_fingerprint_follows_the_weights_not_the_name(folder: Path, tmp_path: Path) -> None:
    """A copy elsewhere has the same fingerprint, a model with other weights another."""
    from transformers import BertModel, BertTokenizerFast

    first = TransformerEncoder(folder)
    changed = BertModel.from_pretrained(folder)
    BertTokenizerFast.from_pretrained(folder).save_pretrained(tmp_path / "same")
    changed.save_pretrained(tmp_path / "same")
    assert TransformerEncoder(tmp_path / "same").fingerprint == first.fingerprint
    changed.embeddings.word_embeddings.weight.data[7] += 1
    changed.save_pretrained(tmp_path / "same")
    assert TransformerEncoder(tmp_path / "same").fingerprint != first.fingerprint


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A path without a model is a wrong call: the error names the path and the built-in model."""
    with pytest.raises(UsageError, match=r"nowhere.*builtin"):
        load_encoder(str(tmp_path / "nowhere"))


def test_a_folder_without_a_model_is_a_wrong_call(tmp_path: Path) -> None:
    """So is an existing folder that holds something else."""
    (tmp_path / "config.json").write_text('{"model_type": "no-such-kind"}', encoding="utf-8")
    with pytest.raises(UsageError, match="无法载入编码模型"):
        load_encoder(str(tmp_path))


def test_an_unreachable_name_is_a_wrong_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name that cannot be fetched gives advice in Chinese, not a traceback of the hub."""
    import huggingface_hub.constants as hub

    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UsageError, match="no-such-owner/no-such-model") as caught:
        load_encoder("no-such-owner/no-such-model")
    assert "内置模型" in caught.value.advice

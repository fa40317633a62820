"""Our parts inside LangChain: what langchain-core asks of Embeddings and VectorStore."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding

from index.langchain_adapters import EmbeddingsEncoder, EncoderEmbeddings, SegmentVectorStore
from index.segment_index import SegmentIndex

TEXTS = ["直播脚本的撰写", "店铺数据分析", "直播间的搭建", "客户投诉处理"]


@pytest.fixture
def store(hashing_encoder: Any) -> SegmentVectorStore:
    """A store of four texts with ids and metadata."""
    facts = [{"page": n} for n in range(4)]
    return SegmentVectorStore.from_texts(TEXTS, EncoderEmbeddings(hashing_encoder), facts, ids=list("abcd"))


def test_embeddings(hashing_encoder: Any) -> None:
    """Embeddings are the encoder's vectors as lists, queries like documents, also when asked asynchronously."""
    embeddings = EncoderEmbeddings(hashing_encoder)
    np.testing.assert_allclose(embeddings.embed_documents(TEXTS), hashing_encoder.encode(TEXTS))
    assert embeddings.embed_query(TEXTS[0]) == embeddings.embed_documents(TEXTS)[0]
    assert asyncio.run(embeddings.aembed_query(TEXTS[0])) == embeddings.embed_query(TEXTS[0])
    assert embeddings.embed_documents([]) == []


def test_search(store: SegmentVectorStore) -> None:
    """Documents come best first with id, text, metadata and cosine similarity."""
    (document, similarity), *others = store.similarity_search_with_score("店铺数据分析", k=3)
    assert document == Document(id="b", page_content="店铺数据分析", metadata={"page": 1})
    assert similarity == pytest.approx(1, abs=1e-5)
    assert [s for _, s in others] == sorted((s for _, s in others), reverse=True)
    assert len(store.similarity_search("直播", k=9)) == 4
    by_vector = store.similarity_search_by_vector(store.embeddings.embed_query("店铺数据分析"), k=1)
    assert by_vector == [document]
    assert asyncio.run(store.asimilarity_search("店铺数据分析", k=1)) == [document]


@pytest.mark.parametrize("kind", ["similarity", "mmr", "similarity_score_threshold"])
def test_retriever(store: SegmentVectorStore, kind: str) -> None:
    """The store serves as a retriever of every kind."""
    options = {"k": 2, "fetch_k": 4} if kind == "mmr" else {"k": 2, "score_threshold": 0.9}
    found = store.as_retriever(search_type=kind, search_kwargs=options).invoke("客户投诉处理")
    assert found[0].id == "d"
    assert len(found) == (1 if kind == "similarity_score_threshold" else 2)


def test_mmr_avoids_repeats(hashing_encoder: Any) -> None:
    """Where the nearest documents repeat one another, marginal relevance takes something else second."""
    texts = ["直播脚本的撰写", "直播脚本的撰写", "店铺直播"]
    store = SegmentVectorStore.from_texts(texts, EncoderEmbeddings(hashing_encoder))
    plain = store.similarity_search("直播脚本", k=2)
    diverse = store.max_marginal_relevance_search("直播脚本", k=2, lambda_mult=0.3)
    assert [d.page_content for d in plain] == texts[:2]
    assert [d.page_content for d in diverse] == texts[1:]


def test_add_get_delete(store: SegmentVectorStore) -> None:
    """Ids are given back, made where missing, known ones replaced; deleting passes over unknown ids."""
    assert store.add_documents([Document(id="a", page_content="新的文本")]) == ["a"]
    assert store.get_by_ids(["zz", "a"]) == [Document(id="a", page_content="新的文本")]
    fresh = store.add_texts(["同一文本", "同一文本"], ids=[None, None])
    assert len(set(fresh)) == 2
    assert [d.id for d in store.get_by_ids(fresh)] == fresh
    assert store.delete([*fresh, "a", "zz"])
    assert store.get_by_ids(["a", *fresh]) == []
    assert len(store.index) == 3
    with pytest.raises(ValueError, match="zip"):
        store.add_texts(["一", "二"], ids=["x"])
    assert store.delete()
    assert store.similarity_search("直播") == []


def test_groups(store: SegmentVectorStore) -> None:
    """Texts filed under a group are found within it only, and deleted with it only."""
    other = SegmentVectorStore(store.index, ("530701",))
    other.add_texts(["直播复盘"], ids=["g"])
    assert [d.id for d in store.similarity_search("直播", k=9, within=[("530701",)])] == ["g"]
    other.delete()
    assert len(store.index) == 4


def test_other_embeddings(tmp_path: Path) -> None:
    """Any LangChain embeddings can carry an index: vectors are scaled, saved and told apart."""
    embeddings = DeterministicFakeEmbedding(size=6)
    store = SegmentVectorStore.from_texts(TEXTS, embeddings, ids=list("abcd"))
    assert store.embeddings is embeddings
    assert store.similarity_search_with_score(TEXTS[2], k=1)[0][1] == pytest.approx(1, abs=1e-5)
    store.index.save(tmp_path / "store.index")
    loaded = SegmentVectorStore(SegmentIndex.load(tmp_path / "store.index", EmbeddingsEncoder(embeddings)))
    assert loaded.similarity_search(TEXTS[2], k=1)[0].id == "c"
    assert (
        EmbeddingsEncoder(DeterministicFakeEmbedding(size=7)).fingerprint != EmbeddingsEncoder(embeddings).fingerprint
    )
    assert EmbeddingsEncoder(embeddings, "mine").fingerprint == "langchain:mine"
    assert EmbeddingsEncoder(embeddings).encode([]).shape == (0, 6)


def test_langchain_is_loaded_on_demand() -> None:
    """Only the adapters load langchain_core."""
    code = "import sys, index.segment_index, index.statement_index; assert 'langchain_core' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

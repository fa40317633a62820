"""Our encoder and index as LangChain parts, and LangChain embeddings as our encoder.

The only file of this floor that imports langchain_core; nothing else imports it, so that it is loaded only by those who
work with LangChain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any, Self
from uuid import uuid4

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from index.grouped import Group
from index.protocols import NO_ROW, Encoder, Vectors
from index.segment_index import Passage, SegmentIndex


class EncoderEmbeddings(Embeddings):
    """An Encoder as LangChain ``Embeddings``.

    Parameters
    ----------
    encoder : gives the vectors.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of texts."""
        vectors: list[list[float]] = self.encoder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of one text; queries and passages are encoded alike."""
        return self.embed_documents([text])[0]


class EmbeddingsEncoder:
    """LangChain ``Embeddings`` as an Encoder: vectors are scaled to length 1.

    Parameters
    ----------
    embeddings : any embeddings; asked once at the start, for their dimension.
    name : tells these embeddings from others in saved indexes and caches; by default made of the vector of one text.
    """

    def __init__(self, embeddings: Embeddings, name: str = "") -> None:
        self.embeddings = embeddings
        probe = np.array(embeddings.embed_query("教学标准"), np.float32)
        self._dimension = len(probe)
        self._fingerprint = f"langchain:{name or sha256(probe.tobytes()).hexdigest()[:16]}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """The name, or what the probe gave."""
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = np.array(self.embeddings.embed_documents(list(texts)), np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


class SegmentVectorStore(VectorStore):
    """A SegmentIndex as a LangChain ``VectorStore``; searches are exact and take ``within=[group, …]``.

    Parameters
    ----------
    index : the passages; shared, not copied. Their ``metadata`` must be JSON values for the index to be saved.
    group : where texts added through this store are filed.
    """

    def __init__(self, index: SegmentIndex, group: Group = ()) -> None:
        self.index, self.group = index, group

    @property
    def embeddings(self) -> Embeddings:
        """What makes the index's vectors."""
        return _embeddings_of(self.index.encoder)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> Self:
        """A store over a new index of texts; further arguments go to ``SegmentIndex``."""
        store = cls(SegmentIndex(_encoder_of(embedding), **kwargs))
        store.add_texts(texts, metadatas, ids=ids)
        return store

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Store texts and return their ids; one whose id is known takes the place of the old one.

        Raises
        ------
        ValueError : as many ids or metadata as texts are needed.
        """
        listed = list(texts)
        facts = metadatas if metadatas is not None else [{}] * len(listed)
        names = [name or str(uuid4()) for name in (ids if ids is not None else [None] * len(listed))]
        group = kwargs.get("group", self.group)
        rows = zip(names, listed, facts, strict=True)
        self.index.add([Passage(name, text, group, dict(fact)) for name, text, fact in rows], dedup=False)
        return names

    def delete(self, ids: list[str] | None = None, **_: Any) -> bool | None:
        """Drop texts by id, all of this store's group when no ids are given; unknown ids are passed over."""
        if ids is None:
            self.index.remove_group(self.group)
        else:
            self.index.remove(ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of those ids that are known, in their order."""
        found = (self.index.get(id) for id in ids)
        return [_document(passage) for passage in found if passage is not None]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The k nearest documents, best first."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, within: Sequence[Group] | None = None, **_: Any
    ) -> list[tuple[Document, float]]:
        """The k nearest documents with their cosine similarities (-1..1, higher is nearer), best first."""
        return [(_document(passage), value) for passage, value in self.index.find(query, k, within)]

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, within: Sequence[Group] | None = None, **_: Any
    ) -> list[Document]:
        """The k documents nearest to a vector, best first."""
        hits = self.index.search(np.array([embedding], np.float32), k, within)
        return [_document(self.index.passage(id)) for id in hits.ids[0].tolist() if id != NO_ROW]

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[Document]:
        """K of the ``fetch_k`` nearest documents that are near to the query and far from one another."""
        documents = self.similarity_search(query, fetch_k, **kwargs)
        asked, *vectors = self.index.encoder.encode([query, *(document.page_content for document in documents)])
        return [documents[n] for n in maximal_marginal_relevance(asked, vectors, lambda_mult, k)]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        """Cosine similarity within 0..1; what points away from the query is not relevant at all."""
        return lambda similarity: min(1.0, max(0.0, similarity))


def _document(passage: Passage) -> Document:
    return Document(id=passage.id, page_content=passage.text, metadata=dict(passage.metadata))


def _embeddings_of(encoder: Encoder) -> Embeddings:
    return encoder.embeddings if isinstance(encoder, EmbeddingsEncoder) else EncoderEmbeddings(encoder)


def _encoder_of(embedding: Embeddings) -> Encoder:
    return embedding.encoder if isinstance(embedding, EncoderEmbeddings) else EmbeddingsEncoder(embedding)

"""Vectors: encoders, FAISS, lexical search, fusion and cache."""

"""Words cut clause by clause."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.clause_words import content_words, search_words
from corpora.tokens import content_tokens, search_tokens

TEXTS = st.text(st.sampled_from("用户画像标签体系與数据分析的abcＡ１2.5+#，,；。！:：\n 　、（）①"), max_size=90)


@settings(deadline=None)
@given(TEXTS)
def test_the_words_of_the_whole(text: str) -> None:
    """Cutting clause by clause finds what cutting the text at once does."""
    assert list(content_words(text)) == content_tokens(text)
    assert list(search_words([text])) == search_tokens(text)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_parts_are_separate(parts: list[str]) -> None:
    """Parts are joined by a space, over which no word reaches."""
    assert list(search_words(parts)) == search_tokens(" ".join(parts))


@pytest.mark.parametrize("text", ["", "，。", "直播" * 200])
def test_odd_texts(text: str) -> None:
    """Nothing, nothing but marks, and a clause too long to be remembered."""
    assert list(content_words(text)) == content_tokens(text)

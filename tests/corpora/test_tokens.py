"""Normalising and segmenting: reproducible cuts, the same with either segmenter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import tokens as module
from corpora.standard_json import load_standard
from corpora.tokens import (
    content_tokens,
    domain_terms,
    normalise,
    python_segmenter,
    rust_segmenter,
    search_tokens,
    stopwords,
    tokens,
)

SENTENCES = (
    "掌握短视频运营与用户画像，完成用户拉新、留存、促活和转化。",
    "特别注意私域流量的直播带货，特别是社群裂变与落地页转化率",
    "运用SEO/SEM与C++、3.5%的O2O运营（8.1.1节）",
    "研究生命起源，乒乓球拍卖完了，肯尼亚人",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＳＥＯ　優化", "seo 优化"),
        ("電子商務平臺", "电子商务平台"),
        ("①　３．５％", "1 3.5%"),
        ("", ""),
    ],
)
def test_normalise_unifies_width_case_and_script(text: str, expected: str) -> None:
    """Full width, capitals and traditional characters vanish."""
    assert normalise(text) == expected


def test_terms_of_the_trade_are_one_token() -> None:
    """The domain dictionary keeps terms whole that a general dictionary breaks."""
    assert tokens("短视频的用户画像")[::2] == ["短视频", "用户画像"]
    assert content_tokens("开展私域运营、直播带货与竞品分析") == ["私域", "运营", "直播带货", "竞品分析"]


def test_codes_versions_and_letters_stay_whole() -> None:
    """Runs of letters and digits are one token each, apart from the Han characters beside them."""
    assert tokens("SEO/SEM与C++，8.1.1节O2O运营") == ["seo", "/", "sem", "与", "c++", ",", "8.1.1", "节", "o2o", "运营"]


def test_content_tokens_drop_stop_words_and_punctuation() -> None:
    """Only words that say something about the subject remain."""
    assert content_tokens("能够根据的、与，（）——…… 🙂") == []
    assert content_tokens("能够撰写报告的人员") == ["撰写", "报告", "人员"]


MIXED = "用户画像電商乾隆瞭然的和掌握aZ9+#.．3５ ，。、；（）《》·—…“”-_/:%\n\t\u3000①½é\u0301各🙂𠀀×●"


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(MIXED) | st.characters(exclude_categories=["Cs"]), max_size=30))
def test_content_tokens_are_those_of_the_whole_text(text: str) -> None:
    """Runs that are cut one by one give the tokens that the text has as a whole, whatever its characters."""
    whole = [token for token in tokens(text) if token not in stopwords() and module._WORD.match(token)]
    assert content_tokens(text) == whole
    assert content_tokens(text) == whole  # the remembered ones


def test_real_wording_has_the_content_tokens_of_the_whole_text() -> None:
    """So it is for a standard's wording, one statement or all of them together."""
    texts = [statement.text for statement in load_standard("530701").statements]
    for text in (*texts, "，".join(texts), "".join(texts)):
        whole = [token for token in tokens(text) if token not in stopwords() and module._WORD.match(token)]
        assert content_tokens(text) == whole


def test_search_tokens_add_the_words_inside_a_compound() -> None:
    """A compound is found by its parts, and the compound itself stays."""
    assert search_tokens("用户画像") == ["用户画像", "用户", "画像"]
    assert search_tokens("seo") == ["seo"]


def test_nothing_of_the_text_is_lost() -> None:
    """The tokens joined are the normalised text without white space."""
    for text in (*SENTENCES, "a_b 𠀀𠀁 é ①② 🙂\n\t行业"):
        assert "".join(tokens(text)) == "".join(normalise(text).split())


def test_dictionary_is_normalised_and_without_doubles() -> None:
    """Every term is in the form in which text reaches the segmenter."""
    terms = domain_terms()
    assert 600 <= len(terms) == len(set(terms))
    assert all(normalise(term) == term and module._HAN.match(term) for term in terms)


def test_both_segmenters_cut_alike() -> None:
    """rjieba and jieba give the same tokens on the standard's whole wording, on every term and on hard sentences."""
    texts = [statement.text for statement in load_standard("530701").statements]
    rust, python = rust_segmenter(), python_segmenter()
    for text in (*texts, *SENTENCES, *domain_terms()):
        assert list(module._cut(normalise(text), rust)) == list(module._cut(normalise(text), python))


def test_cuts_do_not_depend_on_the_process() -> None:
    """Another interpreter with another hash seed cuts the same text alike, quickly, without torch."""
    script = (
        "import sys, time; start = time.perf_counter()\n"
        "from corpora.tokens import tokens\n"
        f"print('|'.join(tokens({SENTENCES[0]!r})))\n"
        "assert not {'torch', 'jieba'} & set(sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "|".join(tokens(SENTENCES[0]))

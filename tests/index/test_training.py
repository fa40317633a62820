"""The stages that make the built-in encoder, each on its own and all of them on a toy corpus."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import normalizers

pytest.importorskip("scipy", reason="needs the train extra")
zstandard = pytest.importorskip("zstandard", reason="needs the train extra")

from corpora.expressions import load_expressions  # noqa: E402
from corpora.standard_json import load_standard  # noqa: E402
from corpora.tokens import normalise  # noqa: E402
from eval import retrieval, sts  # noqa: E402
from index.encoders import StaticEncoder  # noqa: E402
from index.training import contrastive, corpus, export, labelled, measure, pairs, vectors, vocabulary  # noqa: E402
from index.training.charmap import charsmap  # noqa: E402
from index.training.tokenizer import build_tokenizer, simplified  # noqa: E402


def test_charsmap_replaces_exactly_the_characters_of_the_map() -> None:
    """The trie that the tokenizers library reads maps every key, keeps everything else, of any length in UTF-8."""
    mapping = {"電": "电", "é": "e", "Ａ": "longer", "𠀀": "四", "鼕": "冬"}
    normalizer = normalizers.Precompiled(charsmap(mapping))
    text = "電话é与Ａ、𠀀𠀁鼕😀\n" + "".join(chr(c) for c in range(0x4E00, 0x5000))
    assert normalizer.normalize_str(text) == "".join(mapping.get(character, character) for character in text)


def test_every_traditional_character_is_simplified_and_no_other_changed() -> None:
    """The whole map survives the double array, and no character outside it takes another's way through the trie."""
    mapping = simplified()
    assert len(mapping) > 3000
    normalizer = normalizers.Precompiled(charsmap(mapping))
    text = "".join(chr(c) for c in (*range(0x20, 0xD800), *range(0xF900, 0xFB00), *range(0x20000, 0x20800)))
    assert normalizer.normalize_str(text) == "".join(mapping.get(character, character) for character in text)


def test_tokenizer_cuts_by_frequency_and_falls_back_on_shorter_words() -> None:
    """The likelier path wins, a word out of the vocabulary falls apart, punctuation vanishes."""
    words = ["研究", "生命", "研究生", "命", "起源", "短", "视频", "seo", "s", "e"]
    frequencies = dict(zip(words, [900, 900, 50, 20, 300, 400, 400, 60, 9, 9], strict=True))
    tokenizer = build_tokenizer(words, frequencies)
    assert tokenizer.encode("研究生命，起源！").tokens == ["研究", "生命", "起源"]
    assert tokenizer.encode("短視頻 ＳＥＯ se").tokens == ["短", "视频", "seo", "s", "e"]
    assert tokenizer.encode("短🙂").ids == [6]
    assert tokenizer.encode("未短").ids == [0, 6]


def test_cooccurrences_count_pairs_in_one_line_only() -> None:
    """Closer pairs weigh more; nothing crosses the end of a line; both directions count."""
    ids = np.array([1, 2, 3, -1, 1, 2, -1], dtype=np.int32)
    counts = vectors.cooccurrences(ids, 4).toarray()
    assert counts[1, 2] == counts[2, 1] == pytest.approx(2)
    assert counts[2, 3] == pytest.approx(1)
    assert counts[1, 3] == pytest.approx(0.8)
    assert counts[3].sum() == pytest.approx(1.8)


def test_cooccurrences_do_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting piece by piece gives what counting at once gives."""
    ids = np.random.default_rng(1).integers(-1, 9, 500).astype(np.int32)
    ids[ids == 0] = 1
    whole = vectors.cooccurrences(ids, 9).toarray()
    monkeypatch.setattr(vectors, "CHUNK", 37)
    assert np.allclose(vectors.cooccurrences(ids, 9).toarray(), whole)


def test_eigenvectors_span_the_leading_subspace() -> None:
    """The randomised decomposition finds the dense one's leading vectors up to sign."""
    import scipy.sparse as sparse

    generator = np.random.default_rng(0)
    basis, _ = np.linalg.qr(generator.standard_normal((80, 80)))
    values = 0.7 ** np.arange(80) * 100
    matrix = sparse.csr_matrix((basis * values) @ basis.T, dtype=np.float32)
    found = vectors.eigenvectors(matrix, 4, generator)
    assert np.abs(np.einsum("ni,ni->i", found, basis[:, :4])) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("loss", ["in_batch", "cosent"])
def test_gradients_are_right(loss: str) -> None:
    """The analytic gradient of each loss agrees with finite differences."""
    generator = np.random.default_rng(5)
    texts = generator.standard_normal((10, 6))
    keys, labels = np.array([0, 1, 1, 2, 3]), np.array([2.0, 0, 1, 1, 2])

    def value(points: np.ndarray) -> tuple[float, np.ndarray]:
        if loss == "in_batch":
            return contrastive.in_batch(points, keys, 0.3)
        return contrastive.cosent(points, labels, 0.3)

    _, gradient = value(texts)
    for row, column in [(0, 0), (2, 3), (4, 5), (5, 1), (9, 2)]:
        step = np.zeros_like(texts)
        step[row, column] = 1e-4
        numeric = (value(texts + step)[0] - value(texts - step)[0]) / 2e-4
        assert gradient[row, column] == pytest.approx(numeric, abs=1e-4)


def test_pairs_of_one_group_are_no_negatives() -> None:
    """Two pairs of the same group that coincide cost nothing."""
    texts = np.array([[1.0, 0], [1, 0], [1, 0], [1, 0]])
    same, _ = contrastive.in_batch(texts, np.array([7, 7]), 0.05)
    other, _ = contrastive.in_batch(texts, np.array([7, 8]), 0.05)
    assert same == pytest.approx(0, abs=1e-5)
    assert other == pytest.approx(np.log(2), abs=1e-5)


def test_a_quantised_model_keeps_its_cosines(tmp_path: Path) -> None:
    """A byte a component moves a cosine by less than a hundredth, and an all-zero row stays zero."""
    table = np.random.default_rng(2).standard_normal((40, 64)).astype(np.float32)
    table *= np.linspace(0, 5, 40, dtype=np.float32)[:, None]
    words = [c for c in map(chr, range(0x4E00, 0x4F00)) if normalise(c) == c][:39]
    build_tokenizer(words, dict.fromkeys(words, 1)).save(str(tmp_path / "tokenizer.json"))
    export.write_model(table, tmp_path / "tokenizer.json", tmp_path / "model")
    found = StaticEncoder(tmp_path / "model").encode(words)
    exact = table[1:] / np.linalg.norm(table[1:], axis=1, keepdims=True)
    assert np.abs(found @ found.T - exact @ exact.T).max() < 0.01


STEEL = "焊接钢板需要控制温度与电流，电弧的长度影响焊缝。钢板的焊缝要检验；焊条与电流决定质量。"
#: A query without a good title, and sentences with a closer and a farther one; the last stands in a measured set.
TRIPLES: dict[str, dict[str, object]] = {
    "qbqtc.dev": {"query": "店铺", "title": "钢板", "label": 0},
    "triclue.train": {"s0": "店铺流量少", "s1": "焊缝太短", "s2": "网店没人来", "label": 2},
    "simclue.train_rank": {"query": "焊条 怎么选", "pos": STEEL, "neg": "店铺怎么选"},
}


def test_leading_components_carry_most() -> None:
    """The rotation keeps every cosine, and sorts the components by what they carry of the frequent tokens."""
    generator = np.random.default_rng(3)
    mixed, _ = np.linalg.qr(generator.standard_normal((8, 8)))
    table = (generator.standard_normal((300, 8)) * 0.5 ** np.arange(8) @ mixed).astype(np.float32)
    rotated = table @ export.principal_axes(table, generator.integers(0, 90, 300))
    assert np.allclose(rotated @ rotated.T, table @ table.T, atol=1e-4)
    spread = np.linalg.norm(rotated, axis=0)
    assert (np.diff(spread) < 0).all()
    assert spread[:2].sum() > 0.6 * spread.sum()


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder laid out as the real one: two subjects, a few lines for every set that the stages read."""
    data = tmp_path_factory.mktemp("toy") / "train"
    shop = "店铺运营需要分析流量与转化，网店的商品定价影响销售。店铺的流量来自搜索与推广；商品详情页决定转化。"
    steel = STEEL
    raw = "\n\n".join(f"# 店铺运营{i}\n{shop}\n{shop}\n# 焊接工艺{i}\n{steel}\n{steel}" for i in range(40))
    _write(data / "raw" / "biz_toy.txt.zst", raw)
    _write(data / "lexicon" / "cilin_ex.txt.zst", "Aa01A01= 店铺 网店\nAa01A02= 焊缝 焊接\nAa01A03# 钢板 商品\n")
    pair = {"a": "店铺的流量", "b": "网店的流量", "label": 1, "query": "焊条怎么选？", "pos": steel}
    names = {*labelled.QUESTION_SETS, *(name for name, *_ in labelled.MEASURED), "simclue.train_positive"}
    for name in names | {"stsb_zh.train"}:
        _write(data / "pairs" / f"{name}.jsonl.zst", json.dumps(pair, ensure_ascii=False))
    for name in labelled.NLI_SETS:
        entailed = {"a": "焊接钢板", "b": "焊接", "label": "entailment"}
        _write(data / "pairs" / f"{name}.jsonl.zst", json.dumps(entailed, ensure_ascii=False))
    for name in {entry[0] for entry in labelled.TITLED}:
        fields = {field: shop for _, *fields in labelled.TITLED for field in fields} | {"keywords": ["店铺", "流量"]}
        _write(data / "pairs" / f"{name}.jsonl.zst", json.dumps(fields, ensure_ascii=False))
    for name, record in TRIPLES.items():
        _write(data / "pairs" / f"{name}.jsonl.zst", json.dumps(record, ensure_ascii=False))
    profile = "# 简介\n专业代码 1\n\n专业名称 电商\n\n专业核心课程：网店运营。\n\n1. 具有店铺运营能力；\n"
    (data.parent / "real" / "moe_profiles").mkdir(parents=True)
    (data.parent / "real" / "moe_profiles" / "x.md").write_text(profile, encoding="utf-8")
    return data


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zstandard.ZstdCompressor().compress(text.encode()))


def test_documents_are_read_with_names_and_weights(toy: Path) -> None:
    """Blank lines part documents; profiles come from beside the training data, a profile each."""
    found = list(corpus.documents(toy))
    assert [name for name, _ in found] == ["biz_toy"] * 40 + ["moe_profiles"] * 2
    assert found[0][1][0] == "# 店铺运营0"
    assert len(found[0][1]) == 6
    assert corpus.weight("moe_profiles") > corpus.weight("biz_toy") == 1


def test_measured_pairs_and_held_out_elements_are_left_out(toy: Path) -> None:
    """No task has a pair that a measured set holds, however it is punctuated, nor the bank of a held-out element."""
    by_name = {task.name: task for task in pairs.tasks(toy)}
    assert [row[:2] for row in by_name["question pairs"].rows] == [("店铺流量少", "网店没人来")]
    assert by_name["graded general questions"].rows == by_name["graded similarity"].rows == []
    assert ("焊条 怎么选", STEEL, 1.0) not in by_name["graded triples"].rows
    assert by_name["synonyms"].rows
    bank = {each.text for each in load_expressions(pairs.CODE) if each.element == "C1.R1.e1"}
    assert bank <= {row[1] for row in by_name["graded expressions"].rows}
    held = {task.name: task for task in pairs.tasks(toy, lambda element: element.startswith("C1.R1."))}
    own = {each.text for each in load_expressions(pairs.CODE) if each.element.startswith("C1.R1.")}
    others = {each.text for each in load_expressions(pairs.CODE) if not each.element.startswith("C1.R1.")}
    others |= {element.text for element in load_standard(pairs.CODE).elements}
    assert not (own - others) & {text for name in EXPRESSIONS for row in held[name].rows for text in row[:2]}


#: The tasks made of the expression bank.
EXPRESSIONS = ("expressions", "graded expressions")


def test_retrieval_sets_are_measured_and_never_trained_on() -> None:
    """The questions that retrieval is measured with are no titled texts."""
    kept = {name for name, *_ in labelled.MEASURED}
    assert {*sts.SETS, *retrieval.SETS} <= kept
    assert not kept & {*labelled.QUESTION_SETS, *labelled.NLI_SETS, *(name for name, *_ in labelled.TITLED)}


def test_the_closer_of_two_sentences_has_the_higher_label(toy: Path) -> None:
    """The set's label says which of the two is closer; both are set against the first."""
    rows = list(labelled.graded_triples(toy))
    assert rows[:2] == [("店铺流量少", "网店没人来", 1.0), ("店铺流量少", "焊缝太短", 0.0)]


def test_near_misses_stand_against_the_element_and_its_teaching(toy: Path) -> None:
    """Each expression is graded against its element's text, and against expressions that teach the element."""
    rows = next(task.rows for task in pairs.tasks(toy) if task.name == "graded expressions")
    element = next(e.text for e in load_standard(pairs.CODE).elements if e.id == "C1.R1.e1")
    bank = [each for each in load_expressions(pairs.CODE) if each.element == "C1.R1.e1"]
    taught = {each.text for each in bank if each.grade == 2}
    for miss in (each for each in bank if each.grade == 0):
        assert (element, miss.text, 0.0) in rows
        assert {row[0] for row in rows if row[1:] == (miss.text, 0.0)} & taught


@pytest.mark.shared
def test_the_shipped_model_finds_what_quotes_teach(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Quotes of the labelled documents for fitting find their elements among the standard's."""
    measure.main(shared / "train")
    line = next(line for line in capsys.readouterr().out.splitlines() if "train/labels" in line)
    assert float(line.split("recall@10 ")[1].split(",")[0]) > 0.78


def test_the_stages_make_a_model_that_tells_subjects_apart(toy: Path, tmp_path: Path) -> None:
    """From raw text to a model folder: lines of one subject are closer than lines of two."""
    out = tmp_path / "out"
    vocabulary.main(toy, out, size=400)
    vectors.main(toy, out, dimension=12)
    contrastive.main(toy, out, steps=30, batch=16)
    export.main(out, tmp_path / "model")
    first, second, other = StaticEncoder(tmp_path / "model").encode(["店铺流量转化", "网店商品销售", "钢板焊缝检验"])
    assert first @ second > first @ other + 0.2
    again = tmp_path / "again"
    vocabulary.main(toy, again, size=400)
    assert (again / "tokenizer.json").read_bytes() == (out / "tokenizer.json").read_bytes()


def test_the_shipped_vocabulary_is_normalised() -> None:
    """No piece of the shipped tokenizer could be missed because text reaches it in another form."""
    from tokenizers import Tokenizer

    from index.encoders import STATIC_MODEL

    tokenizer = Tokenizer.from_file(str(STATIC_MODEL / "tokenizer.json"))
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)[1:]
    assert all(normalise(piece) == piece for piece in pieces[::17])

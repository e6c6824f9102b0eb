from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.playbooks.conftest import FakeEmbedding, no_weights
from tools.playbooks.chunks import corpus_of
from tools.playbooks.company import CompanyDocuments
from tools.playbooks.document import parse_document
from tools.playbooks.embedding import MiniLm, WeightsUnusable
from tools.playbooks.everyday import without_product_names
from tools.playbooks.index import DenseIndex, IndexUnusable
from tools.playbooks.lexical import LexicalIndex
from tools.playbooks.search import PlaybookSearch
from tools.playbooks.shipped import shipped_documents

ON = date(2026, 11, 23)
SPOT = parse_document("company/spot.md", "## Risk\nSpot stops.\n\n## Other\nNothing.", title="spot", kind="company")
CACHE = parse_document("company/cache.md", "## Hits\nThe cache is read.", title="cache", kind="company")


def nearest(index: DenseIndex, question: str, *documents: object) -> str:
    corpus = corpus_of(documents)  # type: ignore[arg-type]
    near = index.nearness(corpus.chunks, [question])
    best = max(near, key=lambda position: near[position]["words"])
    return f"{corpus.sections[best].file} {corpus.sections[best].heading}"


def test_an_index_finds_what_is_near_and_is_made_once(tmp_path: Path) -> None:
    embedding = FakeEmbedding()
    assert nearest(DenseIndex(tmp_path, embedding), "the cache", SPOT, CACHE) == "company/cache.md Hits"
    embedded = len(embedding.texts)
    assert nearest(DenseIndex(tmp_path, embedding), "the spot risk", SPOT, CACHE) == "company/spot.md Risk"
    assert embedding.texts[embedded:] == ["the spot risk"]


def test_a_changed_text_gets_a_new_index_that_embeds_only_what_is_new(tmp_path: Path) -> None:
    embedding = FakeEmbedding()
    index = DenseIndex(tmp_path, embedding)
    nearest(index, "cache", SPOT)
    embedding.texts.clear()
    assert nearest(index, "cache", SPOT, CACHE) == "company/cache.md Hits"
    assert all("cache" in text.lower() for text in embedding.texts)


def test_vectors_made_beforehand_are_taken_as_they_are(tmp_path: Path) -> None:
    embedding = FakeEmbedding()
    ready = {chunk.id: embedding.embed([chunk.text])[0] for chunk in corpus_of((SPOT, CACHE)).chunks}
    embedding.texts.clear()
    nearest(DenseIndex(tmp_path, embedding, lambda: ready), "cache", SPOT, CACHE)
    assert embedding.texts == ["cache"]


def test_another_embedding_does_not_read_the_vectors_of_the_one_before(tmp_path: Path) -> None:
    nearest(DenseIndex(tmp_path, FakeEmbedding("fake-1")), "cache", CACHE)
    other = FakeEmbedding("fake-2")
    nearest(DenseIndex(tmp_path, other), "cache", CACHE)
    assert len(other.texts) > 1


def test_what_a_killed_build_left_behind_is_cleared_and_never_read(tmp_path: Path) -> None:
    (tmp_path / ".building-dead").mkdir()
    (tmp_path / ".building-dead" / "chroma.sqlite3").write_bytes(b"half")
    assert nearest(DenseIndex(tmp_path, FakeEmbedding()), "cache", CACHE) == "company/cache.md Hits"
    assert not (tmp_path / ".building-dead").exists()


def test_a_damaged_index_is_reported_as_unusable(tmp_path: Path) -> None:
    nearest(DenseIndex(tmp_path, FakeEmbedding()), "cache", CACHE)
    for path in tmp_path.rglob("chroma.sqlite3"):
        path.write_bytes(b"not a database" * 100)
    with pytest.raises(IndexUnusable, match="can't be read"):
        nearest(DenseIndex(tmp_path, FakeEmbedding()), "cache", CACHE)


def _search_in_a_process(folder: str) -> list[str]:
    found = PlaybookSearch(Path(folder), FakeEmbedding).find("what are the risks of spot", 3)
    return [f"{passage.file} {passage.heading} {passage.score}" for passage in found.passages]


def test_processes_that_search_at_once_build_one_index_and_find_the_same(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        found = pool.map(_search_in_a_process, [str(tmp_path)] * 3)
    assert found[0] == found[1] == found[2] != []
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1


def test_threads_may_share_one_search(tmp_path: Path) -> None:
    search = PlaybookSearch(tmp_path, FakeEmbedding)
    search.find("cache", 1)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: search.find("risks of spot", 3), range(8)))
    assert all(one == found[0] for one in found)


def test_a_search_finds_the_section_that_answers(tmp_path: Path) -> None:
    found = PlaybookSearch(tmp_path).find("what are the risks of spot instances", 3)
    assert (found.passages[0].file, found.passages[0].heading) == ("playbooks/spot-gpus.md", "Risks")
    assert found.notes == ()
    assert [passage.score for passage in found.passages] == sorted((p.score for p in found.passages), reverse=True)


def test_a_question_about_something_else_finds_nothing(tmp_path: Path) -> None:
    assert PlaybookSearch(tmp_path).find("who won the football match yesterday", 3).passages == ()


def test_without_usable_weights_words_are_compared_and_the_reader_is_told(tmp_path: Path) -> None:
    found = PlaybookSearch(tmp_path, no_weights).find("what are the risks of spot instances", 3)
    assert "playbooks/spot-gpus.md" in {passage.file for passage in found.passages}
    assert "by shared words" in found.notes[0]
    assert "its digest differs" in found.notes[0]


def test_weights_that_are_missing_or_not_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match=r"model\.onnx can't be read"):
        MiniLm.load(weights=tmp_path / "model.onnx")
    (tmp_path / "model.onnx").write_bytes(b"other weights")
    with pytest.raises(WeightsUnusable, match="not the pinned file"):
        MiniLm.load(weights=tmp_path / "model.onnx")


def test_a_document_that_another_process_adds_is_found_at_once(tmp_path: Path) -> None:
    search = PlaybookSearch(tmp_path, FakeEmbedding)
    assert not [p for p in search.find("tag policy", 3).passages if p.file.startswith("company/")]
    (tmp_path / "tagging.md").write_text("# Tagging policy\n\nEvery tag needs an owner; the tag policy is binding.")
    CompanyDocuments(tmp_path).add([tmp_path / "tagging.md"], on=ON)
    assert search.find("tag policy", 3).passages[0].file == "company/tagging.md"
    CompanyDocuments(tmp_path).remove("tagging.md")
    assert not [p for p in search.find("tag policy", 3).passages if p.file.startswith("company/")]


def test_shipped_playbooks_are_read_once() -> None:
    assert shipped_documents() is shipped_documents()


def test_names_of_products_are_told_as_what_they_are() -> None:
    assert (
        without_product_names("Try Claude Haiku first, then Opus on H100s")
        == "Try small model first, then large model on GPU"
    )
    assert without_product_names("is a mini model enough?") == "is a small model enough?"
    assert without_product_names("what about minimal opuscules") == "what about minimal opuscules"


def test_shared_words_find_a_section_by_the_question_that_it_answers() -> None:
    told = "## Deadlines\nAnswers: When must an invoice be paid?\n\nWithin thirty days.\n\n## Other\nNothing here."
    index = LexicalIndex(parse_document("company/terms.md", told, title="terms", kind="company").sections)
    assert [position for position, _ in index.search("who has to have paid the invoice")] == [0]


def test_the_best_passages_come_back_together_once_one_is_near_enough(tmp_path: Path) -> None:
    assert len(PlaybookSearch(tmp_path).find("the bot writes essays where a label would do", 3).passages) == 3
    assert PlaybookSearch(tmp_path).find("how do I renew my passport", 3).passages == ()

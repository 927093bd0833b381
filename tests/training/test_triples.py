"""Triples are read, refused with their line, and split so that nothing is left unseen."""

import gzip

import numpy as np
import pytest

from explorer.errors import ExplorerError, VectorFileError
from explorer.items import Items
from explorer.training.toy_family import RELATIONS, toy_family
from explorer.training.triples import (
    KnowledgeGraph,
    known_heads,
    known_tails,
    read_graph,
    read_triples,
    split_triples,
)


def write(folder, name, data):
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def test_tabs_or_spaces_part_a_triple_and_names_are_numbered_as_they_come(tmp_path):
    tabs = read_triples(
        write(tmp_path, "t.tsv.gz", gzip.compress(b"new york\tin\tusa\nusa\tin\tx"))
    )
    assert list(tabs.entities) == ["new york", "usa", "x"]
    assert tabs.triples.tolist() == [[0, 0, 1], [1, 0, 2]]
    assert tabs.degree.tolist() == [1, 2, 1]
    spaces = read_triples(write(tmp_path, "t.txt", "a  r b\r\n\nb r c\n"))
    assert (list(spaces.entities), len(spaces)) == (["a", "b", "c"], 2)


def test_a_triple_that_comes_twice_counts_once(tmp_path):
    graph = read_triples(write(tmp_path, "t.txt", "a r b\na r b\n"))
    assert len(graph) == 1
    assert str(graph.findings[0]) == "1 repeated triples: counted once"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a r b\na b\n",
            "t.txt, line 2: expected head, relation and tail separated by tabs, found",
        ),
        ("a\tr\t\n", "line 1: expected head, relation and tail"),
        ("\n \n", "holds blank lines only"),
        (b"a r \xff\n", "is not UTF-8"),
    ],
)
def test_what_is_no_triple_is_told_with_its_line(tmp_path, text, told):
    with pytest.raises(VectorFileError) as caught:
        read_triples(write(tmp_path, "t.txt", text))
    assert told in str(caught.value)


def test_files_read_together_share_their_numbers(tmp_path):
    train, valid, test = read_graph(
        write(tmp_path, "train.txt", "a r b\n"), test=write(tmp_path, "test.txt", "b r z\n")
    )
    assert valid is None
    assert train.entities is test.entities
    assert list(train.entities) == ["a", "b", "z"]
    assert test.triples.tolist() == [[1, 0, 2]]


def test_a_split_leaves_every_entity_and_relation_a_triple_to_be_learned_from():
    graph = toy_family(3)
    train, _, test = split_triples(graph, 0.5, seed=2)
    assert len(train) + len(test) == len(graph)
    assert train.degree.min() >= 1
    assert set(train.triples[:, 1]) == set(range(len(RELATIONS)))
    lonely = KnowledgeGraph("t", Items("ab"), Items("r"), np.array([[0, 0, 1]]))
    with pytest.raises(ExplorerError, match="too few triples"):
        split_triples(lonely)


def test_known_ends_are_gathered_by_the_other_end_and_the_relation():
    triples = np.array([[0, 1, 3], [0, 1, 2], [4, 0, 2]], dtype=np.int32)
    tails = known_tails(triples, relations=2)
    assert tails.keys.tolist() == [1, 8]
    assert tails.members[tails.starts[0] : tails.starts[1]].tolist() == [2, 3]
    heads = known_heads(triples, relations=2)
    assert heads.keys.tolist() == [4, 5, 7]
    assert heads.members.tolist() == [4, 0, 0]


def test_in_the_toy_families_grandparents_are_parents_of_parents():
    graph = toy_family()
    facts = {tuple(row) for row in graph.triples.tolist()}
    assert len(facts) == len(graph) > 900
    parent, grand, turned = (
        RELATIONS.index(r) for r in ("parent of", "grandparent of", "child of")
    )
    parents = [(h, t) for h, r, t in facts if r == parent]
    blood = {(g, c) for g, p in parents for q, c in parents if p == q}
    assert blood == {(h, t) for h, r, t in facts if r == grand}
    assert {(t, h) for h, t in parents} == {(h, t) for h, r, t in facts if r == turned}
    assert toy_family().digest == graph.digest != toy_family(seed=2).digest


def test_wordnet_reads_whole(shared_data):
    train, valid, test = read_graph(
        *(
            shared_data(f"graphs/WN18RR/{part}")
            for part in ("train.txt.gz", "valid.txt", "test.txt")
        )
    )
    assert (len(train), len(valid), len(test)) == (86_835, 3_034, 3_134)
    assert len(train.relations) == 11
    assert "dog.n.01" in train.entities

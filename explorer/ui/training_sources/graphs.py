"""Facts of the form head, relation, tail: a knowledge graph becomes a space."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from explorer.evaluation.link_prediction import link_prediction
from explorer.limits import UPLOAD
from explorer.training.complex import ComplExSettings, ComplExTrainer
from explorer.training.knowledge_graph import GraphTrainer
from explorer.training.progress import Trainer
from explorer.training.transe import TransESettings, TransETrainer
from explorer.training.triples import GraphSplit, KnowledgeGraph, read_triples, split_triples
from explorer.ui.text import literal
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.objectives import Objective, SplitExamples, split_plan
from explorer.ui.training_sources.uploads import read_once

OBJECTIVES = {
    "TransE": Objective(
        "A relation is a step: head + relation is near tail.", TransETrainer, TransESettings
    ),
    "ComplEx": Objective(
        "A fact is scored by a product of complex numbers, so that a relation may hold one way "
        "only.", ComplExTrainer, ComplExSettings,
    ),
}  # fmt: skip
SETTINGS = ("dimensions", "epochs", "learning_rate", "margin", "regularization")
HELD_OUT = 0.1
SMALL = 20_000  # facts, learned in seconds


def toy_family_plan() -> Plan:
    """Made-up families, who is whose parent, child, uncle."""
    st.caption(
        "Some 160 persons of 12 made-up families and who is whose parent, sibling, uncle (seed 1). "
        "A tenth of the facts is held out: can they be told from the others?"
    )
    lines = "from explorer.training.toy_family import toy_family\ngraph = toy_family()"
    graph, split = _toy()
    return _plan(graph, split, "the toy families", lines)


@st.cache_resource(max_entries=1, show_spinner=False)
def _toy() -> tuple[KnowledgeGraph, GraphSplit]:
    """The same for all visitors."""
    from explorer.training.toy_family import toy_family

    graph = toy_family()
    return graph, split_triples(graph, HELD_OUT, seed=1)


def own_graph() -> Plan | None:
    """A table of triples, a fact a line."""
    file = st.file_uploader("Facts: head, relation, tail, separated by tabs", key="train_graph")
    if file is None:
        st.info("Upload a table of facts, one a line, such as WN18RR's train.txt.")
        return None
    lines = (
        f"from explorer.training.triples import read_triples\ngraph = read_triples({file.name!r})"
    )

    def read() -> tuple[KnowledgeGraph, GraphSplit]:
        graph = read_triples(file, limits=UPLOAD)
        return graph, split_triples(graph, HELD_OUT, seed=1)

    graph, split = read_once("train_triples", file, None, read)
    met = "; ".join(str(finding) for finding in graph.findings)
    st.caption(
        f"{len(graph):,} facts of {len(graph.entities):,} entities in {len(graph.relations):,} "
        f"relations." + (f" {literal(met, 500)}." if met else "")
    )
    return _plan(graph, split, file.name, lines)


def _plan(graph: KnowledgeGraph, split: GraphSplit, source: str, lines: str) -> Plan:
    python = (
        f"{lines}\nfrom explorer.training.triples import split_triples\n"
        f"split = split_triples(graph, {HELD_OUT}, seed=1)\n"
        "train, held_out = split.train, split.test"
    )
    return split_plan(
        SplitExamples(source, {"graph": graph.digest}, split.train, split.test, python),
        OBJECTIVES, SETTINGS, key="train_graph_objective", watched=tuple(graph.entities[:2]),
        report=lambda trainer: _quality(trainer, split), toy=len(graph) < SMALL,
    )  # fmt: skip


def _quality(trainer: Trainer, split: GraphSplit) -> dict[str, list[Any]]:
    """How high the true heads and tails of held-out facts stand, beside guessing."""
    asked = split.test or split.valid
    if asked is None:
        return {"measure": ["MRR, filtered"], "value": ["nothing is held out"]}
    others = [part for part in split.parts if part is not asked and part is not split.train]
    found = link_prediction(cast(GraphTrainer, trainer), asked, split.train, others)
    return {
        "measure": ["MRR, filtered", "MRR by guessing", "Hits@1", "Hits@10"],
        "value": [found.mean_reciprocal_rank, found.chance, found.hits(1), found.hits(10)],
    }

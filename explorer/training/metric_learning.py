"""A map learned over given vectors, so that neighbours share a label.

triplet   an item is to be nearer to one of its label than to one of another, by a margin
softmax   the label is to be told from the embedding by a linear head, which is then thrown away
InfoNCE   one of its label is to be told from all of other labels in the batch, by the cosine

Some of every label is held out: whether the map serves items it never saw is asked by
`retrieval_before_and_after`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.evaluation.retrieval import LabelRetrieval, label_retrieval
from explorer.metadata import categories
from explorer.space import EmbeddingSpace, FloatArray, Provenance
from explorer.training.checkpoint import (
    items_from,
    metadata_from,
    plain_items,
    plain_metadata,
)
from explorer.training.dense_map import Adam, backward, forward, make_map
from explorer.training.label_batches import LabelBatches, hold_out
from explorer.training.metric_losses import cross_entropy, info_nce, triplet_loss
from explorer.training.setting import check_settings, setting
from explorer.training.stepwise import StepwiseTrainer

OBJECTIVES = ("triplet", "softmax", "infonce")
TITLES = {"triplet": "Triplet loss", "softmax": "Softmax classifier", "infonce": "InfoNCE"}
HELD_OUT_BATCHES = 4
MOST_QUERIES = 2_000


@dataclass(frozen=True)
class MetricSettings:
    """The choices of metric learning; ExplorerError for one out of range."""

    objective: str = setting("triplet", "what the map is taught by", choices=OBJECTIVES)
    dimensions: int = setting(16, "numbers in each new vector", least=1, most=1024)
    hidden: int = setting(64, "units of a hidden layer; 0 for a linear map", least=0, most=4096)
    epochs: int = setting(40, "passes over the training items", least=1, most=10_000)
    learning_rate: float = setting(0.01, "size of the first steps; falls to zero", above=0)
    mining: str = setting(
        "semi-hard", "which negatives a triplet takes", choices=("random", "semi-hard", "hard")
    )
    margin: float = setting(0.5, "how much nearer the positive has to be", above=0)
    distance: str = setting(
        "euclidean", "the distance of the triplet loss", choices=("euclidean", "cosine")
    )
    temperature: float = setting(0.1, "InfoNCE: lower looks at the nearest only", above=0)
    batch_labels: int = setting(16, "labels in a batch, at most", least=2, most=1024)
    batch_items: int = setting(8, "items of each label in a batch, at most", least=2, most=256)
    weight_decay: float = setting(0.01, "pull of the map's weights towards zero", least=0)
    held_out: float = setting(0.2, "share of each label kept for measuring", least=0, most=0.9)
    seed: int = setting(1, "start of all random numbers", least=0)

    def __post_init__(self) -> None:
        check_settings(self)

    @property
    def trained_with(self) -> str:
        """The similarity under which the new vectors are meant to be read."""
        return {"triplet": self.distance, "softmax": "cosine", "infonce": "cosine"}[self.objective]


class MetricTrainer(StepwiseTrainer):
    """Learns a map of a space's vectors from one of its metadata columns.

    space : the vectors to start from
    label : the column that names each item's label; items whose label is empty are mapped, but
        nothing is learned from them
    """

    kind = "metric learning"
    unit = "batches"
    first_piece = 1

    def __init__(
        self, space: EmbeddingSpace, label: str, settings: MetricSettings = MetricSettings()
    ) -> None:
        self.names, self.codes = _label_codes(space, label)
        self.original, self.label, self.settings = space, label, settings
        known = np.flatnonzero(self.codes >= 0)
        labels = self.codes[known]
        generator = np.random.default_rng((settings.seed, 0))
        held_out = hold_out(labels, settings.held_out, generator)
        self.training, self.held_out = known[~held_out], known[held_out]
        least = 1 if settings.objective == "softmax" else 2
        self._batches = LabelBatches(self.training, self.codes[self.training], least)
        self._measured = LabelBatches(self.held_out, self.codes[self.held_out], least)
        if not self._batches.groups:
            raise ExplorerError(
                f"No label of column {label!r} has two training items to draw together; choose "
                "another column, hold out less, or learn with softmax."
            )
        super().__init__(self._batches_an_epoch(), settings.epochs, settings.learning_rate)
        some = space.vectors[self.training].astype(np.float64)
        self._mean = some.mean(axis=0).astype(np.float32)
        self._scale = np.float32(1 / max(float(some.std(axis=0).max()), 1e-12))
        parameters = make_map(space.dimensions, settings.hidden, settings.dimensions, generator)
        if settings.objective == "softmax":
            parameters["heads"] = np.zeros((len(self.names), settings.dimensions), np.float32)
            parameters["biases"] = np.zeros(len(self.names), np.float32)
        self._adam = Adam(parameters, settings.weight_decay)

    def _batches_an_epoch(self) -> int:
        """As many batches as it takes to draw as many items as there are."""
        chosen = self.settings
        sizes = [min(len(group), chosen.batch_items) for group in self._batches.groups]
        size = float(np.mean(sizes)) * min(len(sizes), chosen.batch_labels)
        batches: int = max(1, round(len(self.training) / size))
        return batches

    def _train(self, count: int) -> tuple[int, float]:
        loss = 0.0
        for number in range(self.examples, self.examples + count):
            generator = np.random.default_rng((self.settings.seed, 1, number))
            rows = self._draw(self._batches, generator)
            X = self._scaled(rows)
            batch_loss, gradients = loss_and_gradients(
                self._adam.parameters, X, self.codes[rows], self.settings, generator
            )
            rate = self.settings.learning_rate * (1 - number / self.total)
            self._adam.step(gradients, rate, number + 1)
            loss += batch_loss
        return count, loss

    def _draw(self, batches: LabelBatches, generator: np.random.Generator) -> NDArray[np.int64]:
        return batches.draw(self.settings.batch_labels, self.settings.batch_items, generator)

    def _scaled(self, rows: NDArray[np.int64] | slice) -> FloatArray:
        """The given vectors, less the training items' mean, the widest dimension at spread 1."""
        scaled: FloatArray = (self.original.vectors[rows] - self._mean) * self._scale
        return scaled

    def _held_out_loss(self) -> float | None:
        if not self._measured.groups:
            return None
        losses = []
        for number in range(HELD_OUT_BATCHES):  # the same batches each time
            generator = np.random.default_rng((self.settings.seed, 2, number))
            rows = self._draw(self._measured, generator)
            loss, _ = loss_and_gradients(
                self._adam.parameters,
                self._scaled(rows),
                self.codes[rows],
                self.settings,
                generator,
            )
            losses.append(loss)
        return float(np.mean(losses))

    def vectors(self) -> FloatArray:
        """(n, dimensions) every item through the map as it is now, held-out ones too."""
        mapped = np.empty((len(self.original), self.settings.dimensions), dtype=np.float32)
        for rows in row_blocks(len(mapped), self.original.dimensions):
            mapped[rows] = forward(self._adam.parameters, self._scaled(rows))[0]
        return mapped

    def space(self) -> EmbeddingSpace:
        """The items in the new space; column "part" tells which of them were held out."""
        part = np.full(len(self.original), "no label", dtype=object)
        part[self.training], part[self.held_out] = "training", "held out"
        title, old = TITLES[self.settings.objective], self.original
        return EmbeddingSpace(
            name=f"{title} on {old.name}",
            items=old.items,
            vectors=self.vectors(),
            provenance=self._provenance(title, f"{self.label} of {old.name}", old.digest),
            metadata=old.metadata.with_column("part", part),
            trained_with=self.settings.trained_with,
            images=old.images,
        )

    def _parameters(self) -> dict[str, NDArray[Any]]:
        return self._adam.state()

    def _about(self) -> dict[str, Any]:
        old = self.original
        return {
            "settings": asdict(self.settings),
            "label": self.label,
            "name": old.name,
            "source": str(old.provenance),
            "items": plain_items(old.items),
            "metadata": plain_metadata(old.metadata),
        }

    def _data(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {"vectors": self.original.vectors}
        return (
            arrays if self.original.images is None else {**arrays, "images": self.original.images}
        )

    @classmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        items = items_from(about["items"])
        space = EmbeddingSpace(
            name=about["name"],
            items=items,
            vectors=arrays["vectors"],
            provenance=Provenance(about["source"]),
            metadata=metadata_from(about["metadata"], len(items)),
            images=arrays.get("images"),
        )
        return cls(space, about["label"], MetricSettings(**about["settings"]))


def loss_and_gradients(
    parameters: dict[str, NDArray[Any]],
    X: NDArray[Any],
    labels: NDArray[np.int64],
    settings: MetricSettings,
    generator: np.random.Generator,
) -> tuple[float, dict[str, NDArray[Any]]]:
    """The mean loss of a batch and the gradient of every parameter."""
    Z, active = forward(parameters, X)
    more: dict[str, NDArray[Any]] = {}
    if settings.objective == "triplet":
        loss, dZ = triplet_loss(
            Z, labels, settings.margin, settings.mining, settings.distance, generator
        )
    elif settings.objective == "infonce":
        loss, dZ = info_nce(Z, labels, settings.temperature)
    else:
        loss, dZ, more["heads"], more["biases"] = cross_entropy(
            Z, labels, parameters["heads"], parameters["biases"]
        )
    return loss, backward(parameters, X, active, dZ) | more


class BeforeAndAfter(NamedTuple):
    """The same held-out items among the same training items, in the old space and in the new."""

    before: LabelRetrieval
    after: LabelRetrieval


def retrieval_before_and_after(trainer: MetricTrainer, k: int = 5) -> BeforeAndAfter:
    """How well a held-out item's label is found among the training items.

    Both spaces are read by the similarity the new one is trained for; 2,000 held-out items are
    asked at most, evenly taken.
    """
    if len(trainer.held_out) == 0:
        raise ExplorerError("No items are held out; train with held_out above 0.")
    asked = trainer.held_out[:: 1 + (len(trainer.held_out) - 1) // MOST_QUERIES]
    gallery, codes = trainer.training, trainer.codes

    def measured(vectors: FloatArray) -> LabelRetrieval:
        return label_retrieval(
            vectors[gallery], codes[gallery], vectors[asked], codes[asked],
            k=min(k, len(gallery)), metric=trainer.settings.trained_with,
        )  # fmt: skip

    return BeforeAndAfter(measured(trainer.original.vectors), measured(trainer.vectors()))


def _label_codes(space: EmbeddingSpace, label: str) -> tuple[list[str], NDArray[np.int64]]:
    """The labels' names, and each item's label by number, -1 for none."""
    if label not in space.metadata:
        columns = ", ".join(space.metadata) or "no columns"
        raise ExplorerError(f"{space.name} has no column {label!r}; it has {columns}.")
    column = space.metadata[label]
    if column.dtype == np.float64:
        raise ExplorerError(
            f"Column {label!r} holds numbers with fractions, not labels; choose a column of "
            "categories."
        )
    names, codes, _ = categories(column)
    number = {name: at for at, name in enumerate(name for name in names if name)}
    places = np.array([number.get(name, -1) for name in names], dtype=np.int64)
    if len(number) < 2:
        raise ExplorerError(
            f"Column {label!r} holds {len(number)} label{'' if len(number) == 1 else 's'}; two or "
            "more are needed, to tell them apart."
        )
    return list(number), places[codes]

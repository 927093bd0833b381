"""A map from vectors to vectors, linear or with one hidden layer, its gradients, and Adam.

linear           z = x A + a
hidden layer     z = max(0, x H + h) A + a
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Parameters = dict[str, NDArray[Any]]
FIRST_DECAY, SECOND_DECAY, SMALLEST = 0.9, 0.999, 1e-8


def make_map(inputs: int, hidden: int, outputs: int, generator: np.random.Generator) -> Parameters:
    """Random weights, float32, so scaled that lengths stay about the same (He et al. 2015).

    hidden : 0 for a linear map
    """
    parameters: Parameters = {}
    last = hidden or inputs
    if hidden:
        parameters["H"] = _normal(generator, (inputs, hidden), np.sqrt(2 / inputs))
        parameters["h"] = np.zeros(hidden, dtype=np.float32)
    parameters["A"] = _normal(generator, (last, outputs), np.sqrt(1 / last))
    parameters["a"] = np.zeros(outputs, dtype=np.float32)
    return parameters


def forward(parameters: Mapping[str, Array], X: Array) -> tuple[Array, Array]:
    """(m, inputs) -> (m, outputs) Z, and the (m, last) activations that `backward` needs."""
    active = np.maximum(X @ parameters["H"] + parameters["h"], 0) if "H" in parameters else X
    return active @ parameters["A"] + parameters["a"], active


def backward(
    parameters: Mapping[str, Array], X: Array, active: Array, dZ: Array
) -> dict[str, Array]:
    """Gradients of all parameters, from dloss/dZ."""
    gradients = {"A": active.T @ dZ, "a": dZ.sum(axis=0)}
    if "H" in parameters:
        d_active = (dZ @ parameters["A"].T) * (active > 0)
        gradients |= {"H": X.T @ d_active, "h": d_active.sum(axis=0)}
    return gradients


class Adam:
    """Steps down a gradient, each number's step scaled by the gradients it has seen.

    Kingma & Ba, Adam: a method for stochastic optimization, ICLR 2015; weights decay apart from
    the gradient (Loshchilov & Hutter, Decoupled weight decay regularization, ICLR 2019).
    """

    def __init__(self, parameters: Parameters, weight_decay: float) -> None:
        self.parameters = parameters
        self.weight_decay = weight_decay
        self.means = {name: np.zeros_like(array) for name, array in parameters.items()}
        self.squares = {name: np.zeros_like(array) for name, array in parameters.items()}

    def step(self, gradients: Mapping[str, Array], rate: float, number: int) -> None:
        """Change the parameters in place; number : of the step, from 1."""
        for name, array in self.parameters.items():
            gradient, mean, square = gradients[name], self.means[name], self.squares[name]
            mean += (1 - FIRST_DECAY) * (gradient - mean)
            square += (1 - SECOND_DECAY) * (gradient * gradient - square)
            unbiased = np.sqrt(square / (1 - SECOND_DECAY**number)) + SMALLEST
            array -= rate * (mean / (1 - FIRST_DECAY**number) / unbiased)
            if array.ndim > 1:  # biases do not decay
                array -= rate * self.weight_decay * array

    def state(self) -> Parameters:
        """Everything a later step depends on, by name; the arrays themselves."""
        return {
            **self.parameters,
            **{f"mean {name}": array for name, array in self.means.items()},
            **{f"square {name}": array for name, array in self.squares.items()},
        }


def _normal(
    generator: np.random.Generator, shape: tuple[int, int], scale: float
) -> NDArray[np.float32]:
    return generator.standard_normal(shape, dtype=np.float32) * np.float32(scale)

"""Fisher's Iris data: 150 flowers, 50 of each of three species.

Source: R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7
(1936) 179-188, Table I. Rows 35 and 38 are as Fisher printed them, not as in the widespread copy
that differs from the paper in both.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CLASSES = ("setosa", "versicolor", "virginica")
MEASURED = ("sepal_length", "sepal_width", "petal_length", "petal_width")


class Iris(NamedTuple):
    """features (150, 4) in cm, in the order of MEASURED; labels (150,), places in classes, from 0."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


def iris() -> Iris:
    """The data in Fisher's order: setosa, versicolor, virginica.

    >>> flowers = iris()
    >>> flowers.features.shape, flowers.features[0].tolist(), flowers.classes[flowers.labels[0]]
    ((150, 4), [5.1, 3.5, 1.4, 0.2], 'setosa')
    """
    with files("derive.examples").joinpath("iris.csv").open(encoding="utf-8") as table:
        rows: list[dict[str, Any]] = list(csv.DictReader(table))
    features = np.array([[float(row[name]) for name in MEASURED] for row in rows])
    labels = np.array([CLASSES.index(row["species"]) for row in rows], dtype=np.int64)
    return Iris(features, labels, CLASSES)

"""Pictures to test with: graphs of every shape, networks, plots, and names that mean harm."""

from __future__ import annotations

import random

from derive.core.term import d, lift, sym
from derive.document.figures import (
    Axis,
    Curve,
    Graph,
    GraphNode,
    Layer,
    Network,
    Panel,
    Plot,
    Point,
)
from derive.document.language import load_language
from derive.document.nodes import Equation, Message, Name, Number, Picture, Slot
from derive.document.pictures import (
    entropy_and_squares,
    loss_over_parameter,
    network_figure,
    sigmoid_and_step,
    surface,
    training_curve,
)
from derive.render.mathtext import labels
from derive.render.wording import Wording

NASTY = 'a_b$#{x}%\\"<>|*`~^&@ --> </svg><script>'
CAPTION, ALT = Message("figure.path"), Message("figure.graph-alt", {"nodes": Name(NASTY)})


def wording(language: str = "pt") -> Wording:
    return Wording({("b", 1): "3"}, load_language(language), str, str)


def say(language: str = "pt"):
    return labels(wording(language))


def number(value: float) -> tuple[Slot, ...]:
    return (Number(value, 2),)


def product() -> Graph:
    """(a + b) c at a = 2, b = -3, c = 4."""
    a, b, c, q, f = map(sym, "abcqf")
    return Graph((
        GraphNode("a", a, (), number(2), number(4)),
        GraphNode("b", b, (), number(-3), number(4)),
        GraphNode("c", c, (), number(4), number(-1)),
        GraphNode("q", Name("+"), ("a", "b"), number(-1), number(4), name=q),
        GraphNode("f", Name("×"), ("q", "c"), number(-4), number(1), name=f),
    ))  # fmt: skip


def layer(classes: int = 3, width: int = 2) -> Graph:
    """One layer with softmax and loss: every input is used by every class, every logit by every probability."""
    W, h, b, z, p = map(sym, ("W", "h", "b", "z", "p"))
    rows, columns = range(1, classes + 1), range(1, width + 1)
    nodes = [GraphNode(f"h{j}", h[j], (), number(j / 2), number(-0.123)) for j in columns]
    for k in rows:
        nodes += [GraphNode(f"W{k}{j}", W[k, j], (), number(k - j), number(0.2)) for j in columns]
        nodes.append(GraphNode(f"b{k}", b[k], (), number(0.1), number(0.3)))
        takes = (*(f"W{k}{j}" for j in columns), *(f"h{j}" for j in columns), f"b{k}")
        nodes.append(GraphNode(f"z{k}", z[k], takes, number(0.7), number(0.3), (number(0.25),) * len(takes)))
    logits = tuple(f"z{k}" for k in rows)
    for k in rows:
        nodes.append(GraphNode(f"p{k}", p[k], logits, number(0.33), number(-3), (number(-0.11),) * classes))
    nodes.append(GraphNode("L", sym("L"), tuple(f"p{k}" for k in rows), number(1.1), number(1)))
    return Graph(tuple(nodes))


def tangled(seed: int) -> Graph:
    """Any graph: long ways, several outputs, labels of many lengths, vectors, numbers that are missing."""
    chance = random.Random(seed)
    nodes: list[GraphNode] = []
    for n in range(chance.randint(2, 16)):
        takes = tuple(chance.sample([node.key for node in nodes], min(len(nodes), chance.choice((0, 1, 2, 2, 3)))))
        values = [tuple(Number(chance.uniform(-99, 99), 2) for _ in range(chance.choice((0, 1, 1, 1, 3))))] * 2
        label = Name("x" * chance.choice((1, 1, 1, 3, 12)))
        back = tuple(number(chance.uniform(-9, 9)) for _ in takes) if chance.random() < 0.5 else ()
        name = sym("v")[n] if chance.random() < 0.5 else None
        nodes.append(GraphNode(f"n{n}", label, takes, *values, back, name))
    return Graph(tuple(nodes))


GRAPHS = {"product": product(), "layer": layer(), "wide": layer(2, 4)} | {f"any {n}": tangled(n) for n in range(25)}


def small_network(weights: int = 10) -> Network:
    lines = [(n, i, j) for n, (a, b) in enumerate(((2, 2), (2, 3))) for i in range(a) for j in range(b)][:weights]
    x, h, z = (sym(name) for name in "xhz")
    return Network(
        (
            Layer(Name("entrada"), (x[1], x[2]), (Name("largura da pétala"), Name("largura da sépala"))),
            Layer(Name("uma camada oculta de nome comprido"), (h[1], h[2]), function=Name("ReLU")),
            Layer(Name("saída"), (z[1], z[2], z[3]), (Name("setosa"), Name("versicolor"), Name(NASTY))),
        ),
        tuple((line, Number(n - 2.345, 2)) for n, line in enumerate(lines)),
        frozenset({(1, 0, 0), (1, 1, 0)}),
    )


def deep_network() -> Network:
    sizes = (4, 4, 3, 3)
    return Network(
        tuple(Layer(Name(f"camada {n}"), tuple(sym("h")[n, i] for i in range(1, k + 1))) for n, k in enumerate(sizes))
    )


def descent() -> Picture:
    x = [n / 10 for n in range(-40, 41)]
    path = [3.0, 1.2, 0.48, 0.19]
    return loss_over_parameter("b3", sym("b")[1], (x, [u * u for u in x]), (path, [u * u for u in path]), 6.0)


def hills() -> Picture:
    grid = [n / 10 for n in range(-20, 21)]
    heights = [[u * u + 3 * v * v for u in grid] for v in grid]
    path = ([1.8, 1.1, 0.6], [1.6, 0.4, 0.1])
    return surface("hills", (sym("w")[1], sym("w")[2]), grid, grid, heights, path)


def nasty() -> Picture:
    backslash = Message("figure.place", {"name": sym("b")[1], "number": Name("\\")})
    panel = Panel(
        Axis(Name(NASTY)), Axis(Name("$x^$")), (Curve((0.0, 1.0), (0.0, 1.0), Name(NASTY)),),
        (Point(0.5, 0.5, Name(NASTY)), Point(0.2, 0.3, backslash)),
        title=Equation((d(sym("L"), sym("b")[1]), lift(0))),
    )  # fmt: skip
    return Picture("nasty", Message("figure.place", {"name": Name(NASTY), "number": Name("1")}), ALT, Plot((panel,)))


PICTURES = {
    picture.label: picture
    for picture in (
        sigmoid_and_step(), entropy_and_squares(), descent(), training_curve("training", [1.1, 0.7, 0.5, 0.45]),
        training_curve("diverged", [1.0, 50.0, 1e9, 1e20], log=True), hills(), nasty(),
        Picture("graph", CAPTION, ALT, product()), Picture("layer", CAPTION, ALT, layer()),
        network_figure(small_network().layers, "network", CAPTION, weights=small_network().weights),
    )
}  # fmt: skip

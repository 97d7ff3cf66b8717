"""How derivatives are written in a document, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.core.term import Term, sym

LAYERED = re.compile(r"([^\W\d_]+)__([0-9]+|l|next|before)")
GENERAL = {"next": "l + 1", "before": "l − 1"}  # the layers beside any layer l


@dataclass(frozen=True)
class Style:
    """How derivatives and entries are written.

    ordinary: the variables x whose derivatives are written d/dx rather than ∂/∂x. errors: the loss of one example,
    whose derivative by a pre-activation s__2[k] is written δ with the layer above; "" where there is none.
    labelled: which index of a family counts classes, from 0; the first unless it is named here. letters: what is
    shown for a letter, where a notation calls it otherwise. typed: whether every letter stays as its author typed it.
    """

    ordinary: frozenset[str] = frozenset()
    errors: str = ""
    labelled: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    typed: bool = False

    def called(self, letters: Mapping[str, str]) -> Style:
        """The same in a notation."""
        return replace(self, letters=letters) if letters and not self.typed else self

    @property
    def spelled(self) -> Style:
        """The same with every derivative written out."""
        return replace(self, errors="") if self.errors else self

    def error(self, t: Term) -> Term | None:
        """The δ that a derivative is called: delta__2[k] for the derivative of the loss by s__2[k].

        >>> from derive.core.term import d
        >>> loss, s, k = sym("L"), sym("s__2"), sym("k")
        >>> Style(errors="L").error(d(loss, s[k])), Style().error(d(loss, s[k]))
        (delta__2[k], None)
        """
        of, by = t.args
        if not self.errors or by.op != "elem" or str((of.args or (of,))[0].value) != self.errors:
            return None
        letter, layer = layer_of(str(by.args[0].value))
        rows = of.args[1:]  # of a batch: the loss of an example by the pre-activations of the same one
        if letter != "s" or not layer or by.args[1 : len(rows) + 1] != rows or len(by.args) != len(rows) + 2:
            return None
        return sym(f"delta__{str(by.args[0].value).partition('__')[2]}")[by.args[1:]]


PLAIN = Style()
TYPED = Style(typed=True)


def layer_of(name: str) -> tuple[str, str]:
    """The letter of a family and its layer, which stands above it; "" for a family of no layer.

    >>> layer_of("W__2"), layer_of("x")
    (('W', '2'), ('x', ''))
    """
    found = LAYERED.fullmatch(name)
    return (found[1], GENERAL.get(found[2], found[2])) if found else (name, "")

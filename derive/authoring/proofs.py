"""The calls that prove, and those that tell what was proved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.values import Blocks, Inline, Net, Proved
from derive.core.term import walk
from derive.derivation.kinds import kind_of
from derive.document import explain, proof_blocks
from derive.document.evidence_table import Checked, evidence_table
from derive.document.nodes import (
    Block,
    Equation,
    Excerpt,
    Formula,
    Line,
    ProofLines,
    Setting,
    Slot,
    Statement,
    Within,
)
from derive.errors import UsageError
from derive.proofs.proof import Proof

A_PROOF = "what prove(...), lemma(...) or network(...) gives"
SEVERAL = "several-steps"
NAMELESS = ("title.derivative", "title.higher-derivative")
LONGEST_FORMULA = 40  # parts of one that fits a cell of a table


def prove(author: Author, what: object, wrt: str | None = None, *, batch: bool = False, **options: Any) -> Proved:
    """Prove a derivative: of a formula, of a problem of the catalogue, or of a network."""
    author.counted()
    if isinstance(what, Net):
        _refuse(options, "a network")
        return Proved(what.network.prove(wrt or "all", bool(batch), author.witnesses))
    text = need(what, str, 'a formula in quotes, a name that "derive list" shows, or network(...)')
    from derive.derivation import named
    from derive.derivation import prove as proved

    known = {"order", "hessian"} if not named(text) else {"classes", "target", "inputs", "road"}
    if strangers := sorted(set(options) - known):
        raise LectureError(f"prove({text!r}) has no {strangers[0]}; it has wrt, {', '.join(sorted(known))}")
    if not named(text):
        options["decimal"] = author.language.decimal
    return Proved(proved(text, wrt, witnesses=author.witnesses, **options))


def lemma(author: Author, name: str) -> Proved:
    """A lemma of the catalogue, proved."""
    author.counted()
    from derive.derivation.prove import lemma as proved

    return Proved(proved(need(name, str, "the name of a lemma, in quotes"), author.witnesses))


def network(author: Author, described: object) -> Net:
    """A network, from a .toml file in the lecture's folder or from a dict of the same shape."""
    from derive.derivation.network import network as read

    if isinstance(described, str):
        return Net(read(author.toml(described)))
    return Net(read(need(described, dict, "the name of a .toml file, or a dict")))


def setting(proved: Proved) -> Setting:
    """How the terms of a derivation are written."""
    return Setting(proved.told.chain.labels, proved.told.style)


def theorem(
    author: Author, proved: Proved, name: str | None = None, *, title: object = None, label: str | None = None
) -> Blocks:
    """The statement of a theorem in a box with a number, and all that it rests on. title: in place of its usual one."""
    proof = chosen(proved, name)
    return Blocks((_excerpt(proved, [_stated(author, proved, proof, title, label)]),))


def statement(author: Author, proved: Proved, name: str | None = None) -> Inline:
    """What a theorem says as a formula: in a sentence, or displayed."""
    told = chosen(proved, name).theorem
    equation = Equation((told.left, told.right))
    formula = Formula(author.labels.of(f"formula-{told.name}"), equation)
    return Inline(Within(equation, setting(proved)), (_excerpt(proved, [formula]),))


def lines(
    author: Author, proved: Proved, name: str | None = None, *, detail: str | None = None,
    only: Sequence[int] | None = None,
) -> Blocks:  # fmt: skip
    """The lines of a proof, or some of them, each with its rule."""
    return Blocks((_excerpt(proved, [_derived(author, proved, chosen(proved, name), detail, only)]),))


def derivation(
    author: Author, proved: Proved, name: str | None = None, *, detail: str | None = None, title: object = None,
    label: str | None = None,
) -> Blocks:  # fmt: skip
    """A theorem and the lines of its proof."""
    proof = chosen(proved, name)
    stated = _stated(author, proved, proof, title, label)
    return Blocks((_excerpt(proved, [stated, _derived(author, proved, proof, detail, None)]),))


def definitions(author: Author, proved: Proved, *names: str) -> Blocks:
    """What the letters of a proof stand for, all of them or those that are named."""
    known = need(proved, Proved, A_PROOF).told.chain.context.definitions
    if unknown := [name for name in names if name not in known]:
        raise LectureError(f'there is no definition of "{unknown[0]}"; there are {", ".join(known)}')
    formulas = [proof_blocks.defined(known[name]) for name in names or known]
    return Blocks((_excerpt(proved, [replace(each, label=author.labels.of(each.label)) for each in formulas]),))


def results(author: Author, proved: Proved, *names: str) -> Blocks:
    """A table of what was proved, one row a derivative."""
    need(proved, Proved, A_PROOF)
    single = proved.told.single or (proved.told.proof,)
    proofs = [chosen(proved, name) for name in names] or single
    table = proof_blocks.results_table(author.labels.of("results"), [proof.theorem for proof in proofs])
    return Blocks((_excerpt(proved, [table]),))


def evidence(author: Author, *proved: Proved) -> Blocks:
    """Who checked a proof in this run, and what they found; several proofs in one table."""
    if len(proved) > 1:
        return Blocks((evidence_table([_checked(author, each) for each in proved]),))
    one = need(proved[0] if proved else None, Proved, A_PROOF)
    box = proof_blocks.evidence(author.labels.of("evidence"), one.told.verdicts, kind_of(one.told.chain).about)
    return Blocks((_excerpt(one, [box]),))


def chosen(proved: Proved, name: object) -> Proof:
    """One of the proofs, by its name, or the main one."""
    told = need(proved, Proved, A_PROOF).told
    try:
        return told.proof_named(name)  # type: ignore[no-any-return]
    except UsageError:
        raise LectureError(f'there is no theorem "{name}" in this proof; there are {", ".join(told.proofs)}') from None


def _checked(author: Author, proved: Proved) -> Checked:
    """A proof for a table; its main statement is that of its main theorem, or else the last that was told."""
    told = need(proved, Proved, A_PROOF).told
    main = told.proof.theorem.name
    known = {proof.theorem.name: proof for proof in (*told.proofs.values(), told.proof)}
    first = main if main in proved.cited else [main, *proved.cited][-1]
    names = sorted(proved.cited, key=lambda name: name != first)  # the others in the order in which they are told
    stated = tuple((proved.cited[name], _called(proved, known[name])) for name in names)
    label = author.labels.of("evidence")
    return Checked(label, _called(proved, told.proof), stated, told.verdicts, setting(proved))


def _called(proved: Proved, proof: Proof) -> Slot:
    """The title of a theorem; of derivatives that have no name of their own, the formula, if it fits a cell."""
    title, left, right = explain.title(proof.theorem.name), proof.theorem.left, proof.theorem.right
    parts = [sum(1 for _ in walk(side)) for side in (left, right)]
    if title.key not in NAMELESS or parts[0] > LONGEST_FORMULA:
        return title
    return Within(Equation((left, right)) if sum(parts) <= LONGEST_FORMULA else left, setting(proved))


def _excerpt(proved: Proved, blocks: Iterable[Block]) -> Excerpt:
    return Excerpt(tuple(blocks), setting(proved))


def _stated(author: Author, proved: Proved, proof: Proof, title: object, label: str | None) -> Statement:
    kind = "ui.theorem" if proof is proved.told.proof else "ui.lemma"
    said = explain.statement(proof, kind)
    called = said.title if title is None else author.text(title)
    named = replace(said, title=called, label=author.label(label, said.label))
    proved.cited.setdefault(said.label, named.label)
    return named


def _derived(
    author: Author, proved: Proved, proof: Proof, detail: str | None, only: Sequence[int] | None
) -> ProofLines:
    told = explain.derivation(proof, detail or author.detail)
    kept = told.lines if only is None else _only(told.lines, only)
    return replace(told, label=author.labels.of(told.label), lines=kept, cites=proved.cited)


def _only(told: Sequence[Line], wanted: Sequence[int]) -> tuple[Line, ...]:
    """Some of the lines; one that comes after lines that are left out does not claim a single rule."""
    last = len(told)
    if not isinstance(wanted, list | tuple | range) or any(
        isinstance(n, bool) or not isinstance(n, int) for n in wanted
    ):
        raise LectureError("only is a list of numbers of lines, such as [1, 2, -1]")
    if wrong := [n for n in wanted if not 1 <= abs(n) <= last]:
        raise LectureError(f"there is no line {wrong[0]}; there are {last}")
    kept = sorted({n - 1 if n > 0 else last + n for n in wanted})
    before = [-1, *kept]
    return tuple(
        told[n] if n == before[m] + 1 else replace(told[n], rule=SEVERAL, changed=(), slots={}, steps=())
        for m, n in enumerate(kept)
    )


def _refuse(options: dict[str, Any], of: str) -> None:
    if options:
        raise LectureError(f"prove of {of} has no {sorted(options)[0]}; it has wrt and batch")

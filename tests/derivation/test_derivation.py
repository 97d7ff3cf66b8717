"""The Python interface, against values that SymPy or published lectures give."""

import pytest
import sympy as sp

import derive
from derive.chains import ProblemError
from derive.derivation.names import WrtError

FLOWERS = ["setosa", "versicolor", "virginica"]
NAME = "softmax-cross-entropy"


def test_symbolic_results_are_the_published_ones():
    p, y, h, W = map(sp.IndexedBase, ("p", "y", "h", "W"))
    k, j, m = sp.symbols("k j m", integer=True)
    C = sp.Symbol("C", integer=True, positive=True)
    problem = derive.problem(NAME)
    assert problem.prove("b").result == p[k] - y[k]
    assert problem.prove("z").result == p[k] - y[k]
    assert problem.prove("W").result == (p[k] - y[k]) * h[j]
    assert problem.prove("h").result == sp.Sum((p[m] - y[m]) * W[m, j], (m, 1, C))


def test_the_lecture_of_the_three_flowers():
    # StatQuest: for b_3 around setosa p_setosa - 1, and p_versicolor, p_virginica for b_4 and b_5
    results = derive.problem(NAME, classes=FLOWERS, target="setosa").prove("b").results
    b, p = sp.symbols("b_3 b_4 b_5"), sp.symbols("p_setosa p_versicolor p_virginica")
    assert results == {b[0]: p[0] - 1, b[1]: p[1], b[2]: p[2]}
    # and around versicolor
    results = derive.problem(NAME, classes=FLOWERS, target="versicolor").prove("b").results
    assert results == {b[0]: p[0], b[1]: p[1] - 1, b[2]: p[2]}


def test_weights_of_the_three_flowers():
    results = derive.problem(NAME, classes=FLOWERS, target=1).prove("W").results
    p, h = sp.symbols("p_setosa p_versicolor p_virginica"), sp.symbols("h_1 h_2")
    W = {(c, n): sp.Symbol(f"W_{name}_{n + 1}") for c, name in enumerate(FLOWERS) for n in (0, 1)}
    assert results == {W[c, n]: (p[c] - int(c == 0)) * h[n] for c, n in W}


def test_one_true_class_among_any_number():
    p, b = sp.IndexedBase("p"), sp.IndexedBase("b")
    k, r = sp.symbols("k r", integer=True)
    assert derive.problem(NAME, target="r").prove("b").results == {b[r]: p[r] - 1, b[k]: p[k]}


def test_a_loss_written_in_sympy_is_recognised():
    h = sp.symbols("h_1 h_2")
    z = {
        name: sum(sp.Symbol(f"W_{name}_{n + 1}") * h[n] for n in (0, 1)) + sp.Symbol(bias)
        for name, bias in zip(FLOWERS, ("b_3", "b_4", "b_5"), strict=True)
    }
    loss = -sp.log(sp.exp(z["versicolor"]) / sum(map(sp.exp, z.values())))
    results = derive.prove(loss, "b").results
    assert results == derive.problem(NAME, classes=FLOWERS, target="versicolor").prove("b").results
    for options in ({}, {"target": "r"}, {"classes": 3}, {"classes": 4, "target": 2, "inputs": 3}):
        problem = derive.problem(NAME, **options)
        assert derive.prove(problem.loss, "W").statement == problem.statement
    with pytest.raises(WrtError, match="b_3"):  # another function of b_3, b_4, b_5; there is no b in it
        derive.prove(loss + 1, "b")
    other = derive.prove(loss + 1, "b_4")
    assert (
        sp.simplify(
            other.result.subs({s: sp.Symbol(s.name) for s in other.result.free_symbols})
            - sp.diff(loss, sp.Symbol("b_4"))
        )
        == 0
    )


@pytest.mark.parametrize("target", [1, 2, 3])
def test_the_loss_differentiated_by_sympy_is_the_result(target: int):
    problem = derive.problem(NAME, classes=3, target=target)
    derivation = problem.prove("b")
    z = [sum(sp.Symbol(f"W_{c}_{n}") * sp.Symbol(f"h_{n}") for n in (1, 2)) + sp.Symbol(f"b_{c}") for c in (1, 2, 3)]
    p = {sp.Symbol(f"p_{c}"): sp.exp(z[c - 1]) / sum(map(sp.exp, z)) for c in (1, 2, 3)}
    assert sp.simplify(problem.loss + sp.log(p[sp.Symbol(f"p_{target}")])) == 0
    for symbol, result in derivation.results.items():
        assert sp.simplify(problem.loss.diff(symbol) - result.subs(p)) == 0
    assert list(derivation.result) == list(derivation.results.values())


def test_the_symbolic_loss_is_a_sympy_expression():
    loss = derive.problem(NAME).loss
    assert isinstance(loss, sp.Expr)
    assert {str(s) for s in loss.free_symbols} >= {"C", "H", "W", "h", "b", "y"}


def test_both_roads_end_in_the_same_theorem():
    roads = [derive.prove(NAME, "z", road).proofs["loss-by-logit"].theorem for road in ("jacobian", "logits")]
    assert (roads[0].left, roads[0].right) == (roads[1].left, roads[1].right)
    assert roads[0].steps != roads[1].steps
    assert all(t.assumptions == frozenset() for t in roads)


def test_the_assumption_is_one_visible_line():
    derivation = derive.prove(NAME, "b")
    assert derivation.assumptions == ("targets-sum-to-one",)
    rules = [line.rule for line in derivation.lines]
    assert rules.count("targets-sum-to-one") == 1
    before = derivation.lines[rules.index("targets-sum-to-one") - 1]
    assert before.formula == "pₖ Σ_{i=1}^{C} yᵢ − yₖ"


def test_every_line_has_a_name_a_reason_and_a_change():
    for options in ({}, {"target": "r"}, {"classes": FLOWERS, "target": 1}):
        for wrt in "zbWh":
            derivation = derive.problem(NAME, **options).prove(wrt)
            for proof in derivation.proofs.values():
                for lang in ("en", "pt"):
                    for detail in ("brief", "lecture", "full"):
                        for line in derivation.shown(lang, detail, proof.theorem.name):
                            assert line.title, (proof.theorem.name, line)
                            assert line.says, (proof.theorem.name, line)
                            assert line.changed, (proof.theorem.name, line)


def test_no_index_is_both_bound_and_free_in_a_line():
    from derive.core.term import free, walk

    for options in ({}, {"target": "r"}, {"classes": 3}, {"classes": FLOWERS, "target": 1}):
        for road in ("jacobian", "logits"):
            for wrt in "zbWh":
                for proof in derive.prove(derive.problem(NAME, **options), wrt, road).proofs.values():
                    for line in (*proof.theorem.lines, proof.theorem.right):
                        bound = {str(t.args[0].value) for _, t in walk(line) if t.op == "sum"}
                        assert not bound & free(line), (proof.theorem.name, line)


def test_details_are_views_of_one_proof():
    derivation = derive.prove(NAME, "b")
    brief, lecture, full = (derivation.shown(detail=detail) for detail in ("brief", "lecture", "full"))
    assert len(brief) <= len(lecture) <= len(full) == len(derivation.theorem.steps)
    assert brief[-1].formula == lecture[-1].formula == full[-1].formula == "pₖ − yₖ"


def test_verdicts_are_never_a_bool():
    derivation = derive.prove(NAME, "b")
    assert [(v.by, v.status) for v in derivation.verdicts] == [
        ("kernel", "proven"),
        ("balls", "proven"),
        ("sympy", "proven"),
        ("coq", "not run"),
    ]
    with pytest.raises(TypeError):
        bool(derivation.verdicts[0])


def test_a_witness_that_was_not_asked_has_not_run():
    derivation = derive.prove(NAME, "b", witnesses=("kernel",))
    assert [v.status for v in derivation.verdicts] == ["proven", "not run", "not run", "not run"]
    assert "not run" in derivation.to("text")


def test_a_claim_that_lacks_its_assumption_is_refuted_and_the_assumption_named():
    p, y = sp.IndexedBase("p"), sp.IndexedBase("y")
    k = sp.Symbol("k", integer=True)
    problem = derive.problem(NAME)
    assert [v.status for v in problem.judge("b", p[k] - y[k]).verdicts] == ["not run", "proven", "proven"]
    _, balls, cas = problem.judge("b", p[k] - y[k], without=["targets-sum-to-one"]).verdicts
    assert (balls.status, cas.status) == ("refuted", "refuted")
    assert balls.missing == cas.missing == ("targets-sum-to-one",)
    residual = cas.residual  # p_n (y_1 + y_2 - 1) at C = 2
    assert residual.op == "mul"
    assert {t.op for t in residual.args} == {"elem", "add"}


@pytest.mark.parametrize(
    "slip",
    [
        lambda p, y, h: y - p,
        lambda p, y, h: p + y,
        lambda p, y, h: p,
        lambda p, y, h: 2 * (p - y),
        lambda p, y, h: p * (1 - y),
    ],
)
def test_a_wrong_claim_is_refuted_and_nothing_would_save_it(slip):
    p, y, h = (sp.IndexedBase(name) for name in "pyh")
    k = sp.Symbol("k", integer=True)
    verdicts = derive.problem(NAME).judge("b", slip(p[k], y[k], h)).verdicts
    assert [v.status for v in verdicts] == ["not run", "refuted", "refuted"]
    assert [v.missing for v in verdicts[1:]] == [(), ()]


def test_claims_about_named_classes():
    problem = derive.problem(NAME, classes=FLOWERS, target="setosa")
    p = sp.Symbol("p_setosa")
    assert [v.status for v in problem.judge("b_3", p - 1).verdicts[1:]] == ["proven", "proven"]
    assert [v.status for v in problem.judge("b_3", p).verdicts[1:]] == ["refuted", "refuted"]


def test_single_entries_by_name_or_symbol():
    problem = derive.problem(NAME, classes=FLOWERS, target="setosa")
    assert problem.prove("b_4").result == sp.Symbol("p_versicolor")
    assert problem.prove(sp.Symbol("b_3")).result == sp.Symbol("p_setosa") - 1
    assert problem.prove("W_setosa_2").result == (sp.Symbol("p_setosa") - 1) * sp.Symbol("h_2")
    assert derive.prove(NAME, "b_k").result == derive.prove(NAME, "b").result


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"classes": ["a", "a"]}, "twice"),
        ({"classes": ["a"]}, "from 2"),
        ({"classes": 1}, "from 2"),
        ({"classes": True}, "classes must"),
        ({"classes": ["a", ""]}, "not a class name"),
        ({"classes": ["a", "b\x1b[31m"]}, "not a class name"),
        ({"classes": ["a", 3]}, "list of names"),
        ({"classes": 3, "target": 4}, "not one of the classes"),
        ({"classes": 3, "target": 0}, "not one of the classes"),
        ({"classes": ["a", "b"], "target": "c"}, "not one of the classes"),
        ({"target": "setosa"}, "without classes"),
        ({"inputs": 0}, "inputs must"),
        ({"classes": 2, "biases": ["b_1"]}, "one bias name"),
        ({"classes": 2, "biases": ["b_1", "b_1"]}, "all different"),
        ({"classes": 2, "biases": ["x", "b_1"]}, "not a bias name"),
    ],
)
def test_a_problem_that_cannot_be_stated(options: dict, match: str):
    with pytest.raises(ProblemError, match=match):
        derive.problem(NAME, **options)


def test_unknown_names_are_refused_with_what_would_fit():
    with pytest.raises(ProblemError, match='did you mean "softmax-cross-entropy"'):
        derive.problem("softmax-crossentropy")
    with pytest.raises(WrtError, match="b, W"):
        derive.prove(NAME, "q")
    with pytest.raises(ProblemError, match="jacobian or logits"):
        derive.prove(NAME, "b", "scenic")
    with pytest.raises(ProblemError, match="cannot prove"):
        derive.prove(3)


def test_other_bias_names():
    problem = derive.problem(NAME, classes=["cat", "dog"], target="dog", biases=["b_7", "b_out"])
    assert [str(s) for s in problem.prove("b").results] == ["b_7", "b_out"]


def test_the_function_of_a_theorem_trains():
    gradient = derive.prove(NAME, "b").lambdify()
    assert gradient([[0.0], [0.0]], [0.0, 0.0], [[1.0], [2.0]], [0, 0]).tolist() == [-0.5, 0.5]


def test_notebooks_show_the_theorem():
    derivation = derive.prove(NAME, "b")
    assert r"\frac{\partial L}{\partial b_k} = p_k - y_k" in derivation._repr_latex_()
    assert set(derivation._repr_mimebundle_()) == {"text/plain", "text/latex", "text/markdown"}


@pytest.mark.parametrize("wrt", ["b", "W", "h", "z"])
def test_a_claim_without_an_assumption_it_does_not_need_is_told(wrt):
    judgement = derive.problem(NAME).judge(wrt, without=["different-indices"])
    from derive.render import render

    for lang in ("en", "pt"):
        assert render(judgement.document(), "text", lang)

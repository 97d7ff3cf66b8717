"""Who may import whom: a room imports from rooms below it and from itself, never upward or sideways."""

import ast
from pathlib import Path

import derive

ROOMS = (
    "errors", "budget", "core", "rules", "chains", "proofs", "matrices", "syntax", "witness", "gradients",
    "examples", "document", "render", "lectures", "derivation", "checking", "authoring", "gallery", "cli",
)  # fmt: skip
PACKAGE = Path(derive.__file__).parent


def imports(path: Path) -> set[str]:
    """The rooms a module imports, at whatever depth of the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("derive."):
            found.add(str(node.module).split(".")[1])
        if isinstance(node, ast.ImportFrom) and node.module == "derive":
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("derive.")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: a relative import"
    return found


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_room_has_its_floor():
    rooms = {room(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == set(ROOMS)


def test_no_import_goes_upward():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in PACKAGE.rglob("*.py")
        if room(path) != "__init__"
        for other in imports(path)
        if other in ROOMS and ROOMS.index(other) > ROOMS.index(room(path))
    ]
    assert wrong == []


def test_the_core_imports_nothing_but_the_standard_library():
    allowed = {
        "__future__",
        "collections",
        "copy",
        "dataclasses",
        "fractions",
        "functools",
        "itertools",
        "math",
        "types",
        "typing",
        "weakref",
        "derive",
    }
    for path in (PACKAGE / "core").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path


def test_sympy_is_imported_only_where_it_is_spoken():
    """Every import of SymPy stands inside a function, so that nothing else waits for it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] in ("sympy", "matplotlib", "typst") for name in names), path


def test_no_text_is_ever_executed():
    forbidden = {"eval", "exec", "sympify", "parse_expr", "__import__", "compile"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                allowed = name == "compile" and isinstance(node.func, ast.Attribute)  # re.compile, typst.compile
                assert name not in forbidden or allowed, f"{path}:{node.lineno}"


def modules() -> dict[str, Path]:
    """Every module by its full name."""
    paths = PACKAGE.rglob("*.py")
    return {
        ".".join(("derive", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): p for p in paths
    }


def imported(name: str, known: dict[str, Path]) -> set[str]:
    """The modules that one imports, also inside its functions; those for types alone do not count."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if isinstance(node, ast.ImportFrom) and node.module:
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(full & set(known) or {node.module} & set(known))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(known[name].read_text(encoding="utf-8")))
    return found - {name}


def test_no_file_leads_back_to_itself():
    """Not even with an import inside a function."""
    known = modules()
    below = {name: imported(name, known) for name in known}
    while gone := {name for name, others in below.items() if not others}:
        below = {name: others - gone for name, others in below.items() if name not in gone}
    assert below == {}


def test_a_circle_would_be_found():
    known = modules()
    assert "derive.core.term" in imported("derive.core.kernel", known)
    assert "derive.cli.commands" in imported("derive.cli", known)  # inside a function
    assert "derive.witness.verdict" not in imported("derive.derivation", known)  # for types alone


# what a witness may know of the others: terms and what they are about, never how anything is proved
OF_WITNESSES = {
    "budget", "chains", "core.condition", "core.context", "core.functions", "core.meaning", "core.term",
    "syntax.sympy_bridge", "witness",
}  # fmt: skip
BY_NAME = {
    "core.kernel": {"Theorem"},
    "rules": {"RULES"},
}  # a theorem's lines are read; its cards are looked up by name


def test_a_witness_is_independent_of_what_it_witnesses():
    """No card, no procedure, no exact arithmetic of the kernel and no proof is used by a second opinion."""
    for path in (PACKAGE / "witness").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("derive."):
                continue
            module = str(node.module).removeprefix("derive.")
            known = any(module == room or module.startswith(f"{room}.") for room in OF_WITNESSES)
            names = {alias.name for alias in node.names}
            assert known or names <= BY_NAME.get(module, set()), f"{path.name} imports {names} from {module}"
            assert module != "rules" or path.name == "panel.py"


def test_what_is_called_slow_is_a_test():
    tests = Path(__file__).parent
    names = [line for line in (tests / "slow.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert names == sorted(set(names))
    for path, _, name in (line.partition("::") for line in names):
        assert f"def {name}(" in (tests.parent / path).read_text(encoding="utf-8"), (path, name)

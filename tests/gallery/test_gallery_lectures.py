"""The lectures of the gallery as they are read: each in its own language, complete, and without PyTorch."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt

from derive.authoring.build import read_lecture
from derive.authoring.shipped import lectures
from derive.document.language import load_language
from derive.render import render

FOLDER = Path(__file__).parents[2] / "output" / "lectures"
PAGES = sorted(path.name for path in FOLDER.rglob("*.md"))
ORIGINALS = ("why-cross-entropy", "last-bias", "softmax-graph", "backpropagation")
CODE = re.compile(r"```.*?```|\$`.*?`\$|`[^`]*`|<[^>]*>|\]\([^)]*\)", re.DOTALL)
COMPARED = ("softmax-graph", "backpropagation")
# words of one language that are none of the other
WORDS = {
    "en": """
        the and of with is are was were this that these those which what when where while whose it its they them
        then than there here have has had not but or by from into over under each every both one two three only also
        more most same such can may must will let we our you your how why because if so proof proofs proven lemma
        theorem rule rules sum product quotient power chain weight weights bias biases loss losses slope step steps
        layer layers network networks gradient gradients derivative derivatives error errors value values number
        numbers figure table exercise exercises answer answers answered checked found equal equals right wrong
        correct printed shown computed true class classes example examples flower flowers petal sepal line lines
        first last next before after start end minimum squared cross entropy definition constant fraction bracket
        cancel rearrange differentiate follows kernel
    """,
    "pt": """
        o os um uma uns umas de da das dos em na nas nos ao aos à às pelo pela pelos pelas com sem por para que qual
        quais quando onde enquanto cujo ele ela eles elas isto isso este esta estes estas esse essa esses essas são
        foi foram não mas ou cada todo todos toda todas só também mais mesmo mesma pode deve há é e prova provas
        provado lema teorema regra regras soma produto quociente potência cadeia peso pesos viés vieses perda perdas
        inclinação passo passos camada camadas rede redes gradientes derivada derivadas erro erros valor valores
        número números figura tabela exercício exercícios resposta respostas conferido igual iguais certo errado
        correto impresso verdadeira classes exemplo exemplos flor flores pétala sépala linha linhas primeiro último
        antes depois começo fim mínimo entropia cruzada definição constante fração parêntese cancelar rearranjar
        derivar núcleo
    """,
}
NUMBERED = {
    "en": {"Table": "Table", "Figure": "Figure", "Exercise": "Exercise", "Lemma": "Lemma", "Theorem": "Theorem"},
    "pt": {"Tabela": "Table", "Figura": "Figure", "Exercício": "Exercise", "Lema": "Lemma", "Teorema": "Theorem"},
}
ENDS = {
    "en": ["Corrections to the original", "What was checked", "Answers"],
    "pt": ["Correções ao original", "O que foi verificado", "Respostas"],
}


def language(page: str) -> str:
    return page.split(".")[1]


def text(page: str) -> str:
    return (FOLDER / page.split(".")[0] / page).read_text(encoding="utf-8")


def changed(page: str, formula: Callable[[str], str]) -> str:
    """A page without code, addresses and signs of HTML, and with something else for each formula."""
    return CODE.sub(lambda found: formula(found[0]) if found[0].startswith(("```math", "$`")) else " ", page)


def prose(page: str) -> str:
    """What a page says in its own words, also in formulas; names with a dash or a subscript are no words."""
    words = changed(page, lambda formula: " ".join(re.findall(r"\\text\{([^{}]*)\}", formula)) + " ")
    return re.sub(r"\w*\\?_\w+|\b\w+(-\w+)+\b|“[^”]*”", " ", words)


def strangers(page: str, own: str, other: str) -> set[str]:
    """Words of the other language."""
    known = {*WORDS[other].split()} - {*WORDS[own].split()}
    found = re.findall(r"[^\W\d_]+", prose(page))
    return known & {word.lower() for word in found if word == "é" or (len(word) > 1 and word[1:].islower())}


def test_the_words_are_found_where_they_should_be():
    """What the next test looks for is there: in the other language."""
    for page in PAGES:
        own = language(page)
        other = "pt" if own == "en" else "en"
        assert len(strangers(text(page), other, own)) > 40, page


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_words_of_the_other_language(page: str):
    own = language(page)
    assert strangers(text(page), own, "pt" if own == "en" else "en") == set()


@pytest.mark.parametrize("page", PAGES)
def test_numbers_are_written_as_in_the_language(page: str):
    wrong = r"\d\.\d" if language(page) == "pt" else r"(?<![\d.,])\d+(?:,|\{,\})\d+(?![\d.,])"
    assert re.findall(rf".*{wrong}.*", changed(text(page), str)) == []


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("name", ORIGINALS)
def test_each_ends_with_its_corrections_its_evidence_and_the_answers(name: str, lang: str):
    parts = re.split(r"^## (.*)$", text(f"{name}.{lang}.md"), flags=re.MULTILINE)
    assert parts[-6::2] == ENDS[lang]
    corrections, evidence = parts[-5], parts[-3]
    assert len(re.findall(r"^\| (?!:-)", corrections, re.MULTILINE)) >= 2
    say = load_language(lang).text
    assert evidence.count(say("status.proven")) > 5
    assert say("status.refuted") not in evidence
    assert say("status.undecided") not in evidence


@pytest.mark.parametrize("page", PAGES)
def test_what_is_referred_to_by_number_is_there(page: str):
    whole = text(page)
    for word in NUMBERED[language(page)]:
        stated = {int(number) for number in re.findall(rf"^\*\*{word} (\d+)\b", whole, re.MULTILINE)}
        assert stated in (set(), {*range(1, len(stated) + 1)}) or word in ("Lemma", "Theorem", "Lema", "Teorema")
        assert {int(number) for number in re.findall(rf"\b{word} (\d+)\b", whole)} <= stated
    tagged = {*re.findall(r"\\tag\{(\d+)\}", whole)}
    assert {*re.findall(r"\b(?:Equation|Equação) (\d+)", whole)} <= tagged


@pytest.mark.parametrize("page", PAGES)
def test_every_reference_of_the_latex_has_a_label(page: str):
    source = text(page.replace(".md", ".tex"))
    labels = re.findall(r"\\(?:label|derive[a-z]+)\{([A-Za-z][\w-]*)\}", source)
    assert {*re.findall(r"\\(?:eq)?ref\{([^}#]+)\}", source)} <= {*labels}


@pytest.mark.parametrize("page", PAGES)
def test_tables_and_formulas_are_read_as_such(page: str):
    """Every row is in a table, with a cell for each column; every fence is closed; nothing GitHub refuses."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text(page))
    widths: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            widths.append(0)
        elif token.type in ("th_open", "td_open"):
            widths[-1] += 1
    paragraphs = [token.content for token in tokens if token.type == "inline" and token.level < 4]
    assert not [words for words in paragraphs if words.startswith("|")]
    assert len(widths) > 4
    rows = [line for line in text(page).splitlines() if line.startswith("| ")]
    cells = [len(re.split(r"(?<!\\)\|", row)) - 2 for row in rows]
    assert cells == widths
    math = "".join(found for found in CODE.findall(text(page)) if found.startswith(("```math", "$`")))
    assert not re.findall(r"\\operatorname|\\begin\{align\*?\}|\\def\b|\\newcommand|\\require", math)
    assert math.count("\\begin{") == math.count("\\end{")
    assert "```math" not in [token.content.strip() for token in tokens if token.type == "fence"]


def told(name: str, **options: bool) -> str:
    document, lang = read_lecture(lectures("en")[name], language="en", witnesses=("kernel",), **options)
    return render(document, "text", lang)


class Untouchable(ModuleType):
    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"torch.{name} was asked for")


@pytest.mark.parametrize("name", COMPARED)
def test_the_gallery_does_not_depend_on_torch(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "torch", Untouchable("torch"))
    installed = told(name, torch=False)
    with pytest.raises(AssertionError, match=r"torch\.\w+ was asked for"):
        told(name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert told(name, torch=False) == installed == told(name)
    for lang, words in (("en", "not run"), ("pt", "não executado")):
        (table,) = re.findall(r"^\|.*PyTorch.*\n(?:\|.*\n)+", text(f"{name}.{lang}.md"), re.MULTILINE)
        head, _, *rows = ([cell.strip() for cell in row.split("|")] for row in table.splitlines())
        assert {row[head.index("PyTorch")] for row in rows} == {words}


@pytest.mark.parametrize("name", COMPARED)
def test_elsewhere_torch_is_run_where_it_is_installed(name: str):
    pytest.importorskip("torch")
    assert told(name) != told(name, torch=False)

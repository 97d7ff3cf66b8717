"""Writing a document to a file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from derive.document.language import load_language
from derive.document.nodes import Document
from derive.render.formats import format_of
from derive.render.printer import Printer, render


def save(document: Document, path: str | Path, language: str = "en", engine: str | None = None) -> list[Path]:
    """Write the document in the format that the file's ending names; the files written, figures included.

    engine: typst or latex, and matters for PDF only. Raises FormatError, or OSError with the reason in words.
    """
    target = Path(path)
    if target.suffix.lower() == ".pdf":
        from derive.render.pdf import pdf

        contents = {target: pdf(document, language, engine)}
    elif target.suffix.lower() == ".zip":
        from derive.render.bundle import bundle

        contents = {target: bundle(document, target.stem, language)}
    else:
        page = render(document, format_of(target).name, language, page=target.stem)
        contents = _figures(document, target, language) | {target: page.encode()}
    for file, content in contents.items():
        write(file, content)
    return list(contents)


def _figures(document: Document, target: Path, language: str) -> dict[Path, bytes]:
    printer = Printer(document, format_of(target), load_language(language), page=target.stem)
    return {target.parent / name: content for name, content in printer.files().items()}


def write(target: Path, content: bytes) -> None:
    """Beside the target first and then in its place, so that nobody ever sees half a file."""
    try:
        if target.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except OSError as error:
        raise _told(target, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, _usual_mode(target))
        os.replace(name, target)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _told(target, error) from error
        raise


def _usual_mode(target: Path) -> int:
    """What the file has, or what a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _told(target: Path, error: OSError) -> OSError:
    return type(error)(error.errno, f"cannot write {target}: {error.strerror or error}")

"""A JSON Schema of network files, for editors: `python -m derive.chains.schema docs` writes it anew.

It says what `file_shape` says; what depends on counting (as many names as units) only the reader checks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from derive.chains.file_shape import FILE, LAYER, LOSS
from derive.chains.kinds import DEFINITIONS, Schema
from derive.chains.spec import OPTIONS, SLOPED, SOURCES, TARGETS

NAME = "network.schema.json"


def network_schema() -> Schema:
    """The schema (draft 2020-12) of what `read_network` takes.

    >>> network_schema()["required"]
    ['network', 'loss']
    """
    schema = FILE.schema()
    properties = schema["properties"]
    layer = properties["network"]["properties"]["layers"]["items"]
    layer["description"] = f"{LAYER.title}: values W h + b and an activation"
    layer |= _when({"activation": {"enum": list(SLOPED)}}, otherwise={"slope": False})
    properties["loss"]["allOf"] = [*_by_loss(), {"if": {"required": ["ignore_index"]}, "then": _needs_index()}]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "a network with its loss, for derive"}
    return head | schema | {"$defs": DEFINITIONS}


def _by_loss() -> Iterator[Schema]:
    """The targets that each loss takes, and the keys it has no use for."""
    every = {option for options in OPTIONS.values() for option in options}
    for name, targets in TARGETS.items():
        unused = every - set(OPTIONS[name]) | (set() if name in SOURCES else {"source"})
        refused = {key.name: False for key in LOSS.keys if key.attribute in unused}
        yield _when({"name": {"const": name}}, then={"target": {"enum": list(targets)}, **refused})


def _needs_index() -> Schema:
    return {"properties": {"target": {"const": "index"}}, "required": ["target"]}


def _when(given: Schema, **parts: Schema) -> Schema:
    """if the given properties are there, then those; else these."""
    branches = {{"then": "then", "otherwise": "else"}[part]: {"properties": said} for part, said in parts.items()}
    return {"if": {"properties": given, "required": list(given)}, **branches}


def schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(network_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(folder: Path) -> Path:
    """Write the schema's file into the folder."""
    path = folder / NAME
    path.write_text(schema_text(), encoding="utf-8", newline="\n")
    return path


if __name__ == "__main__":
    print(write_schema(Path(sys.argv[1])))

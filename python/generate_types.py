#!/usr/bin/env python3
"""Makes python/tsir/schema.py, the dataclasses of tsir's JSON output, from the JSON Schemas in share/schemas.

  python/generate_types.py           write the file
  python/generate_types.py --check   fail if the file is not what would be written

The schemas use a part of JSON Schema that maps to dataclasses: closed objects, each under `$defs` or the root, with
properties, arrays, maps, and unions with null. Conditions (`if`, `allOf`, `oneOf` beside `properties`) are for
validation only.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "share" / "schemas"
TARGET = ROOT / "python" / "tsir" / "schema.py"

Schema = dict[str, Any]

HEADER = '''\
"""The JSON output of tsir, as dataclasses.

Made by python/generate_types.py from the JSON Schemas in share/schemas: do not edit. Keys that this version does not
know are ignored.
"""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tsir._output import Output, _optional

if TYPE_CHECKING:
    from typing_extensions import Self
'''

# Strings that stand for numbers that JSON lacks.
NOT_FINITE = {"nan", "-nan", "inf", "-inf"}
PLAIN = {"string": "str", "integer": "int", "boolean": "bool"}


def class_name(stem: str) -> str:
    return "".join(word.capitalize() for word in stem.split("-"))


def python_name(key: str) -> str:
    name = key.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def is_number_with_words(options: list[Schema]) -> bool:
    return {"number"} == {o["type"] for o in options if "type" in o} and all(
        set(o["enum"]) <= NOT_FINITE for o in options if "enum" in o
    )


def without_null(schema: Schema) -> Schema | None:
    """The schema of what is not null, if null is allowed."""
    if isinstance(schema.get("type"), list) and "null" in schema["type"] and len(schema["type"]) == 2:
        return {**schema, "type": next(t for t in schema["type"] if t != "null")}
    if None in schema.get("enum", []):
        return {**schema, "enum": [value for value in schema["enum"] if value is not None]}
    options = schema.get("anyOf", [])
    if {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        return rest[0] if len(rest) == 1 else {"anyOf": rest}
    return None


class Module:
    """The classes of all schemas."""

    def __init__(self) -> None:
        self.classes: dict[str, tuple[Schema, str]] = {}

    def add_file(self, path: Path) -> None:
        schema = json.loads(path.read_text(encoding="utf-8"))
        defs: Schema = schema.get("$defs", {})
        for name, definition in defs.items():
            self.add_class(name, definition, defs)
        if schema["type"] == "object":
            self.add_class(class_name(path.stem), schema, defs, root=True)

    def add_class(self, name: str, schema: Schema, defs: Schema, root: bool = False) -> None:
        known = self.classes.get(name)
        if known is not None and known[0] != schema:
            raise SystemExit(f"two schemas define {name} in different ways")
        if schema.get("additionalProperties") is not False:
            raise SystemExit(f"{name} is not closed: it needs additionalProperties: false")
        self.classes[name] = (schema, "")  # a class may hold itself
        self.classes[name] = (schema, self.class_text(name, schema, defs, root))

    def class_text(self, name: str, schema: Schema, defs: Schema, root: bool) -> str:
        required = set(schema["required"])
        fields, makers = [], []
        for key, value in schema["properties"].items():
            fields.append(self.field_text(name, key, value, defs, key in required))
            makers.append(f"            {python_name(key)}={self.read(name, key, value, defs, key in required)},")
        decorator = "@dataclass(frozen=True, kw_only=True" + (", repr=False)" if root else ")")
        more = "data: dict[str, Any], text: str = \"\"" if root else "data: dict[str, Any]"
        makers = (["            raw=data,", "            text=text,"] if root else []) + makers
        return "\n".join(
            [decorator, f"class {name}{'(Output)' if root else ''}:", docstring(schema["description"], 4), "", *fields, ""]
            + ["    @classmethod", f"    def from_json(cls, {more}) -> Self:", "        return cls(", *makers, "        )"]
        )

    def field_text(self, owner: str, key: str, schema: Schema, defs: Schema, required: bool) -> str:
        kind = self.type_of(owner, key, schema, defs)
        if not required and "default" not in schema and not kind.endswith("| None") and kind != "Any":
            kind += " | None"
        return f"    {python_name(key)}: {kind}\n" + docstring(schema.get("description") or self.about(schema, defs), 4)

    def about(self, schema: Schema, defs: Schema) -> str:
        return str(defs[schema["$ref"].rsplit("/", 1)[1]]["description"])

    def type_of(self, owner: str, key: str, schema: Schema, defs: Schema) -> str:
        inner = without_null(schema)
        if inner is not None:
            return self.type_of(owner, key, inner, defs) + " | None"
        if "$ref" in schema:
            return str(schema["$ref"].rsplit("/", 1)[1])
        if "anyOf" in schema:
            if is_number_with_words(schema["anyOf"]):
                return "float"
            return " | ".join(self.type_of(owner, key, option, defs) for option in schema["anyOf"])
        if "const" in schema or "enum" in schema:
            values = schema.get("enum", [schema.get("const")])
            return f"Literal[{', '.join(json.dumps(value) for value in values)}]"
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            name = owner + class_name(key.replace("_", "-"))
            self.add_class(name, schema, defs)
            return name
        if kind == "object":
            return f"dict[str, {self.type_of(owner, key, schema['additionalProperties'], defs)}]"
        if kind == "array" and "prefixItems" in schema:
            return f"tuple[{', '.join(self.type_of(owner, key, item, defs) for item in schema['prefixItems'])}]"
        if kind == "array":
            return f"list[{self.type_of(owner, key, schema['items'], defs)}]"
        if kind == "number":
            return "float"
        return PLAIN[kind] if isinstance(kind, str) else "Any"

    def read(self, owner: str, key: str, schema: Schema, defs: Schema, required: bool) -> str:
        """The expression that reads a property."""
        name = json.dumps(key)
        if required:
            return self.convert(owner, key, f"data[{name}]", schema, defs)
        if "default" in schema:
            return self.convert(owner, key, f"data.get({name}, {schema['default']!r})", schema, defs)
        inner = without_null(schema) or schema
        make = self.converter(owner, key, inner, defs)
        return f"_optional(data.get({name}), {make})" if make else f"data.get({name})"

    def converter(self, owner: str, key: str, schema: Schema, defs: Schema) -> str:
        """A function that converts a value, or "" if it is right as it is."""
        converted = self.convert(owner, key, "value", schema, defs)
        if converted == "value":
            return ""
        call = re.fullmatch(r"([\w.]+)\(value\)", converted)
        return call.group(1) if call else f"lambda value: {converted}"

    def convert(self, owner: str, key: str, value: str, schema: Schema, defs: Schema) -> str:
        """The expression that makes a Python value of the JSON value that the expression `value` gives."""
        inner = without_null(schema)
        if inner is not None:
            make = self.converter(owner, key, inner, defs)
            return f"_optional({value}, {make})" if make else value
        if "$ref" in schema:
            return f"{self.type_of(owner, key, schema, defs)}.from_json({value})"
        if "anyOf" in schema:
            return self.convert_union(owner, key, value, schema["anyOf"], defs)
        kind = schema.get("type")
        if kind == "number":
            return f"float({value})"
        if kind == "object" and "properties" in schema:
            return f"{self.type_of(owner, key, schema, defs)}.from_json({value})"
        if kind == "object":
            item = self.convert(owner, key, "item", schema["additionalProperties"], defs)
            return f"{{name: {item} for name, item in {value}.items()}}" if item != "item" else f"dict({value})"
        if kind == "array" and "prefixItems" in schema:
            return f"({', '.join(f'{value}[{i}]' for i in range(len(schema['prefixItems'])))})"
        if kind == "array":
            item = self.convert(owner, key, "item", schema["items"], defs)
            return f"[{item} for item in {value}]" if item != "item" else f"list({value})"
        return value

    def convert_union(self, owner: str, key: str, value: str, options: list[Schema], defs: Schema) -> str:
        if is_number_with_words(options):
            return f"float({value})"
        if not all("$ref" in option for option in options):
            return value
        # Two objects: the first has a key that the second has not.
        names = [str(option["$ref"].rsplit("/", 1)[1]) for option in options]
        first, second = (defs[name] for name in names)
        mark = next(k for k in first["required"] if k not in second["properties"])
        return f"{names[0]}.from_json({value}) if {json.dumps(mark)} in {value} else {names[1]}.from_json({value})"


def docstring(text: str, indent: int) -> str:
    pad = " " * indent
    sentence = text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
    lines = textwrap.wrap(sentence.replace("\\", "\\\\"), 120 - indent - 6)
    if len(lines) == 1:
        return f'{pad}"""{lines[0]}"""'
    return f'{pad}"""' + f"\n{pad}".join(lines) + f'\n{pad}"""'


def module_text() -> str:
    module = Module()
    for path in sorted(SCHEMAS.glob("*.json")):
        module.add_file(path)
    return HEADER + "".join(f"\n\n{text}\n" for _, text in module.classes.values())


def main() -> None:
    text = module_text()
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{TARGET.relative_to(ROOT)} does not fit share/schemas: run python/generate_types.py")
    elif sys.argv[1:]:
        raise SystemExit(__doc__)
    else:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks that every pass that LibTorch exports is a pass of tsir, or is excluded with a reason.

usage: tests/pass_coverage.py TSIR

The LibTorch is the one that TSIR is linked against.

The script reads the headers under torch/csrc/jit/{passes,codegen,runtime,tensorexpr,frontend} and the symbols that
libtorch_cpu.so exports. Every free function that takes a graph, a block or a module and is declared in one of these
headers, and every class with such a method, must be the `function` of a row of `tsir passes --json`, or be listed in
`tsir passes --excluded --json`. The list of exclusions may also name helpers for single nodes and functions that are
declared but not exported, but nothing that no header declares: except, with the reason "LibTorch has it since X", what
a newer version has, and what is exported by LibTorch 2.5 to 2.7, whose packages lack some headers. Prints one line per
failure, and exits with 1 if there was any.
"""
import json
import pathlib
import re
import subprocess
import sys

FOLDERS = ("passes", "codegen", "runtime", "tensorexpr", "frontend")
WORKS_ON = re.compile(r"torch::jit::(Graph|Block|Module)\b")
SYMBOL = re.compile(r"^(torch::jit::(?:\w+::)*\w+)(?:\[abi:\w+\])?\(")


def output_of(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def exported(library):
    """Returns {name: [signature]} of the exported functions in torch::jit that take a graph, a block or a module."""
    symbols = [line.split()[2] for line in output_of("nm", "-D", "--defined-only", library).splitlines()
               if line.split()[1] in "TW" and "5torch3jit" in line]
    found = {}
    for signature in output_of("c++filt", text="\n".join(symbols)).splitlines():
        match = SYMBOL.match(signature)
        if match and WORKS_ON.search(signature[match.end():]):
            found.setdefault(match.group(1), []).append(signature)
    return found


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", re.sub(r"//.*", "", text), flags=re.S)


def declared(include):
    """Returns the words before a '(' in the headers, and the names of the classes declared there."""
    functions, classes = set(), set()
    for folder in FOLDERS:
        for header in (include / folder).rglob("*.h"):
            text = without_comments(header.read_text(errors="replace"))
            functions.update(re.findall(r"\b(\w+)\s*\(", text))
            classes.update(re.findall(r"\b(?:class|struct)\s+(?:TORCH_API\s+)?(\w+)\s*(?:final\s*)?[:{]", text))
    return functions, classes


def candidates(include, exports):
    """Returns {qualified name: [signature]} of the passes: free functions, and classes with such methods."""
    functions, classes = declared(include)
    names = {}
    for name, signatures in exports.items():
        parts = name.split("::")
        if parts[-2] in classes:  # a method: list its class instead
            names.setdefault("::".join(parts[:-1]), []).extend(signatures)
        elif not parts[-2][0].isupper() and parts[-1] in functions:
            names[name] = signatures
    return names


def named(rows):
    """Yields the functions that rows name (both of "A or B"), and the classes of methods."""
    for row in rows:
        for function in re.split(r",? or |, ", row["function"]):
            yield function
            yield function.rpartition("::")[0]


def main():
    tsir = sys.argv[1]
    library = pathlib.Path(re.search(r"libtorch_cpu\.so => (\S+)", output_of("ldd", tsir)).group(1))
    include = library.parent.parent / "include/torch/csrc/jit"
    exports = exported(library)
    passes = candidates(include, exports)
    rows = [row for row in json.loads(output_of(tsir, "passes", "--json")) if row["kind"] != "preset"]
    excluded = {row["function"]: row["reason"] for row in json.loads(output_of(tsir, "passes", "--excluded", "--json"))}
    covered = set(named(rows))

    failures = [f"{name} is neither a pass nor excluded: {passes[name][0]}" for name in sorted(passes)
                if name not in covered and name not in excluded]
    failures += [f"{name} is excluded, but is also a pass" for name in sorted(excluded) if name in set(
        row["function"] for row in rows)]
    known = set().union(*declared(include))
    if not (include / "runtime/static/impl.h").exists():
        known |= {part for name in exports for part in name.split("::")}
    for name, reason in sorted(excluded.items()):
        there = name.rpartition("::")[2] in known
        if there == reason.startswith("LibTorch has it since"):
            failures.append(f"{name} is excluded, but {'a' if there else 'no'} header declares it")
    for failure in failures:
        print(failure)
    print(f"{len(passes)} passes exported, {len(rows)} rows, {len(excluded)} excluded, {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())

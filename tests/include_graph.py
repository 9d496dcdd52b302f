#!/usr/bin/env python3
"""Checks the direction of includes, and draws them.

    tests/include_graph.py            check; exit code 1 and a line for each include that goes the wrong way
    tests/include_graph.py --write    write docs/include_graph.dot and, with Graphviz, docs/include_graph.svg

Three rules hold: a file includes headers only of its own layer and of the layers that its layer names in
cmake/TsirLayers.cmake; no two folders include each other, directly or through others; and docs/include_graph.dot is the
graph as it is.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRAWING = ROOT / "docs/include_graph.dot"
TOOL = "tools/tsir"


def read_layers():
    """{layer: (is_plain, folders, layers it names)}, from the calls of tsir_layer."""
    text = (ROOT / "cmake/TsirLayers.cmake").read_text()
    layers = {}
    for call in re.findall(r"^tsir_layer\(([^)]*)\)", text, re.M):
        words = call.split()
        depends = words.index("DEPENDS") if "DEPENDS" in words else len(words)
        folders = words[words.index("FOLDERS") + 1:depends]
        layers[words[0]] = ("PLAIN" in words[:depends], folders, words[depends + 1:])
    return layers


def includes():
    """(file, included header) of all files, both relative to the root."""
    for top in ("lib", "passes", TOOL):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                for header in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
                    yield str(path.relative_to(ROOT)), header


def folder_of(file):
    return str(pathlib.PurePath(file).parent)


def wrong_includes(layers):
    """Lines about includes of headers that the including layer does not name."""
    layer_of = {folder: name for name, (_, folders, _) in layers.items() for folder in folders}
    for file, header in includes():
        if folder_of(file) == TOOL:
            continue  # the tool may include all
        if folder_of(file) not in layer_of:
            yield f"{file}: its folder belongs to no layer of cmake/TsirLayers.cmake"
            continue
        layer = layer_of[folder_of(file)]
        target = layer_of.get(folder_of(header))
        if target is None:
            yield f"{file}: includes {header}, which belongs to no layer"
        elif target != layer and target not in layers[layer][2] and header != "lib/compat/libtorch.h":
            yield f"{file}: includes {header}: layer {layer} does not name {target}"


def folder_graph():
    """{folder: folders it includes}."""
    graph = collections.defaultdict(set)
    for file, header in includes():
        if folder_of(file) != folder_of(header):
            graph[folder_of(file)].add(folder_of(header))
    return graph


def find_circle(graph):
    """A list of folders that leads back to its first, or nothing."""
    done = set()

    def visit(folder, path):
        if folder in path:
            return path[path.index(folder):] + [folder]
        if folder in done:
            return None
        for target in sorted(graph.get(folder, ())):
            if circle := visit(target, path + [folder]):
                return circle
        done.add(folder)
        return None

    for folder in sorted(graph):
        if circle := visit(folder, []):
            return circle
    return None


def reachable(graph, folder, without):
    """Folders that `folder` leads to by other ways than the direct include of `without`."""
    seen, waiting = set(), [target for target in graph[folder] if target != without]
    while waiting:
        target = waiting.pop()
        if target not in seen:
            seen.add(target)
            waiting += graph.get(target, ())
    return seen


def dot_text(graph, layers):
    """The graph as DOT. An arrow that follows from others is left out, as a drawing of all would be black."""
    plain = {folder for is_plain, folders, _ in layers.values() if is_plain for folder in folders}
    folders = sorted(set(graph) | {target for targets in graph.values() for target in targets})
    lines = ["// Made by tests/include_graph.py --write. A folder points to those whose headers it includes; an arrow that",
             "// follows from others is left out. White: compiled without LibTorch's headers.",
             "digraph includes {", "  rankdir=TB; ranksep=0.35; nodesep=0.2;",
             '  node [shape=box, style=filled, fontname="DejaVu Sans", fontsize=11, height=0.3];']
    for folder in folders:
        color = "white" if folder in plain else "#dce8f4"
        lines.append(f'  "{folder}" [label="{folder.removeprefix("lib/")}", fillcolor="{color}"];')
    for folder in folders:
        for target in sorted(graph.get(folder, ())):
            if target not in reachable(graph, folder, target):
                lines.append(f'  "{folder}" -> "{target}";')
    return "\n".join(lines) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the drawing instead of checking it")
    options = parser.parse_args()
    layers = read_layers()
    graph = folder_graph()
    wrong = sorted(set(wrong_includes(layers)))
    if circle := find_circle(graph):
        wrong.append("folders include each other: " + " -> ".join(circle))
    text = dot_text(graph, layers)
    if options.write:
        DRAWING.write_text(text)
        subprocess.run(["dot", "-Tsvg", str(DRAWING), "-o", str(DRAWING.with_suffix(".svg"))], check=True)
    elif not DRAWING.exists() or DRAWING.read_text() != text:
        wrong.append("docs/include_graph.dot is out of date: run tests/include_graph.py --write")
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{len(layers)} layers, {len(graph)} folders: includes go one way")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Whether a program with the header of `tsir apply --emit-cpp` gains what tsir has measured.

usage: tests/bench/emitted.py MODEL.pt RECIPE.json [MODEL.pt RECIPE.json …] [--build build/release] [--max-time 120]

A recipe is what `tsir tune --recipe` wrote. For each, two plain C++ programs are compiled against LibTorch only: one
loads the model and calls it, and the other also does what the header says. `tsir bench` times both as rivals, on the
inputs of the recipe, beside tsir's own runs of the module as loaded and of the recipe. In a third pair the programs run
with the limits of malloc that glibc sets, not with those that tsir sets for rivals.

Prints a table: the speed-up that the recipe states, that of tsir's own runs, and those of the two programs, each with
an interval at 95 % from the rounds.

    tests/bench/emitted.py resnet18.pt resnet18.recipe.json
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from tune_models import ratio, served, with_interval
from verdicts import ROOT

COMPILE = ROOT / "tests" / "lit" / "opt" / "Inputs" / "compile.py"
SOURCE = pathlib.Path(__file__).parent / "emitted" / "rival.cpp"
OWN_MALLOC = "env -u MALLOC_MMAP_THRESHOLD_ -u MALLOC_TRIM_THRESHOLD_ "


def compiled(build, folder, prepared):
    """The program, compiled with or without the header in the folder."""
    source = folder / f"{'prepared' if prepared else 'plain'}.cpp"
    source.write_text(("#define PREPARED\n" if prepared else "") + SOURCE.read_text())
    program = source.with_suffix("")
    subprocess.run([sys.executable, COMPILE, build, source, folder, program], check=True)
    return program


def row(arguments, model, recipe_file):
    recipe = json.loads(pathlib.Path(recipe_file).read_text())
    tsir = arguments.build / "bin" / "tsir"
    threads = recipe["settings"]["threads"] or recipe["conditions"]["threads"]
    as_loaded = {"passes": "", "settings": {"executor": "profiling", "threads": threads}}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([tsir, "apply", recipe_file, model, "--emit-cpp", folder / "prepare_model.h"], check=True)
        plain, prepared = (compiled(arguments.build, folder, with_header) for with_header in (False, True))
        rivals = {"loaded": served(tsir, as_loaded), "recipe": served(tsir, recipe), "plain": f"exec {plain}",
                  "prepared": f"exec {prepared}", "own-plain": f"exec {OWN_MALLOC}{plain}",
                  "own-prepared": f"exec {OWN_MALLOC}{prepared}"}
        words = [tsir, "bench", model, "--threads", threads, "--executor", "profiling", "--max-time", arguments.max_time,
                 f"--json={folder / 'report.json'}"]
        words += [word for text in recipe["inputs"] for word in ("--input", text)]
        words += [word for rival, command in rivals.items() for word in ("--rival", f"{rival}={command}")]
        subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL)
        report = json.loads((folder / "report.json").read_text())["tsir"]
    contrasts = {contrast["name"]: contrast for contrast in report["contrasts"] if contrast["reference"] == "baseline"}
    told = recipe["confirmed"]
    cells = [recipe["model"], recipe["passes"], with_interval(1 / told["ratio"], 1 / told["high"], 1 / told["low"])]
    cells += [ratio(contrasts, *pair) for pair in (("loaded", "recipe"), ("plain", "prepared"),
                                                   ("own-plain", "own-prepared"))]
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].partition("\n\n")[0], description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="MODEL.pt RECIPE.json")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--max-time", type=float, default=120)
    arguments = parser.parse_args()
    if len(arguments.pairs) % 2:
        parser.error("each model needs a recipe")
    print("| model | passes | recipe | tsir serve | program | program, malloc's own limits |\n|---|---|---|---|---|---|")
    for model, recipe in zip(arguments.pairs[::2], arguments.pairs[1::2]):
        print(row(arguments, model, recipe), flush=True)


if __name__ == "__main__":
    main()

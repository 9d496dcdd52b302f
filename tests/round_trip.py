#!/usr/bin/env python3
"""Writes every model as .ir text at every stage, reads it back, and compares: the same text, the same outputs.

    round_trip.py TSIR MODELS_FOLDER [--models a,b] [--stages raw,inlined,frozen,passes]
        [--pass-models a,b] [--write docs/ir.md]

Stages: raw (the method as it is saved, with its module), inlined, frozen, and each registered pass by itself, on the
frozen module where it freezes and on the raw one where it does not. "Text": the text that was read back is written as
the same bytes, constants too. "Outputs": both run to the same bits, or both refuse. Exit code 1 where anything differs.
--write puts the table into the generated section of a document.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 300
BEGIN, END = "<!-- round-trip: begin -->", "<!-- round-trip: end -->"


def run(command, folder):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=SECONDS, cwd=folder, env=environment
    )
    return done.returncode, (done.stderr.strip().splitlines() or [""])[0]


def content(path):
    return [p.read_bytes() if p.exists() else None for p in (path, pathlib.Path(f"{path}.tensors"))]


def round_trip(tsir, model, inputs, passes, executable):
    """'same', 'not applicable: …' or what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        first, second = folder / "first.ir", folder / "second.ir"
        code, line = run([tsir, "opt", model, "-p", passes, *inputs, "--reproducers", "", "-o", first], folder)
        if code:
            return f"not applicable: {line}"
        code, line = run([tsir, "opt", first, "-o", second], folder)
        if code:
            return f"cannot be read: {line}"
        if content(first) != content(second):
            return "another text"
        if not executable or (not inputs and "freeze" in passes):  # inputs in the module are gone with it
            return "same"
        results = []
        for file, pipeline in ((model, passes), (first, "")):
            out = folder / "out.pt"
            out.unlink(missing_ok=True)
            code, line = run([tsir, "run", file, "-p", pipeline, *inputs, "-o", out], folder)
            results.append((code, content(out)[0]))
        return "same" if results[0] == results[1] else f"other outputs: {line}"


def stages(tsir, wanted):
    """(stage, passes, whether what it leaves can run)"""
    simple = {"raw": "", "inlined": "inline", "frozen": "freeze{eval=true}"}
    for stage in (stage for stage in wanted if stage in simple):
        yield stage, simple[stage], True
    if "passes" in wanted:
        for row in json.loads(subprocess.run([tsir, "passes", "--json"], capture_output=True, check=True).stdout):
            runs = row.get("executable", True) and row.get("keeps_interface", True)
            yield "after a pass", row["name"], runs
            if row["name"] not in simple.values():
                yield "frozen, after a pass", f"{simple['frozen']},{row['name']}", runs


def table(counts):
    lines = ["| stage | graphs | the same text and outputs | cannot be made | differ |", "|---|---|---|---|---|"]
    for stage, count in counts.items():
        made = sum(count.values()) - count["not applicable"]
        lines.append(f"| {stage} | {made} | {count['same']} | {count['not applicable']} | {made - count['same']} |")
    return "\n".join(lines)


def write_section(path, text):
    document = pathlib.Path(path).read_text()
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    pathlib.Path(path).write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tsir")
    parser.add_argument("folder")
    parser.add_argument("--models", type=lambda text: text.split(","))
    parser.add_argument("--stages", type=lambda text: text.split(","), default=["raw", "inlined", "frozen", "passes"])
    parser.add_argument("--pass-models", type=lambda text: text.split(","), help="on which every pass runs: all")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", metavar="DOCUMENT")
    arguments = parser.parse_args()
    tsir, folder = os.path.abspath(arguments.tsir), pathlib.Path(arguments.folder).resolve()
    inputs = json.loads((folder / "inputs.json").read_text())
    models = arguments.models or sorted(path.stem for path in folder.glob("*.pt"))
    pass_models = arguments.pass_models or models
    jobs = [
        (model, *stage)
        for stage in stages(tsir, arguments.stages)
        for model in (pass_models if "pass" in stage[0] else models)
    ]

    def work(job):
        model, _, passes, executable = job
        given = [word for text in inputs.get(model, []) for word in ("--input", text)]
        return job, round_trip(tsir, str(folder / f"{model}.pt"), given, passes, executable)

    counts = collections.defaultdict(collections.Counter)
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for (model, stage, passes, _), outcome in pool.map(work, jobs):
            kind = outcome.split(":")[0]
            counts[stage][kind] += 1
            if kind not in ("same", "not applicable"):
                wrong += 1
                print(f"{model}, {passes or 'raw'}: {outcome}", flush=True)
    alone = f"; every pass by itself on {', '.join(pass_models)}" if "passes" in arguments.stages else ""
    text = f"{len(models)} models{alone}.\n\n{table(counts)}"
    print(text)
    if arguments.write:
        write_section(arguments.write, text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Makes models of torchvision, torchaudio, timm and transformers with random weights, and takes each through tsir's
commands: dump, dot, run (compared with PyTorch), opt -p python-freeze (the file is run in PyTorch), and verify of fuse
on the frozen model. Prints a table; exits with 1 if anything in it is not right.

    tests/public_models.py TSIR [--out DIR] [--site DIR] [--models a,b] [--table FILE] [--time-limit SECONDS]
                           [--make-only] [--no-install] [--list]

Run it with a Python that has torch. The libraries are installed with pip into --site (210 MB); with --no-install, the
models of libraries that are not there are skipped. A second run keeps the
models that are made, and the results that are newer than both the model and TSIR.
"""
import argparse
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "public_models"
sys.path.insert(0, str(HERE))
import make  # noqa: E402
import packages  # noqa: E402

COMMANDS = ["dump", "dot", "run", "opt", "verify"]
HEADINGS = {"opt": "opt -p python-freeze -o", "verify": "verify --start freeze -p fuse"}


def call(words, seconds):
    """Returns (exit code, stdout, stderr). All libraries use one thread, as `tsir` does for one client."""
    environment = dict(os.environ, OMP_NUM_THREADS="1", PYTHONHASHSEED="0")
    try:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace",
                              timeout=seconds, env=environment)
    except subprocess.TimeoutExpired:
        return 124, "", f"took longer than {seconds:.0f} s"
    return done.returncode, done.stdout, done.stderr


def last_line(text):
    return (text.strip().splitlines() or ["no output"])[-1]


class Commands:
    """The commands over one model. Each returns (right, one line)."""

    def __init__(self, arguments, name, texts):
        self.tsir, self.out, self.name, self.seconds = arguments.tsir, arguments.out, name, arguments.time_limit
        self.model = self.out / f"{name}.pt"
        self.given = ["--inputs", self.out / f"{name}.inputs.pt"]
        self.texts = [word for text in texts for word in ("--input", text)]
        self.work = self.out / "results"

    def tsir_says(self, *words):
        """Returns (output, None), or (None, the line that says what is wrong)."""
        code, output, errors = call([self.tsir, *words], self.seconds)
        return (output, None) if code == 0 else (None, f"exit {code}: {last_line(errors)}")

    def compared(self, path, *inputs):
        code, output, errors = call([sys.executable, HERE / "compare.py", self.out / f"{self.name}.outputs.pt", path,
                                     *inputs], self.seconds)
        return (True, "OK") if code == 0 else (False, last_line(output or errors))

    def dump(self):
        output, wrong = self.tsir_says("dump", self.model)
        if wrong:
            return False, wrong
        return (True, "OK") if "parameters" in output else (False, "no parameters")

    def dot(self):
        output, wrong = self.tsir_says("dot", self.model)
        return (False, wrong) if wrong else (output.startswith("digraph"), "OK")

    def run(self):
        path = self.work / f"{self.name}.run.pt"
        _, wrong = self.tsir_says("run", self.model, *self.given, "-o", path)
        return (False, wrong) if wrong else self.compared(path)

    def opt(self):
        path = self.work / f"{self.name}.opt.pt"
        path.unlink(missing_ok=True)
        _, wrong = self.tsir_says("opt", self.model, "-p", "python-freeze", "--no-graph", *self.given, "-o", path)
        return (False, wrong) if wrong else self.compared(path, self.out / f"{self.name}.inputs.pt")

    def verify(self):
        code, output, errors = call([self.tsir, "verify", self.model, "--start", "freeze", "-p", "fuse", "--json",
                                     "--reproducers", "", *self.texts], self.seconds)
        if not output.startswith("{"):
            return False, f"exit {code}: {last_line(errors)}"
        verdict = json.loads(output)["passes"][-1]
        what = verdict["what"] or verdict["note"]
        return code == 0, ("OK" if code == 0 else f"exit {code}") + f": {verdict['verdict']}, {what}"


def newer(path, *others):
    return path.exists() and all(path.stat().st_mtime > pathlib.Path(other).stat().st_mtime for other in others)


def say(text):
    print(text, file=sys.stderr, flush=True)


def make_model(name, arguments):
    """Returns None, or why the model was not made."""
    if (arguments.out / f"{name}.pt").exists():
        return None
    words = [sys.executable, HERE / "make.py", name, arguments.out, arguments.site]
    code, _, errors = call(words, arguments.time_limit)
    return None if code == 0 else last_line(errors)


def results_of(name, entry, arguments):
    """Returns {command: [right, line, seconds]} of one model."""
    kept = arguments.out / "results" / f"{name}.json"
    if newer(kept, arguments.tsir, arguments.out / f"{name}.pt"):
        return json.loads(kept.read_text())
    commands = Commands(arguments, name, entry.inputs)
    results = {}
    for command in COMMANDS:
        start = time.monotonic()
        right, line = getattr(commands, command)()
        results[command] = [right, line, round(time.monotonic() - start, 1)]
    kept.write_text(json.dumps(results, indent=1))
    return results


def row(name, entry, results):
    cells = [re.sub(r"\s+", " ", results[command][1]).replace("|", "\\|") for command in COMMANDS]
    return "| " + " | ".join([f"`{name}`", f"{entry.what} ({entry.library})", *cells]) + " |"


def table_of(rows):
    head = ["model", "what it is", *(HEADINGS.get(command, command) for command in COMMANDS)]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows]) + "\n"


def write_table(path, table):
    """Replaces the table of a page; what stands before it stays."""
    path = pathlib.Path(path)
    text = path.read_text() if path.exists() else ""
    path.write_text(text.split("| model |")[0] + table)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tsir", nargs="?", help="the program to test")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "public_models",
                        help="folder of the models (default: build/public_models)")
    parser.add_argument("--site", type=pathlib.Path, help="folder of the libraries (default: OUT/site)")
    parser.add_argument("--models", help="only these, separated by commas")
    parser.add_argument("--table", metavar="FILE", help="also write the table into this page")
    parser.add_argument("--time-limit", type=float, default=300, metavar="SECONDS",
                        help="for one command (default: 300)")
    parser.add_argument("--make-only", action="store_true", help="make the models, and run no command")
    parser.add_argument("--no-install", action="store_true", help="skip the models of libraries that are not installed")
    parser.add_argument("--list", action="store_true", help="list the models and exit")
    arguments = parser.parse_args()
    if not arguments.tsir and not arguments.list and not arguments.make_only:
        parser.error("TSIR is missing")
    arguments.out = arguments.out.absolute()
    arguments.site = (arguments.site or arguments.out / "site").absolute()
    return arguments


def main():
    arguments = parse_arguments()
    models = make.models()
    names = arguments.models.split(",") if arguments.models else list(models)
    unknown = [name for name in names if name not in models]
    if unknown:
        sys.exit(f"no such model: {', '.join(unknown)} (see --list)")
    if arguments.list:
        print("\n".join(f"{name:24} {entry.what} ({entry.library})" for name, entry in models.items()))
        return 0
    (arguments.out / "results").mkdir(parents=True, exist_ok=True)
    if arguments.no_install:
        sys.path.append(str(arguments.site))
        names = [name for name in names if is_installed(models[name].library, name)]
    else:
        packages.install(arguments.site)
    return take_through(names, models, arguments)


def is_installed(library, name):
    found = importlib.util.find_spec(library) is not None
    if not found:
        say(f"{name}: skipped: {library} is not installed")
    return found


def take_through(names, models, arguments):
    rows, wrong = [], 0
    for name in names:
        problem = make_model(name, arguments)
        if problem or arguments.make_only:
            say(f"{name}: {'not made: ' + problem if problem else 'made'}")
            wrong += bool(problem)
            if problem:
                rows.append(f"| `{name}` | not made: {problem} |" + " |" * len(COMMANDS))
            continue
        results = results_of(name, models[name], arguments)
        bad = [f"{command}: {line}" for command, (right, line, _) in results.items() if not right]
        wrong += len(bad)
        say(f"{name}: {'; '.join(bad) or 'OK'} ({sum(seconds for *_, seconds in results.values()):.0f} s)")
        rows.append(row(name, models[name], results))
    texts = {name: entry.inputs for name, entry in models.items() if (arguments.out / f"{name}.pt").exists()}
    (arguments.out / "inputs.json").write_text(json.dumps(texts, indent=2) + "\n")
    if not arguments.make_only:
        print(table_of(rows), end="")
        if arguments.table:
            write_table(arguments.table, table_of(rows))
    say(f"{len(names)} models, {wrong} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

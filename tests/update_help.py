"""Updates the golden --help texts: tests/update_help.py [TSIR]. Review the changes before you commit them."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SUBCOMMANDS = ["dump", "passes", "opt", "verify", "reduce", "bisect", "run", "bench", "tune", "apply", "serve", "diff", "dot", "report", "update-checks", "completions", "help"]


def main():
    tsir = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "release" / "bin" / "tsir"
    for name in ["tsir"] + SUBCOMMANDS:
        words = [] if name == "tsir" else [name]
        text = subprocess.run([tsir, *words, "--help"], check=True, capture_output=True, text=True).stdout
        (ROOT / "tests" / "lit" / "help" / "Inputs" / f"{name}.txt").write_text(text)


main()

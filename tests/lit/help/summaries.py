"""summaries.py TSIR: checks the summaries of `tsir --help`: each is one whole sentence, namely the first of the subcommand's own help."""

import re
import subprocess
import sys

WIDTH = 110


def help_of(*words):
    return subprocess.run([sys.argv[1], *words, "--help"], check=True, capture_output=True, text=True).stdout


def summaries(text):
    """Name and summary of each subcommand; a summary may go on in indented lines."""
    found = {}
    for line in text.split("\nSubcommands:\n")[1].split("\n\n")[0].splitlines():
        name, rest = line[2:28].strip(), line[28:].strip()
        if name:
            last = name
            found[name] = rest
        else:
            found[last] += " " + rest
    return found


def faults(name, summary):
    own = help_of(name)
    first = re.sub(r"\s+", " ", own.split("\n\n")[0])
    if not first.endswith(".") or re.search(r"[.;:] ", first):
        yield f"its own help begins with '{first}', which is not one sentence"
    if first != summary + ".":
        yield f"'{summary}' is not the first sentence of its own help, '{first}'"
    if own.split("\n\n")[1].startswith("Usage:"):
        yield "its own help has no details"


def main():
    text = help_of()
    found = summaries(text)
    assert len(found) >= 11, found
    wrong = [f"{name}: {fault}" for name, summary in found.items() for fault in faults(name, summary)]
    wrong += [f"too long: {line}" for line in text.splitlines() if len(line) > WIDTH]
    sys.exit("\n".join(wrong) or 0)


main()

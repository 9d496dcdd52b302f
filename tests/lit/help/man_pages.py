"""man_pages.py TSIR DIR: checks the man pages in DIR against `tsir help`: no page is missing, each has its sections and
every flag and subcommand of the help, and groff and mandoc, where they are installed, have no warnings."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES", "SEE ALSO"]
GROFF = ["groff", "-man", "-Tutf8", "-ww", "-rLL=200n", "-P-c", "-P-b", "-P-o", "-P-u"]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def formatted(page):
    """The text of a page, its lines 200 columns wide, and groff's warnings."""
    done = subprocess.run([*GROFF, page], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    # On its UTF-8 device groff prints typographic forms of these.
    text = done.stdout.replace("\u2212", "-").replace("\u2010", "-")
    return text, done.stderr


def subcommands(text):
    lines = text.split("\nSubcommands:\n")[1].split("\n\n")[0].splitlines()
    return [line[2:28].strip() for line in lines if line[2:28].strip()]


def flags(text):
    """Each flag of a help text, with both of its names."""
    found = set()
    for line in text.splitlines():
        if match := re.match(r"  (-[^ \[]*)", line):
            found.update(match[1].split(","))
    return found


def words(text):
    return " ".join(text.split())


def faults(name, page, help_text):
    source = page.read_text()
    sections = re.findall(r"^\.SH (.*)$", source, re.MULTILINE)
    for section in SECTIONS:
        if section not in sections:
            yield f"has no section {section}"
    for section in re.split(r"^\.SH ", source, flags=re.MULTILINE)[1:]:
        if len(section.strip().splitlines()) < 2:
            yield f"has an empty section {section.strip()}"
    for flag in flags(help_text):
        if "\\fB" + flag.replace("-", "\\-") + "\\fR" not in source:
            yield f"lacks the flag {flag}"
    summary = help_text.split(".\n\n")[0]
    if name != "tsir" and not re.search(re.escape("tsir-" + name + " - " + summary[0].lower()), source.replace("\\-", "-")):
        yield "has another summary than the help"


def text_faults(page, help_text):
    """What only groff can tell."""
    text, warnings = formatted(page)
    if warnings:
        yield f"groff warns: {warnings.strip().splitlines()[0]}"
    paragraph = words(help_text.split("\n\n")[1])
    if not paragraph.startswith("Usage:") and paragraph[:60].replace("`", "'") not in words(text).replace("`", "'"):
        yield f"does not say '{paragraph[:60]}'"


def lint_faults(page):
    """What mandoc warns of. The pages have no date, so that each build writes the same."""
    done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", page], capture_output=True, text=True)
    for line in (done.stdout + done.stderr).splitlines():
        if "missing date" not in line:
            yield f"mandoc warns: {line}"


def main():
    tsir, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    top = output(tsir, "help")
    names = subcommands(top)
    pages = {"tsir": (folder / "tsir.1", top)}
    pages |= {name: (folder / f"tsir-{name}.1", output(tsir, "help", name)) for name in names}
    assert len(names) >= 17 and "bench" in names, names
    assert sorted(path for path, _ in pages.values()) == sorted(folder.iterdir()), sorted(folder.iterdir())
    assert all(len(flags(text)) >= 2 for _, text in pages.values())
    wrong = []
    for name, (page, help_text) in pages.items():
        found = list(faults(name, page, help_text))
        if shutil.which("groff"):
            found += text_faults(page, help_text)
        if shutil.which("mandoc"):
            found += lint_faults(page)
        wrong += [f"{page.name} {fault}" for fault in found]
    source = pages["tsir"][0].read_text()
    for name in names:
        if f"\n\\fB{name}\\fR\n".replace("-", "\\-") not in source:
            wrong.append(f"tsir.1 does not list {name}")
        if f"\\fBtsir-{name}\\fR(1)".replace("-", "\\-") not in source:
            wrong.append(f"tsir.1 does not refer to tsir-{name}(1)")
    sys.exit("\n".join(wrong) or 0)


main()

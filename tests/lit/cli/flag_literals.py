"""flag_literals.py SOURCE: finds command-line flags in the string literals of lib/ and passes/."""

import pathlib
import re
import sys

# Where literals may hold flags, which (* for any), and why. An entry that is not needed any more is an error as well.
COMMAND = "builds or reads a command line"
ROW = "the tool's documentation of a pass"
ALLOWED = [
    ("lib/bisect/job.cpp", "*", COMMAND),
    ("lib/completion/known_methods.cpp", "--json", COMMAND),
    ("lib/checks/run_lines.cpp", "-p", "an example of a RUN line"),
    ("lib/checks/test_text.cpp", "*", "reads and writes the command line that a test remembers"),
    ("lib/checks/update.cpp", "--check-prefixes", "a flag of FileCheck"),
    ("lib/process/subprocess.cpp", "-c", "a flag of sh"),
    ("lib/reduce/crash_reproducer.cpp", "*", COMMAND),
    ("lib/render/plot/gnuplot.cpp", "*", "flags of gnuplot"),
    ("lib/tune/trials.cpp", "*", COMMAND),
    ("lib/verify/ir_reproducer.cpp", "*", COMMAND),
    ("lib/verify/reproducer.cpp", "*", COMMAND),
    ("lib/workload/invocation.cpp", "*", COMMAND),
    ("passes/exclusions.cpp", "--executor", ROW),
    ("passes/inplace.cpp", "--compare", ROW),
    ("passes/rewrite.cpp", "--compare", ROW),
]

# Comments, characters and numbers come first, so that quotes in them begin no string.
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\b\d[\w']*|'(?:\\.|[^'\\\n])+'"""
    r'''|R"(?P<mark>\w*)\((?P<raw>.*?)\)(?P=mark)"|"(?P<plain>(?:\\.|[^"\\\n])*)"''',
    re.DOTALL,
)
FLAG = re.compile(r"(?<![\w-])(?:--[a-z][\w-]*|-[a-zA-Z](?![\w-]))")


def flags_in(text):
    """Each flag in a string literal, with its line."""
    for token in TOKEN.finditer(text):
        literal = token["raw"] or token["plain"] or ""
        for flag in FLAG.findall(literal):
            yield text.count("\n", 0, token.start()) + 1, flag


sample = """f("a --b\\"", 1'0, '"'); // "--c"\nR"x(-d)x" """
assert list(flags_in(sample)) == [(1, "--b"), (2, "-d")], "flags_in is wrong"

source = pathlib.Path(sys.argv[1])
paths = [path for folder in ("lib", "passes") for path in sorted((source / folder).rglob("*"))]
files = [path for path in paths if path.suffix in (".h", ".cpp")]
assert len(files) > 200, "the sources were not found"
faults = []
needed = set()
for path in files:
    name = path.relative_to(source).as_posix()
    for line, flag in flags_in(path.read_text(encoding="utf-8")):
        allowed = [entry for entry in ALLOWED if name.startswith(entry[0]) and entry[1] in ("*", flag)]
        needed.update(allowed)
        if not allowed:
            faults.append(f"{name}:{line}: {flag} in a string: use spelled(), or add a reason to flag_literals.py")
faults += [f"{entry[0]}: nothing there needs to be allowed {entry[1]}" for entry in ALLOWED if entry not in needed]
print("\n".join(faults))
sys.exit(len(faults) > 0)

# A lit configuration for tests of TorchScript IR, for any project. To use it, put this into your lit.cfg.py:
#
#   import os, subprocess
#   lit_config.load_config(config, subprocess.check_output(["tsir", "--lit-config"], text=True).strip())
#   config.test_source_root = os.path.dirname(__file__)
#
# It defines the commands tsir, FileCheck (strict), not, split-file and count. If tsir or FileCheck is not found, set
# config.tsir_program or config.tsir_filecheck before the second line, or TSIR or FILECHECK in the environment.
# ruff: noqa: F821
import os
import shlex
import shutil
import sys

import lit.formats

HERE = os.path.dirname(os.path.abspath(__file__))
VERSIONS = ("", *(f"-{number}" for number in range(24, 13, -1)))


def given(attribute, variable):
    """Returns the path that the project or the environment sets. Stops lit if there is no such program."""
    path = getattr(config, attribute, None) or os.environ.get(variable)
    if path and not shutil.which(path):
        lit_config.fatal(f"{variable}={path}: there is no such program")
    return shutil.which(path) if path else None


def llvm_tool(name, folder=None):
    """Returns the path of an LLVM test tool: in `folder`, on the PATH, or in Debian's LLVM folders."""
    for version in VERSIONS:
        found = ((folder and shutil.which(name + version, path=folder)) or shutil.which(name + version)
                 or shutil.which(name, path=f"/usr/lib/llvm{version}/bin"))
        if found:
            return found
    return None


def find_tsir():
    program = given("tsir_program", "TSIR") or shutil.which(os.path.join(HERE, "..", "..", "..", "bin", "tsir"))
    return os.path.normpath(program) if program else lit_config.fatal(
        "tsir not found next to its lit configuration: set TSIR to its path")


def find_filecheck():
    found = given("tsir_filecheck", "FILECHECK") or llvm_tool("FileCheck")
    # PyPI's package, beside the Python that runs lit or on the PATH.
    found = found or shutil.which("filecheck", path=os.path.dirname(sys.executable)) or shutil.which("filecheck")
    return found or lit_config.fatal("FileCheck not found: install LLVM's (Debian: llvm-19-tools), or `pip install "
                                     "filecheck`, or set FILECHECK to its path")


tsir = find_tsir()
filecheck = find_filecheck()
is_llvm = os.path.basename(filecheck).startswith("FileCheck")
strict = " --enable-var-scope"
if is_llvm:
    strict += " --allow-unused-prefixes=false"
    config.available_features.add("llvm-filecheck")


def tool(name):
    """Returns the command of LLVM's tool, or of its replacement."""
    found = is_llvm and llvm_tool(name, os.path.dirname(filecheck))
    if found:
        return shlex.quote(found)
    return f"{shlex.quote(sys.executable)} {shlex.quote(os.path.join(HERE, 'test_tools.py'))} {name}"


config.name = config.name if config.name not in (None, "<unnamed>") else "tsir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ir", ".test"]
config.excludes = ["Inputs"]
config.environment["NO_COLOR"] = "1"
config.environment["OMP_NUM_THREADS"] = "1"
config.substitutions += [
    (r"(?<![-\w/.])tsir(?= )", shlex.quote(tsir)),
    (r"(?<![-\w/.])FileCheck(?= )", shlex.quote(filecheck) + strict),
    (r"(?<![-\w/.])not(?= )", tool("not")),
    (r"(?<![-\w/.])split-file(?= )", tool("split-file")),
    (r"(?<![-\w/.])count(?= +[0-9])", tool("count")),
]

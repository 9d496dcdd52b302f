# lit's configuration: one folder a subcommand or pass family. tests/run gives the paths in the environment; the
# defaults are those of the release preset.
import os
import shutil
import subprocess

import lit.formats

config.name = "tsir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
source = os.path.abspath(os.path.join(config.test_source_root, "..", ".."))
binaries = os.environ.get("TSIR_BUILD_DIR", os.path.join(source, "build", "release"))
config.test_exec_root = os.path.join(binaries, "lit")


def tool(variable, name):
    """The path in the environment variable, or the newest LLVM's tool of that name."""
    given = os.environ.get(variable)
    if given:
        return given
    for version in ("", "-19", "-18", "-17", "-16", "-15", "-14"):
        found = shutil.which(name + version) or shutil.which(name, path=f"/usr/lib/llvm{version}/bin")
        if found:
            return found
    lit_config.fatal(f"{name} not found: run tools/setup")


python = os.environ.get("TSIR_PYTHON") or os.path.join(source, ".venv", "bin", "python")
filecheck = tool("TSIR_FILECHECK", "FileCheck") + " --enable-var-scope --allow-unused-prefixes=false"
config.substitutions += [
    ("%models", os.environ.get("TSIR_MODELS", os.path.join(source, "build", "models"))),
    ("%hostile", os.environ.get("TSIR_HOSTILE", os.path.join(source, "build", "hostile"))),
    ("%upstream", os.environ.get("TSIR_UPSTREAM", os.path.join(source, "build", "upstream"))),
    ("%testdata", os.path.join(source, "testdata")),
    ("%source", source),
    ("%build", binaries),
    ("%python", python),
    (r"(?<![-\w/.])tsir(?= )", os.path.join(binaries, "bin", "tsir")),
    (r"\bFileCheck\b", filecheck),
    (r"(?<![-\w])not(?= )", tool("TSIR_NOT", "not")),
]
# google/benchmark's own reader of its files, for the test of what bench writes.
compare = "/usr/share/benchmark/compare.py"
config.substitutions.append(("%compare", f"{python} {compare}"))
if os.path.exists(compare) and subprocess.run([python, "-c", "import scipy"], capture_output=True).returncode == 0:
    config.available_features.add("google-compare")
config.environment["NO_COLOR"] = "1"
config.environment["OMP_NUM_THREADS"] = "1"
for name in ("LLVM_SYMBOLIZER_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# The lit configuration of tsir's own tests. There is one folder per subcommand or pass family. tests/run sets the paths in
# the environment; the defaults are those of the release preset.
import os
import re
import shutil
import subprocess
import sys

config.name = "tsir"
config.test_source_root = os.path.dirname(__file__)
source = os.path.abspath(os.path.join(config.test_source_root, "..", ".."))
binaries = os.environ.get("TSIR_BUILD_DIR", os.path.join(source, "build", "release"))
config.test_exec_root = os.path.join(binaries, "lit")

# The configuration that outside projects use too. tsir_client stands in for tsir, and starts it where that matters.
config.tsir_program = os.path.join(binaries, "bin", "tsir_client")
config.tsir_filecheck = os.environ.get("TSIR_FILECHECK")
lit_config.load_config(config, os.path.join(source, "tools", "lit", "tsir.cfg.py"))

python = os.environ.get("TSIR_PYTHON") or os.path.join(source, ".venv", "bin", "python")
config.substitutions += [
    ("%models", os.environ.get("TSIR_MODELS", os.path.join(source, "build", "models"))),
    ("%hostile", os.environ.get("TSIR_HOSTILE", os.path.join(source, "build", "hostile"))),
    ("%upstream", os.environ.get("TSIR_UPSTREAM", os.path.join(source, "build", "upstream"))),
    ("%testdata", os.path.join(source, "testdata")),
    ("%source", source),
    ("%build", binaries),
    ("%python", python),
    ("%lit-python", sys.executable),
    ("%lit(?!-)", f"{sys.executable} -c 'from lit.main import main; main()'"),
]
# A bundle is made of a build that runs anywhere.
if os.path.basename(binaries) != "asan":
    config.available_features.add("plain-build")
# The version of LibTorch, for expectations that differ: torch-2.9-or-newer.
version = subprocess.run([os.path.join(binaries, "bin", "tsir"), "--version"], capture_output=True, text=True).stdout
minor = int(re.search(r"\(LibTorch 2\.([0-9]+)", version).group(1))
config.available_features.update(f"torch-2.{number}-or-newer" for number in range(5, minor + 1))
# google/benchmark's own tool, which a test runs on the output of bench.
compare = "/usr/share/benchmark/compare.py"
config.substitutions.append(("%compare", f"{python} {compare}"))
if os.path.exists(compare) and subprocess.run([python, "-c", "import scipy"], capture_output=True).returncode == 0:
    config.available_features.add("google-compare")
# A browser, for the pages of `tsir report`.
if shutil.which("chromium") or shutil.which("google-chrome"):
    config.available_features.add("chromium")
# Shells whose completions are tested.
config.available_features.update(shell for shell in ("bash", "zsh", "fish") if shutil.which(shell))
for name in ("TSIR_MORE_FILECHECKS", "LLVM_SYMBOLIZER_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# Most of the time of a short command is LibTorch's start, so one process has started it, and forks for each command. It
# is kept in the module, because lit sends `config` to its workers.
sys.path.insert(0, os.path.join(source, "tests"))
import tool  # noqa: E402

tool.of_lit = tool.Many(os.path.join(binaries, "bin", "tsir_many"), config.environment)
config.environment["TSIR_MANY"] = tool.of_lit.socket

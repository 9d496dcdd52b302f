"""run_bundle.py BUNDLE TSIR MODEL DIR: runs a bundle with the LibTorch of TSIR on a model, and writes to DIR."""

import json
import pathlib
import platform
import re
import shutil
import subprocess
import sys

bundle = pathlib.Path(sys.argv[1]).resolve()
installed, model, folder = sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4]).resolve()
launcher = bundle / "bin" / "tsir"
build = json.loads(subprocess.run([installed, "--version", "--json"], check=True, capture_output=True).stdout)
libtorch = pathlib.Path(build["libtorch"]["file"]).parents[1]


def tsir(*words, **environment):
    return subprocess.run([launcher, *words], env=environment, cwd=folder, capture_output=True, text=True)


def passed(*words, **environment):
    done = tsir(*words, TSIR_LIBTORCH=str(libtorch), **environment)
    assert done.returncode == 0, (words, done)
    return done


def refused(line, program=launcher, **environment):
    done = subprocess.run([program, "--version"], env=environment, capture_output=True, text=True)
    assert done.returncode == 3 and done.stdout == "", done
    assert re.fullmatch(line, done.stderr), done.stderr


def write_fake(version):
    """A LibTorch of another version: the launcher looks no further than at its version."""
    fake = folder / f"libtorch-{version}"
    (fake / "lib").mkdir(parents=True, exist_ok=True)
    (fake / "lib" / "libtorch_cpu.so").write_text("")
    (fake / "build-version").write_text(version + "\n")
    return fake


def loaded_from_elsewhere(log):
    """Libraries that LD_DEBUG saw, without those of the bundle, of LibTorch and of glibc and the C++ library."""
    paths = {pathlib.Path(path) for path in re.findall(r"calling init: (/.*\.so\S*)", log)}
    assert bundle / "lib" / "graphviz" / "libgvplugin_dot_layout.so.6" in paths, sorted(paths)
    system = re.compile(r"(ld-linux.*|lib(c|m|dl|rt|util|pthread|stdc\+\+|gcc_s))\.so\.\d+")
    return {path for path in paths if bundle not in path.parents and libtorch not in path.parents
            and not system.fullmatch(path.name)}


def commands():
    # The program's arc4random_buf() takes the place of glibc's (tools/older_glibc.py).
    symbols = subprocess.run(["nm", "-D", bundle / "libexec" / "tsir"], check=True, capture_output=True, text=True).stdout
    assert re.search(r" T arc4random_buf$", symbols, re.M)
    assert "parameters" in passed("dump", model).stdout
    assert passed("run", model, "--input", "float32[1,3,16,16]").stdout
    drawn = folder / "drawing.svg"
    passed("dot", model, "-o", str(drawn), LD_DEBUG="files", LD_DEBUG_OUTPUT=str(folder / "loaded"))
    log = "".join(path.read_text() for path in folder.glob("loaded.*"))  # one of each process
    assert "</svg>" in drawn.read_text()
    subprocess.run([installed, "dot", model, "-o", folder / "same.svg"], check=True)
    assert drawn.read_text() == (folder / "same.svg").read_text()  # hypot() of another version gives the same
    assert not loaded_from_elsewhere(log), loaded_from_elsewhere(log)
    for kind, start in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        passed("dot", model, "-o", str(folder / f"drawing.{kind}"))
        assert (folder / f"drawing.{kind}").read_bytes().startswith(start)
    version = json.loads(passed("--version", "--json").stdout)
    assert version == build, version
    assert "bench" in subprocess.run([bundle / "bin" / "tsir-complete", "words", "be"], env={}, check=True,
                                     capture_output=True, text=True).stdout
    assert (bundle / "share" / "man" / "man1" / "tsir-bench.1").exists()


def other_programs():
    """What tsir starts: itself through the launcher, and others with the library path that the user has set."""
    test = folder / "self.ir"
    test.write_text("# RUN: tsir opt %s | FileCheck %s\ngraph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)\n")
    passed("update-checks", str(test))
    assert "CHECK" in test.read_text()
    for before, condition in (({}, '[ -z "${LD_LIBRARY_PATH+set}" ]'),
                              ({"LD_LIBRARY_PATH": "/nowhere"}, '[ "$LD_LIBRARY_PATH" = /nowhere ]')):
        script = folder / "script"
        script.write_text(f'#!/bin/sh\n{condition} && [ -z "$TSIR_LAUNCHER" ] && [ -z "$TSIR_OUTER_LIBRARY_PATH" ]\n')
        script.chmod(0o755)
        passed("reduce", str(test), "-o", str(folder / "small.ir"), "--", str(script), **before)


def without_libtorch():
    refused(r"tsir: error: no LibTorch found: set TSIR_LIBTORCH to its folder, .*\n")
    refused(r"tsir: error: there is no LibTorch in TSIR_LIBTORCH=/nowhere: .*\n", TSIR_LIBTORCH="/nowhere")
    minor = re.escape(".".join(build["built_for"].split(".")[:2]))
    refused(rf"tsir: error: this tsir is built for LibTorch {minor}, and .*libtorch-1\.9\.1 is version 1\.9\.1: .*\n",
            TSIR_LIBTORCH=str(write_fake("1.9.1")))


def glibc():
    description = json.loads((bundle / "share" / "tsir" / "bundle.json").read_text())
    if platform.machine() == "x86_64" and platform.libc_ver() == ("glibc", "2.36"):  # that of Debian 12
        assert (description["glibc"], description["cxx_library_glibc"]) == ("2.34", "2.36"), description
    # On a system that is too old, nothing but the launcher and the description is looked at.
    newer = folder / "newer"
    (newer / "bin").mkdir(parents=True)
    (newer / "share" / "tsir").mkdir(parents=True)
    shutil.copy(launcher, newer / "bin" / "tsir")
    (newer / "share" / "tsir" / "bundle.json").write_text(json.dumps({**description, "glibc": "9.1"}))
    refused(r"tsir: error: this tsir needs glibc 9\.1 or newer, and this system has glibc 2\.\d+: build tsir here, .*\n",
            newer / "bin" / "tsir", TSIR_LIBTORCH=str(libtorch))


def found_beside():
    beside = bundle.parent / "libtorch"
    beside.symlink_to(libtorch)
    done = tsir("--version")
    beside.unlink()
    assert done.returncode == 0 and str(libtorch.resolve()) in done.stdout, done


commands()
other_programs()
without_libtorch()
glibc()
found_beside()

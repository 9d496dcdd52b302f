"""Compiles a program against the LibTorch of a build of tsir: compile.py BUILD SOURCE.cpp FOLDER PROGRAM

FOLDER: where the headers that the program includes are."""
import pathlib
import re
import subprocess
import sys

build, source, folder, program = sys.argv[1:]
cache = pathlib.Path(build, "CMakeCache.txt").read_text()
libtorch = re.search(r"^TSIR_LIBTORCH:\w+=(.*)$", cache, re.M)[1]
compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache, re.M)[1]
# The std::string with which LibTorch was compiled.
config = pathlib.Path(libtorch, "share/cmake/Torch/TorchConfig.cmake").read_text()
strings = re.findall("-D_GLIBCXX_USE_CXX11_ABI=[01]", config)
subprocess.run([compiler, "-std=c++20", *strings, f"-I{folder}", "-isystem", f"{libtorch}/include", "-isystem",
                f"{libtorch}/include/torch/csrc/api/include", "-Wall", "-Wextra", "-Werror", "-o", program, source,
                f"-L{libtorch}/lib", f"-Wl,-rpath,{libtorch}/lib", "-Wl,--no-as-needed",
                "-Wl,--allow-shlib-undefined", "-ltorch", "-ltorch_cpu", "-lc10"],
               check=True)

"""Checks that files of old formats can be looked at if LibTorch loads them: old_formats.py TSIR FOLDER

LibTorch replaces operators whose meaning has changed since the file was written. All of those are tried, in files of
the oldest format, the last one with the old meaning, the first with the new one, and the newest.
"""
import pathlib
import sys
import zipfile

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tool import Tool  # noqa: E402

# The operator as a file of its time calls it, and the first format with the new meaning.
OPERATORS = {
    "torch.div(x, x)": 4, "torch.div(x, 2)": 4, "torch.div_(x, x)": 4, "torch.div_(x, 2)": 4,
    "torch.div(x, x, out=x)": 4, 'torch.div(x, x, rounding_mode="floor")': 4,
    'torch.div(x, 2, rounding_mode="trunc")': 4, 'torch.div_(x, x, rounding_mode="floor")': 4,
    'torch.div_(x, 2, rounding_mode="floor")': 4, 'torch.div(x, x, rounding_mode="floor", out=x)': 4,
    "torch.full([2, 3], 3)": 5, "torch.full([2, 3], 3, out=x)": 5,
    "torch.linspace(0, 1, None)": 8, "torch.linspace(0, 1, 6, out=x)": 8,
    "torch.logspace(0, 1, None)": 9, "torch.logspace(0, 1, 6, 10., out=x)": 9,
    "torch.gelu(x)": 10, "torch.gelu(x, out=x)": 10,
}


class Net(torch.nn.Module):
    def forward(self, x):
        return torch.neg(x)


def age(new, old, version, expression):
    with zipfile.ZipFile(new) as source, zipfile.ZipFile(old, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("/version"):
                content = b"%d\n" % version
            elif name.endswith(".py"):
                content = content.replace(b"torch.neg(x)", expression.encode())
            if not name.endswith((".debug_pkl", "serialization_id", "byteorder", ".format_version", ".storage_alignment")):
                target.writestr(name, content)


def main():
    tsir, folder = Tool(sys.argv[1]), pathlib.Path(sys.argv[2])
    torch.jit.script(Net()).save(folder / "new.pt")
    looked = 0
    for expression, bumped in OPERATORS.items():
        for version in sorted({2, bumped - 1, bumped, 10}):
            old = folder / f"old_{version}.pt"
            age(folder / "new.pt", old, version, expression)
            try:
                torch.jit.load(old)
            except RuntimeError:
                continue
            for command in (["dump", "--show", "graph"], ["opt"], ["dot"], ["diff", old]):
                done = tsir.run([command[0], old, *command[1:]])
                assert done.returncode == 0, f"{command[0]}, format {version}, {expression}: {done.stderr}"
            looked += 1
    print(f"looked at {looked} files")


main()

"""Writes modules as flatbuffers into the current folder: flatbuffers.py MODELS_FOLDER"""

import enum
import shutil
import sys

import torch


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Colored(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.color = Color.GREEN

    def forward(self):
        return self.color == Color.GREEN


for name in ("tiny", "quantized"):
    shutil.copy(f"{sys.argv[1]}/{name}.pt", f"{name}.pt")
    module = torch.jit.load(f"{name}.pt")
    torch._C._save_jit_module(module._c, f"{name}.ff", {"note.txt": "from the author"})
torch.jit.load("tiny.pt")._save_for_lite_interpreter("lite.ff", _use_flatbuffer=True)
for name, module in {"enum": Colored(), "gelu": torch.nn.GELU(approximate="tanh")}.items():
    torch._C._save_jit_module(torch.jit.script(module.eval())._c, f"{name}.ff", {})

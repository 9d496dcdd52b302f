"""Writes modules that hold more than their forward: make_beside.py FOLDER"""
import pathlib
import sys
import zipfile

import torch

FOLDER = pathlib.Path(sys.argv[1])


class Parts(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(3, 3)

    def forward(self, x):
        return self.layer(x)

    @torch.jit.export
    def encode(self, x):
        return self.layer(x) + 1

    @torch.jit.export
    def decode(self, x):
        return self.layer(x) - 1


def log(self, inputs: tuple[torch.Tensor], output: torch.Tensor):
    return output * 2


def saved_on_a_gpu(source, target):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("/data.pkl"):
                content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            new.writestr(name, content)


torch.manual_seed(0)
traced = torch.jit.trace(torch.nn.Linear(3, 3).eval(), torch.randn(1, 3))
traced.save(FOLDER / "traced.pt")
saved_on_a_gpu(FOLDER / "traced.pt", FOLDER / "cuda.pt")
scripted = torch.jit.script(torch.nn.Linear(3, 3).eval())
scripted.save(str(FOLDER / "extra.pt"), _extra_files={"config.txt": '{"stride": 32}', "sub/blob.bin": b"\x00\x01\xff\xfe"})
scripted._save_for_lite_interpreter(str(FOLDER / "lite.pt"))
parts = Parts().eval()
parts.register_forward_hook(log)
torch.jit.script(parts).save(FOLDER / "parts.pt")

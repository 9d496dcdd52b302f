"""Writes a module that makes a tensor on a device that few machines have: missing_device.py FILE"""
import pathlib
import sys
import zipfile

import torch


class Net(torch.nn.Module):
    def forward(self, x):
        return x + torch.zeros(4, device=x.device)


target = pathlib.Path(sys.argv[1])
plain = target.with_suffix(".plain.pt")
torch.jit.trace(Net(), torch.randn(1, 4)).save(plain)
with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
    for name in old.namelist():
        new.writestr(name, old.read(name).replace(b'torch.device("cpu")', b'torch.device("mps:0")'))

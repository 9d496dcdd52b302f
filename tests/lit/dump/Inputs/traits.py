"""Writes modules that do what their owner may not expect: traits.py FOLDER"""
import pathlib
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
FOLDER = pathlib.Path(sys.argv[1])


class Noisy(nn.Module):
    def forward(self, x):
        y = x + torch.randn(1)
        y = y + torch.arange(3, device=torch.device("cpu"))
        return torch.as_strided(y, [2], [1])


def before(self, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
    return inputs


def after(self, inputs: tuple[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
    return output


torch.manual_seed(0)
net = nn.Sequential(nn.Flatten(), nn.Linear(100, 4), nn.Dropout(0.5), nn.BatchNorm1d(4))
torch.jit.trace(net.train(), torch.rand(3, 1, 10, 10), check_trace=False).eval().save(FOLDER / "trains.pt")
noisy = Noisy().eval()
noisy.register_forward_pre_hook(before)
noisy.register_forward_hook(after)
torch.jit.script(noisy).save(FOLDER / "noisy.pt")


class Quiet(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(4, track_running_stats=False)
        self.lstm = nn.LSTM(4, 4)

    def forward(self, x):
        y = self.norm(self.dropout(x))
        y = torch.nn.functional.scaled_dot_product_attention(y[None], y[None], y[None])
        return self.lstm(y)[0]


torch.jit.script(Quiet().eval()).save(FOLDER / "quiet.pt")

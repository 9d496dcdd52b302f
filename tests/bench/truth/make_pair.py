"""Writes the two models of tests/bench/truth.py and their input into the current folder."""
import torch


class Net(torch.nn.Module):
    def __init__(self, rows):
        super().__init__()
        self.rows = rows
        torch.manual_seed(0)
        self.register_buffer('w', torch.randn(512, 512) * 0.04)

    def forward(self, x):
        y = torch.zeros(self.rows, 512)
        for i in range(8):
            y = torch.tanh(torch.mm(y + x, self.w))
        return y.sum()


torch.jit.script(Net(400).eval()).save('base.pt')
torch.jit.script(Net(412).eval()).save('more.pt')
torch.save([torch.randn(1, 512)], 'inputs')

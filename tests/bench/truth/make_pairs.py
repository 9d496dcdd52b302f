"""Writes the pairs of models of tests/bench/truth.py and their inputs into the current folder.

For each pair: NAME.base.pt, NAME.more.pt (the same with a little more work, or with the same work elsewhere in memory)
and NAME.inputs, a list of inputs. One line for each pair: its name. All weights are seeded.
"""
import sys

import torch
import torch.nn.functional as F


class Loop(torch.nn.Module):
    """Multiplies a matrix of `rows` x `width` by a square one, `times` times."""

    def __init__(self, rows, times, width=512):
        super().__init__()
        self.rows, self.times, self.width = rows, times, width
        self.register_buffer('w', torch.randn(width, width) * 0.04)

    def forward(self, x):
        y = torch.zeros(self.rows, self.width)
        for i in range(self.times):
            y = torch.tanh(torch.mm(y + x, self.w))
        return y.sum()


class Products(torch.nn.Module):
    """Nothing but products of matrices that fit into the second-level cache."""

    def __init__(self, times):
        super().__init__()
        self.times = times
        self.register_buffer('w', torch.randn(256, 256) * 0.06)

    def forward(self, x):
        for i in range(self.times):
            x = torch.mm(x, self.w)
        return x


class Elementwise(torch.nn.Module):
    """Adds and scales a tensor of `size` numbers, `times` times."""

    def __init__(self, size, times):
        super().__init__()
        self.times = times
        self.register_buffer('b', torch.randn(size))

    def forward(self, x):
        y = self.b + x
        for i in range(self.times):
            y = y * 0.5 + self.b
        return y.sum()


class Chunks(torch.nn.Module):
    """Works on many tensors of `size` numbers, each of which has its own memory."""

    def __init__(self, size, count=64, times=6):
        super().__init__()
        self.times = times
        self.parts = torch.nn.ParameterList([torch.nn.Parameter(torch.randn(size)) for _ in range(count)])

    def forward(self, x):
        y = torch.zeros_like(self.parts[0]) + x
        for i in range(self.times):
            for part in self.parts:
                y = torch.tanh(y + part)
        return y.sum()


class Convolutions(torch.nn.Module):
    def __init__(self, width, layers=4):
        super().__init__()
        self.width = width
        self.layers = torch.nn.ModuleList(
            [torch.nn.Conv2d(3 if i == 0 else 64, 64, 3, padding=1) for i in range(layers)])

    def forward(self, x):
        y = x[:, :, :, :self.width]
        for layer in self.layers:
            y = torch.relu(layer(y))
        return y


class EncoderLayer(torch.nn.Module):
    """One layer of BERT-base, for a sequence of `length`."""

    def __init__(self, length):
        super().__init__()
        self.length = length
        self.qkv, self.out = torch.nn.Linear(768, 3 * 768), torch.nn.Linear(768, 768)
        self.up, self.down = torch.nn.Linear(768, 3072), torch.nn.Linear(3072, 768)
        self.norm1, self.norm2 = torch.nn.LayerNorm(768), torch.nn.LayerNorm(768)

    def forward(self, x):
        x = x[:, :self.length]
        q, k, v = self.qkv(x).view(1, self.length, 3, 12, 64).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) * 0.125, -1)
        y = torch.matmul(weights, v).transpose(1, 2).reshape(1, self.length, 768)
        x = self.norm1(x + self.out(y))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Recurrent(torch.nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps = steps
        self.lstm = torch.nn.LSTM(128, 128)

    def forward(self, x):
        return self.lstm(x[:self.steps])[0]


class Perceptron(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(*[m for _ in range(6) for m in (torch.nn.Linear(512, 512), torch.nn.ReLU())])

    def forward(self, x):
        return self.layers(x)


def seeded(make, *arguments):
    torch.manual_seed(0)
    return torch.jit.script(make(*arguments).eval())


def constants_moved(module):
    return torch.jit.freeze(module, optimize_numerics=False)


def pairs():
    yield 'rows-400-412', seeded(Loop, 400, 8), seeded(Loop, 412, 8), [torch.randn(1, 512)]
    yield 'compute-bound', seeded(Products, 40), seeded(Products, 41), [torch.randn(256, 256)]
    yield 'in-cache', seeded(Elementwise, 16384, 100), seeded(Elementwise, 16384, 103), [torch.randn(1)]
    yield 'out-of-cache', seeded(Elementwise, 3000000, 3), seeded(Elementwise, 3090000, 3), [torch.randn(1)]
    yield 'small-operators', seeded(Elementwise, 16, 300), seeded(Elementwise, 16, 309), [torch.randn(1)]
    yield 'convolutions', seeded(Convolutions, 48), seeded(Convolutions, 50), [torch.randn(1, 3, 48, 64)]
    yield 'bert-layer', seeded(EncoderLayer, 64), seeded(EncoderLayer, 66), [torch.randn(1, 66, 768)]
    yield 'lstm', seeded(Recurrent, 60), seeded(Recurrent, 62), [torch.randn(62, 1, 128)]
    yield 'page-straddle', seeded(Chunks, 1000), seeded(Chunks, 1040), [torch.randn(1)]
    yield 'power-of-two', seeded(Loop, 128, 6, 512), seeded(Loop, 128, 6, 520), [torch.randn(1, 1)]
    yield 'constants-moved', seeded(Perceptron), constants_moved(seeded(Perceptron)), [torch.randn(64, 512)]
    yield 'lstm-unchanged', seeded(Recurrent, 60), seeded(Recurrent, 60), [torch.randn(62, 1, 128)]
    if len(sys.argv) > 1:
        resnet = torch.jit.load(sys.argv[1]).eval()
        yield 'resnet18-freeze', resnet, constants_moved(resnet), [torch.randn(1, 3, 224, 224)]


for name, base, more, inputs in pairs():
    base.save(f'{name}.base.pt')
    more.save(f'{name}.more.pt')
    torch.save(inputs, f'{name}.inputs')
    print(name)

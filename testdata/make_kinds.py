#!/usr/bin/env python3
"""Makes a small file for each kind of value that TorchScript IR can hold: testdata/make_kinds.py FOLDER

FOLDER/kinds.json gives the family of each file. A .pt is a module whose forward() returns the value, so running it shows
whether the value survived a round trip. A .ir holds what only text can express. tests/round_trip.py tests all files.
"""

import enum
import importlib.util
import json
import math
import pathlib
import sys
import tempfile
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import nn

class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Point(NamedTuple):
    x: torch.Tensor
    y: int


def holder(value, kind=None):
    class Held(nn.Module):  # a class per value, because the attribute's type belongs to the class
        def __init__(self):
            super().__init__()
            self.value = value if kind is None else torch.jit.Attribute(value, kind)

        def forward(self):
            return self.value

    return torch.jit.script(Held().eval())


def numbers(dtype, count):
    wide = torch.arange(count, dtype=torch.float64) * 0.75 - 1
    if dtype.is_complex:
        return torch.complex(wide, -wide).to(dtype)
    return wide.abs().to(dtype) if not dtype.is_floating_point and not dtype.is_signed else wide.to(dtype)


def dtypes():
    names = """uint8 int8 int16 int32 int64 uint16 uint32 uint64 bool float16 bfloat16 float32 float64 complex32 complex64
        complex128 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu"""
    for name in names.split():
        dtype = getattr(torch, name, None)
        if dtype is None:  # float8_e8m0fnu, before torch 2.7
            continue
        yield f"{name}_small", lambda dtype=dtype: holder(numbers(dtype, 6).reshape(2, 3))
        yield f"{name}_large", lambda dtype=dtype: holder(numbers(dtype, 60).reshape(4, 15))


def layouts():
    base = torch.arange(24.0).reshape(2, 3, 4)
    image = torch.randn(2, 3, 4, 4)
    dense = torch.eye(4) * torch.arange(4.0)
    special = torch.tensor([math.nan, math.inf, -math.inf, -0.0, 5e-324], dtype=torch.float64)
    payload = torch.tensor([0x7FF8000000000001, -1], dtype=torch.int64).view(torch.float64)
    scales, zeros = torch.tensor([0.1, 0.2]), torch.tensor([0, 1])
    made = {
        "one_number": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
        "transposed": base.transpose(0, 2),
        "expanded": torch.arange(3.0).expand(4, 3),
        "part_of_a_storage": base[1, 1:],
        "every_second": base[:, ::2],
        "channels_last": image.contiguous(memory_format=torch.channels_last),
        "special_numbers": special,
        "nan_payloads": payload,
        "with_gradient": nn.Parameter(torch.arange(20.0)),
        "conjugated": torch.complex(base, base).conj().resolve_conj(),
        "sparse_coo": dense.to_sparse(),
        "sparse_coo_uncoalesced": torch.sparse_coo_tensor([[0, 0], [1, 1]], [1.0, 2.0], (2, 2)),
        "sparse_csr": dense.to_sparse_csr(),
        "quantized": torch.quantize_per_tensor(base, 0.1, 3, torch.quint8),
        "quantized_32_bits": torch.quantize_per_tensor(base, 0.1, 0, torch.qint32),
        "quantized_by_channel": torch.quantize_per_channel(torch.randn(2, 30), scales, zeros, 0, torch.qint8),
    }
    for name, tensor in made.items():
        yield name, lambda tensor=tensor: holder(tensor)
    yield "shared", lambda: holder([base, base, base[0]], List[torch.Tensor])
    yield "equal_and_apart", lambda: holder([base, base.clone()], List[torch.Tensor])


def values():
    made = {
        "integers": ([0, -1, 2**63 - 1, -(2**63)], List[int]),
        "floats": ([0.1, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1.7976931348623157e308, 1e22], List[float]),
        "float": (-0.0, float),
        "complex": ([1 + 2j, complex(-0.0, math.nan), complex(math.inf, -0.0)], List[complex]),
        "booleans": ([True, False], List[bool]),
        "string_of_all_characters": ("".join(map(chr, range(1, 256))) + "漢\\ \"'#%\n", str),
        "strings": (["", "# -----", "with x = graph(", '"'], List[str]),
        "devices": ([torch.device("cpu"), torch.device("cuda:1")], List[torch.device]),
        "none": (None, Optional[int]),
        "optional": (3, Optional[int]),
        "optionals": ([None, 1, None], List[Optional[int]]),
        "union": ([1, "a"], List[Union[int, str]]),
        "empty_list": ([], List[str]),
        "empty_dict": ({}, Dict[int, float]),
        "nested_lists": ([[1], [], [2, 3]], List[List[int]]),
        "tuple": ((1, "a", 2.0, (None, torch.ones(2))), Tuple[int, str, float, Tuple[Optional[int], torch.Tensor]]),
        "dict_of_strings": ({"a": 1, "b\n": -1}, Dict[str, int]),
        "dict_of_numbers": ({1: [torch.ones(20)], -1: []}, Dict[int, List[torch.Tensor]]),
        "dict_of_floats": ({0.5: (1, 2)}, Dict[float, Tuple[int, int]]),
        "named_tuple": (Point(torch.ones(3), 4), Point),
        "enum": (Color.GREEN, Color),
        "enums": ([Color.GREEN, Color.RED], List[Color]),
    }
    for name, (value, kind) in made.items():
        yield name, lambda value=value, kind=kind: holder(value, kind)


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Double(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.count = start

    def up(self) -> int:
        self.count += 1
        return self.count


@torch.jit.script
def shifted(x, by: float = 0.5):
    return x + by


class Branches(nn.Module):
    def forward(self):
        total = torch.zeros(2)
        for i in range(5):
            if i % 2 == 0:
                total += i
            elif i == 3:
                continue
            else:
                while bool(total.sum() < i * 3):
                    total = total + 1
        return total


class Forks(nn.Module):
    def forward(self):
        one = torch.jit.fork(shifted, torch.ones(2))
        other = torch.jit.fork(shifted, torch.ones(2), 2.0)
        return torch.jit.wait(one), torch.jit.wait(other)


class Objects(nn.Module):
    def forward(self):
        counter = Counter(3)
        counter.up()
        return counter.up()


class Enums(nn.Module):
    def forward(self, color: Color = Color.RED):
        return color == Color.RED, color.name, color.value


class Raises(nn.Module):
    def forward(self):
        x = torch.ones(1)
        if x.numel() != 1:
            raise ValueError(f"not one: {x.numel()}")
        assert x.dim() == 1, "a vector"
        return x


class Interfaces(nn.Module):
    step: Step

    def __init__(self):
        super().__init__()
        self.step = Double()

    def forward(self):
        return self.step.forward(torch.ones(2))


class Several(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))
        self.steps = nn.ModuleList([Double(), Double()])
        self.by_name = nn.ModuleDict({"a": Double(), "b": nn.Linear(2, 2)})

    @torch.jit.export
    def reset(self):
        self.calls.zero_()

    def forward(self):
        self.calls += 1
        x = torch.ones(2)
        for step in self.steps:
            x = step(x)
        for name, step in self.by_name.items():
            x = step(x) if name == "a" else step(x) + 1
        return x, self.calls


def with_hooks():
    def before(module, given: Tuple[torch.Tensor]) -> Tuple[torch.Tensor]:
        return (given[0] + 1,)

    def after(module, given: Tuple[torch.Tensor], result: torch.Tensor) -> torch.Tensor:
        return result * 3

    inner = Double()
    inner.register_forward_pre_hook(before)
    inner.register_forward_hook(after)

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = inner

        def forward(self):
            return self.inner(torch.ones(2))

    return torch.jit.script(Outer().eval())


def traced():
    class Net(nn.Module):
        def forward(self):
            return torch.arange(4).float().view(2, 2) @ torch.ones(2, 2)

    return torch.jit.trace(Net(), ())


def code():
    made = [Branches, Forks, Objects, Enums, Raises, Interfaces, Several]
    for one in made:
        yield one.__name__.lower(), lambda one=one: torch.jit.script(one().eval())
    yield "hooks", with_hooks
    yield "traced", traced


def choose_engine(*wanted):
    torch.backends.quantized.engine = next(e for e in wanted if e in torch.backends.quantized.supported_engines)


def quantized(x):
    return torch.quantize_per_tensor(x, 0.1, 3, torch.quint8)


class Layer(nn.Module):
    """Calls a layer on inputs that it holds."""

    def __init__(self, layer, *inputs):
        super().__init__()
        self.layer = layer
        self.inputs = inputs

    def forward(self):
        return self.layer(*self.inputs)


class Static(Layer):
    def forward(self):
        return self.layer(*self.inputs).dequantize()


def packed_layers():
    """(name, a function that makes a layer with packed weights, its inputs)"""
    from torch.ao import quantization
    from torch.ao.nn import quantized as static

    float_qparams = quantization.float_qparams_weight_only_qconfig

    def dynamic(layer, dtype=torch.qint8):
        return quantization.quantize_dynamic(nn.Sequential(layer), {type(layer)}, dtype)[0]

    def embedding(layer, qconfig):
        layer.qconfig = qconfig
        return quantization.convert(quantization.prepare(nn.Sequential(layer).eval()))[0]

    ones = [torch.rand(1, 2, *[7] * dim) for dim in range(1, 4)]
    rows, sequence = torch.rand(2, 8), torch.rand(3, 2, 8)
    numbers = torch.arange(6)
    for dim, x in enumerate(ones, 1):
        for name in (f"Conv{dim}d", f"ConvTranspose{dim}d"):
            yield name.lower(), lambda name=name: getattr(static, name)(2, 3, 3, stride=2), quantized(x)
    yield "linear", lambda: static.Linear(8, 4), quantized(rows)
    yield "dynamic_linear", lambda: dynamic(nn.Linear(8, 4)), rows
    yield "dynamic_linear_without_bias", lambda: dynamic(nn.Linear(8, 4, bias=False)), rows
    yield "dynamic_linear_float16", lambda: dynamic(nn.Linear(8, 4), torch.float16), rows
    yield "dynamic_lstm", lambda: dynamic(nn.LSTM(8, 4, 2, bidirectional=True)), sequence
    yield "dynamic_lstm_float16", lambda: dynamic(nn.LSTM(8, 4), torch.float16), sequence
    yield "dynamic_gru", lambda: dynamic(nn.GRU(8, 4)), sequence
    for cell in (nn.LSTMCell, nn.GRUCell, nn.RNNCell):
        yield f"dynamic_{cell.__name__.lower()}", lambda cell=cell: dynamic(cell(8, 4)), rows
    yield "embedding", lambda: embedding(nn.Embedding(20, 8), float_qparams), numbers
    yield "embedding_bag", lambda: embedding(nn.EmbeddingBag(20, 8, mode="sum"), float_qparams), numbers.view(2, 3)


def packed():
    """Objects of LibTorch's C++ classes with the packed weights of a layer. Not here: those that LibTorch itself cannot
    load (embeddings of 4 bits, oneDNN's convolutions) or loads only with another engine (sparse linear layers)."""
    for name, make, *inputs in packed_layers():

        def made(make=make, inputs=inputs):
            kind = Static if inputs[0].is_quantized else Layer
            # x86 cannot have transposed convolutions with per-tensor weights, and onednn not float16
            choose_engine(*(("onednn", "qnnpack") if kind is Static else ("x86", "fbgemm", "qnnpack")))
            return torch.jit.script(kind(make().eval(), *inputs).eval())

        yield name, made


NAMES = """_jit_pass_hoist_conv_packed_params.features.0.0._packed_params.1|a.b|0|1|00|01|0.0|1.x|.x|x.|..|1e5|3j|0x1|1_000
    |12345678901|-3|a b|a,b|a=b|a:b|{|}|(|[|*1|&1|%x|#hash|$|sing'le|annotate|tensor|graph|class_|method|parameter
    |attribute|module|view|Float|int|Tensor|inf|nan|bits|block0"""


def names():
    """Attributes whose names are not plain words. LibTorch cannot read the files that it writes for other names: keywords,
    and names with a double quote, a backslash, a line end or letters beyond ASCII."""
    every = NAMES.replace("\n    |", "|").split("|")
    code = "class Named(nn.Module):\n  def forward(self):\n    x = torch.zeros(1)\n"
    packed_code = "class NamedPacked(nn.Module):\n  def forward(self):\n    x = torch.ones(2, 8)\n"
    for name in every:
        code += f"    x = x * 2 + getattr(self, {name!r})\n"
        packed_code += f"    x = x + torch.ops.quantized.linear_dynamic(torch.ones(2, 8), getattr(self, {name!r}))\n"

    def scripted(code, value):
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file:  # TorchScript reads the source from a file
            file.write("import torch\nfrom torch import nn\n" + code)
            file.flush()
            spec = importlib.util.spec_from_file_location("named", file.name)
            loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded)
            made = getattr(loaded, code.split("(")[0].removeprefix("class "))()
            for number, name in enumerate(every):
                setattr(made, name, value(number))
            return torch.jit.script(made.eval())

    def packed_linear(number):
        weight = torch.quantize_per_tensor(torch.full((8, 8), float(number)), 0.5, 0, torch.qint8)
        return torch.ops.quantized.linear_prepack(weight, None)

    yield "numbers", lambda: scripted(code, float)
    yield "packed", lambda: scripted(packed_code, packed_linear)


def types():
    for text in """Tensor|int|float|complex|bool|str|NoneType|Any|Device|Stream|Scalar|SymInt|SymFloat|SymBool|Generator|Storage
        |Capsule|Quantizer|QScheme|int?|int[][]?|Dict(str, Tensor[])|(Tensor, (int, float))|()|NamedTuple(x : Tensor, y : int)
        |Future[Tensor]|Await(Tensor)|RRef[int]|Union(Tensor, int[])|Tensor[Undefined]|Tensor(2, *)|Tensor(SS(-1), SS(-1))
        |Tensor(device=cuda:0)|Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)|Float(*, *, dim=2)
        |QInt8(2)|BFloat16(4)|Tensor(2, 3, stride_properties=[(1, 1, 1), (0, *, *)])
        |__torch__.torch.classes.quantized.LinearPackedParamsBase""".split("|"):
        yield text.strip(), f"graph(%x : {text.strip()}):\n  return (%x)\n"


def attributes():
    one = "graph(%x : Tensor):\n  %1 : Tensor = prim::Something[a={}](%x)\n  return (%1)\n"
    for name, text in {
        "i": "1", "f": "-0.", "c": "1.+2.j", "s": r'"a\377"', "t": "tensor(Half(2), [1, nan])", "ty": "Float(2)",
        "is": "[1, 2]", "fs": "[1., inf]", "cs": "[1j, 2j]", "ss": '["a", "b"]', "ts": "[{1}, tensor(Long(1), [2])]",
        "tys": "[int, Tensor?]", "ival": 'ival({"a": (1, None)})', "empty": "annotate(List[int], [])",
    }.items():  # fmt: skip
        yield name, one.format(text)
    held = "with Graph_{} = graph(%y : Tensor):\n  %1 : Tensor = aten::relu(%y)\n  return (%1)\n"
    yield "g", one.format("<Graph_0>") + held.format(0)
    yield "gs", one.format("[<Graph_0>, <Graph_1>]") + held.format(0) + held.format(1)
    yield "several", one.replace("a={}", 'a=1, "b c"=2., a2="x"')


def structure():
    inner = "  %1 : Tensor = aten::relu(%x)\n  return (%1)\n"
    yield "groups_in_groups", (
        "graph(%x : Tensor):\n  %1 : Tensor = prim::TensorExprGroup_0(%x)\n  return (%1)\n"
        "with prim::TensorExprGroup_0 = graph(%x : Tensor):\n  %1 : Tensor = prim::FunctionalGraph_0(%x)\n  return (%1)\n"
        "with prim::FunctionalGraph_0 = graph(%x : Tensor):\n" + inner
    )
    yield "closure", (
        "graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  %2 : Function = prim::Closure_0()\n"
        "  return (%1)\nwith prim::Closure_0 = graph(%x : Tensor):\n" + inner
    ).replace("Function", "Any")
    yield "scopes_and_names", (
        'graph(%x : Tensor):\n  %self.l.1 : Tensor = aten::relu(%x), scope: net/a\n  %"a b" : Tensor = aten::neg(%self.l.1)\n'
        '  return (%"a b")\n'
    )
    yield "without_results", (
        "graph(%c : bool,\n      %x : Tensor):\n   = prim::If(%c)\n    block0():\n       = prim::Print(%x)\n      -> ()\n"
        "    block1():\n      -> ()\n  return ()\n"
    )
    yield "operators_that_are_not_there", "graph(%x : Tensor):\n  %1 : Tensor = mine::own(%x)\n  return (%1)\n"


MODULES = {
    "tensors of every dtype": dtypes,
    "tensors by layout": layouts,
    "values": values,
    "code": code,
    "packed weights": packed,
    "names": names,
}
TEXTS = {"types": types, "attributes": attributes, "structure": structure}


def main(folder):
    torch.manual_seed(0)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {}
    for family, make in MODULES.items():
        for name, module in make():
            file = f"{make.__name__}_{name}.pt"
            module().save(str(folder / file))
            kinds[file] = family
    for family, make in TEXTS.items():
        for number, (name, text) in enumerate(make()):
            file = f"{make.__name__}_{number}.ir"
            (folder / file).write_text(f"# {name}\n{text}")
            kinds[file] = family
    (folder / "kinds.json").write_text(json.dumps(kinds, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

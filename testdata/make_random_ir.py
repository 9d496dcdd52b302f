#!/usr/bin/env python3
"""Writes random, valid .ir graphs: arithmetic, lists, tuples, prim::If, prim::Loop and mutation. Seeded.

usage: testdata/make_random_ir.py FOLDER --seeds FIRST:LAST [--nodes N]

Every graph takes three float32[3,4] tensors, an int (the number of loop iterations) and a bool; INPUTS fits all graphs.
Values stay small (products go through tanh), so that results differ only if something is wrong.
"""
import argparse
import pathlib
import random

INPUTS = ["float32[3,4]", "float32[3,4]", "float32[3,4]", "3", "true"]
UNARY = ["relu", "sigmoid", "tanh", "neg", "abs", "contiguous_like", "t_t", "clamp"]
BINARY = ["add", "sub", "mul", "maximum"]
IN_PLACE = ["relu_", "tanh_", "sigmoid_", "zero_"]


class Scope:
    """Values that a block can see, by type; inner blocks see their parent's."""

    def __init__(self, parent=None):
        self.parent = parent
        self.values = {}

    def add(self, kind, name):
        self.values.setdefault(kind, []).append(name)

    def all(self, kind):
        return (self.parent.all(kind) if self.parent else []) + self.values.get(kind, [])


class Generator:
    def __init__(self, seed, nodes):
        self.random = random.Random(seed)
        self.nodes = nodes
        self.lines = []
        self.counter = 0
        self.depth = 0
        self.indent = 1

    # -- text ------------------------------------------------------------------------------------------------------
    def name(self, hint):
        self.counter += 1
        return f"%{hint}{self.counter}x"  # a name that consists of digits would be dropped

    def line(self, text):
        self.lines.append("  " * self.indent + text)

    def constant(self, kind, text):
        name = self.name("k")
        self.line(f"{name} : {kind} = prim::Constant[value={text}]()" if text is not None
                  else f"{name} : NoneType = prim::Constant()")
        return name

    def node(self, kind, hint, call, scope):
        name = self.name(hint)
        self.line(f"{name} : {kind} = {call}")
        scope.add(kind, name)
        return name

    # -- one operator each -----------------------------------------------------------------------------------------
    def tensor(self, scope):
        return self.random.choice(scope.all("Tensor"))

    def unary(self, scope):
        operator, x = self.random.choice(UNARY), self.tensor(scope)
        if operator == "t_t":
            turned = self.name("t")
            self.line(f"{turned} : Tensor = aten::t({x})")
            self.node("Tensor", "v", f"aten::t({turned})", scope)
        elif operator == "clamp":
            low, high = self.constant("float", "-0.5"), self.constant("float", "0.75")
            self.node("Tensor", "v", f"aten::clamp({x}, {low}, {high})", scope)
        elif operator == "contiguous_like":
            none = self.constant("NoneType", None)
            self.node("Tensor", "v", f"aten::clone({x}, {none})", scope)
        else:
            self.node("Tensor", "v", f"aten::{operator}({x})", scope)

    def binary(self, scope):
        operator, x, y = self.random.choice(BINARY), self.tensor(scope), self.tensor(scope)
        if operator in ("add", "sub"):
            factor = self.constant("int", self.random.choice([1, 1, 1, 2, -1]))
            self.node("Tensor", "v", f"aten::{operator}({x}, {y}, {factor})", scope)
        else:
            self.node("Tensor", "v", f"aten::{operator}({x}, {y})", scope)
        if self.random.random() < 0.3:
            self.node("Tensor", "v", f"aten::tanh({scope.all('Tensor')[-1]})", scope)

    def identity(self, scope):
        """Something that peephole passes remove: times one, plus zero, expand, type conversion."""
        x, which = self.tensor(scope), self.random.randrange(3)
        if which == 0:
            one = self.constant("int", 1)
            self.node("Tensor", "v", f"aten::mul({x}, {one})", scope)
        elif which == 1:
            zero, one = self.constant("int", 0), self.constant("int", 1)
            self.node("Tensor", "v", f"aten::add({x}, {zero}, {one})", scope)
        else:
            half, training = self.constant("float", "0.5"), self.constant("bool", 0)
            self.node("Tensor", "v", f"aten::dropout({x}, {half}, {training})", scope)

    def product(self, scope):
        """addmm's pieces: x · yᵀ · z, back at 3 by 4."""
        turned, square = self.name("t"), self.name("m")
        self.line(f"{turned} : Tensor = aten::t({self.tensor(scope)})")
        self.line(f"{square} : Tensor = aten::mm({self.tensor(scope)}, {turned})")
        product = self.name("m")
        self.line(f"{product} : Tensor = aten::mm({square}, {self.tensor(scope)})")
        self.node("Tensor", "v", f"aten::tanh({product})", scope)

    def mutate(self, scope):
        operator, x = self.random.choice(IN_PLACE + ["add_", "mul_"]), self.tensor(scope)
        if operator == "add_":
            one = self.constant("int", 1)
            self.node("Tensor", "w", f"aten::add_({x}, {self.tensor(scope)}, {one})", scope)
        elif operator == "mul_":
            half = self.constant("float", "0.5")
            self.node("Tensor", "w", f"aten::mul_({x}, {half})", scope)
        else:
            self.node("Tensor", "w", f"aten::{operator}({x})", scope)

    def view(self, scope):
        """A row of a tensor, expanded again: aliases that mutation must respect."""
        x, zero, row = self.tensor(scope), self.constant("int", 0), self.constant("int", self.random.randrange(3))
        picked = self.name("r")
        self.line(f"{picked} : Tensor = aten::select({x}, {zero}, {row})")
        three, four, implicit = self.constant("int", 3), self.constant("int", 4), self.constant("bool", 0)
        sizes = self.name("s")
        self.line(f"{sizes} : int[] = prim::ListConstruct({three}, {four})")
        self.node("Tensor", "v", f"aten::expand({picked}, {sizes}, {implicit})", scope)
        none = self.constant("NoneType", None)  # never written in place, because its rows share memory
        last = scope.values["Tensor"].pop()
        self.node("Tensor", "v", f"aten::clone({last}, {none})", scope)

    def make_list(self, scope):
        x, y = self.tensor(scope), self.tensor(scope)
        self.node("Tensor[]", "l", f"prim::ListConstruct({x}, {y})", scope)

    def use_list(self, scope):
        lists = scope.all("Tensor[]")
        if not lists:
            return self.make_list(scope)
        chosen, which = self.random.choice(lists), self.random.randrange(4)
        if which == 0:
            self.line(f"{self.name('u')} : Tensor[] = aten::append({chosen}, {self.tensor(scope)})")
        elif which == 1:
            index = self.constant("int", self.random.choice([0, 1]))
            self.node("Tensor", "v", f"aten::__getitem__({chosen}, {index})", scope)
        elif which == 2:
            index = self.constant("int", 0)
            self.line(f"{self.name('u')} : Tensor[] = aten::_set_item({chosen}, {index}, {self.tensor(scope)})")
        else:
            self.node("int", "n", f"aten::len({chosen})", scope)

    def concatenate(self, scope):
        a, b, zero = self.tensor(scope), self.tensor(scope), self.constant("int", 0)
        items, joined = self.name("l"), self.name("c")
        self.line(f"{items} : Tensor[] = prim::ListConstruct({a}, {b})")
        self.line(f"{joined} : Tensor = aten::cat({items}, {zero})")
        start, stop, step = (self.constant("int", n) for n in (0, 3, 1))
        piece, none = self.name("p"), self.constant("NoneType", None)
        self.line(f"{piece} : Tensor = aten::slice({joined}, {zero}, {start}, {stop}, {step})")
        self.node("Tensor", "v", f"aten::clone({piece}, {none})", scope)

    def tuples(self, scope):
        pair, a, b = self.name("p"), self.tensor(scope), self.tensor(scope)
        self.line(f"{pair} : (Tensor, Tensor) = prim::TupleConstruct({a}, {b})")
        first, second = self.name("v"), self.name("v")
        self.line(f"{first} : Tensor, {second} : Tensor = prim::TupleUnpack({pair})")
        scope.add("Tensor", first)
        scope.add("Tensor", second)

    def integers(self, scope):
        ints = scope.all("int")
        a, b = self.random.choice(ints), self.random.choice(ints)
        which = self.random.randrange(3)
        if which == 0:
            self.node("int", "n", f"aten::add({a}, {b})", scope)
        elif which == 1:
            self.node("bool", "b", f"aten::lt({a}, {b})", scope)
        else:
            dimension = self.constant("int", self.random.choice([0, 1]))
            self.node("int", "n", f"aten::size({self.tensor(scope)}, {dimension})", scope)

    def scalar(self, scope):
        """An operator on a tensor and a number."""
        factor = self.constant("float", self.random.choice(["0.5", "1.5", "-0.25"]))
        self.node("Tensor", "v", f"aten::mul({self.tensor(scope)}, {factor})", scope)

    # -- control flow ----------------------------------------------------------------------------------------------
    def block(self, scope, count):
        inner = Scope(scope)
        self.depth += 1
        self.indent += 2
        for _ in range(count):
            self.statement(inner)
        result = self.tensor(inner)
        self.indent -= 2
        self.depth -= 1
        return result

    def branch(self, scope):
        result, condition = self.name("i"), self.random.choice(scope.all("bool"))
        self.line(f"{result} : Tensor = prim::If({condition})")
        for which in (0, 1):
            self.line(f"  block{which}():")
            value = self.block(scope, self.random.randrange(1, 4))
            self.line(f"    -> ({value})")
        scope.add("Tensor", result)

    def loop(self, scope):
        count = self.random.choice(["%count", self.constant("int", self.random.choice([0, 1, 2, 4, 20]))])
        go, start = self.constant("bool", 1), self.tensor(scope)
        result, index, carried = self.name("o"), self.name("j"), self.name("a")
        self.line(f"{result} : Tensor = prim::Loop({count}, {go}, {start})")
        self.line(f"  block0({index} : int, {carried} : Tensor):")
        inner = Scope(scope)
        inner.add("Tensor", carried)
        inner.add("int", index)
        value = self.block(inner, self.random.randrange(1, 4))
        self.line(f"    -> ({go}, {value})")
        scope.add("Tensor", result)

    def statement(self, scope):
        choices = ([self.unary] * 4 + [self.binary] * 5 + [self.identity] * 2 + [self.product, self.concatenate, self.view]
                   + [self.mutate] * 2 + [self.make_list] + [self.use_list] * 2 + [self.tuples, self.integers, self.scalar])
        if self.depth < 2:
            choices += [self.branch, self.loop]
        self.random.choice(choices)(scope)

    def graph(self):
        scope = Scope()
        for name in ("%x", "%y", "%z"):
            scope.add("Tensor", name)
        scope.add("int", "%count")
        scope.add("bool", "%condition")
        for _ in range(self.nodes):
            self.statement(scope)
        outputs = self.random.sample(scope.all("Tensor"), 4) + [self.random.choice(scope.all("int"))]
        head = "graph(%x : Tensor, %y : Tensor, %z : Tensor, %count : int, %condition : bool):"
        return "\n".join([head] + self.lines + [f"  return ({', '.join(outputs)})"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="0:10", help="FIRST:LAST, without LAST")
    parser.add_argument("--nodes", type=int, default=18, help="statements at the outermost level")
    arguments = parser.parse_args()
    first, last = map(int, arguments.seeds.split(":"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, last):
        (arguments.folder / f"random_{seed:04}.ir").write_text(Generator(seed, arguments.nodes).graph())


if __name__ == "__main__":
    main()

// Texts that hold more than a graph: classes, functions, and the module that the graph belongs to.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/text_error.h"
#include "lib/model/text_ir.h"
#include "lib/run/outputs.h"

#include <gtest/gtest.h>

#include <fstream>

namespace tsir {
namespace {

namespace fs = std::filesystem;

constexpr const char* whole_module = R"(graph(%self : __torch__.M,
      %x : Tensor):
  %one : int = prim::Constant[value=1]()
  %mode : __torch__.Mode = prim::Constant[value=__torch__.Mode.FAST]()
  %f : Function(__torch__.double) = prim::Constant[name="double"]()
  %part : __torch__.Part = prim::GetAttr[name="part"](%self)
  %6 : Tensor = prim::CallMethod[name="run"](%part, %x)
  %7 : Tensor = prim::CallFunction(%f, %6)
  %8 : __torch__.Pair = prim::TupleConstruct(%7, %one)
  %left : Tensor, %10 : int = prim::TupleUnpack(%8)
  %weight : Tensor = prim::GetAttr[name="weight"](%self)
  %view : Tensor = prim::GetAttr[name="view"](%self)
  %13 : Tensor = aten::mul(%weight, %view)
  %14 : Tensor = aten::add(%left, %13, %10)
  return (%14)

class __torch__.M(Module):
  parameter weight : Tensor
  buffer view : Tensor
  attribute 0 : Tensor
  attribute "a b" : Dict(str, int[])
  attribute training : bool
  attribute part : __torch__.Part
  attribute same : __torch__.Part
  attribute pair : __torch__.Pair
  attribute mode : __torch__.Mode?
  constant k = annotate(List[int], [])
  constant name = "m"
  method forward(self : __torch__.M, x : Tensor, *, y : int[] = annotate(List[int], [])) -> Tensor = graph
  pre_hook before(self : __torch__.M, inputs : (Tensor)) -> NoneType = graph(%self : __torch__.M,
        %inputs : (Tensor)):
    %2 : NoneType = prim::Constant()
    return (%2)
  hook after(self : __torch__.M, inputs : (Tensor), output : Tensor) -> Tensor = graph(%self : __torch__.M,
        %inputs : (Tensor),
        %output : Tensor):
    return (%output)
  hook after

class __torch__.Mode(Enum[int]):
  member FAST = 1
  member SLOW = 2

function __torch__.double(x : Tensor) -> Tensor = graph(%x : Tensor):
  %1 : int = prim::Constant[value=2]()
  %2 : Tensor = aten::mul(%x, %1)
  return (%2)

class __torch__.Part:
  attribute scale : float
  method run(self : __torch__.Part, x : Tensor) -> Tensor = graph(%self : __torch__.Part,
        %x : Tensor):
    %scale : float = prim::GetAttr[name="scale"](%self)
    %3 : Tensor = aten::mul(%x, %scale)
    return (%3)

class __torch__.Pair(NamedTuple):
  field left : Tensor
  field right : int = 3

module = __torch__.M{
  weight=view(&1 tensor(Float(4), [1, 2, 3, 4]), Float(2, strides=[1], requires_grad=1, device=cpu), 0),
  view=view(*1, Float(2, strides=[1], requires_grad=0, device=cpu), 2),
  0=&2 tensor(Float(1, requires_grad=1), [0.5]),
  "a b"={"x": &3 [1, 2], "y": *3},
  training=False,
  part=&4 __torch__.Part{
    scale=3.
  },
  same=*4,
  pair=__torch__.Pair(left=*2, right=1),
  mode=__torch__.Mode.SLOW
}
)";

std::string whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string written(const Unit& unit) {
  const std::string path = (fs::temp_directory_path() / fmt::format("tsir-modules-{}.ir", ::getpid())).string();
  write_ir(unit, path);
  const std::string text = whole_file(path);
  fs::remove(path);
  fs::remove(path + ".tensors");
  return text;
}

TextError faults(const std::string& text) {
  try {
    parse_unit(text, "a.ir");
  } catch (const TextError& error) {
    return error;
  }
  ADD_FAILURE() << "no fault in " << text;
  return TextError(TextFault());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(TextIrModules, EverythingInOneIsTheSameText) {
  EXPECT_EQ(written(parse_unit(whole_module, "a.ir")), whole_module);
}

TEST(TextIrModules, RunsAndIsAModule) {
  Unit unit = parse_unit(whole_module, "a.ir");
  ASSERT_TRUE(unit.has_module());
  EXPECT_EQ(unit.name(), "forward");
  const auto outputs = outputs_of(unit, {at::tensor({1.0F, 2.0F})});
  EXPECT_TRUE(outputs.at(0).toTensor().equal(at::tensor({9.0F, 20.0F}))) << outputs.at(0);
  EXPECT_EQ(unit.schema().arguments().at(1).name(), "y");
  EXPECT_TRUE(unit.module().attr("weight").toTensor().requires_grad());
}

TEST(TextIrModules, CallsThroughAnInterface) {
  const std::string text = R"(graph(%self : __torch__.M,
      %x : Tensor):
  %handler : __torch__.Handler = prim::GetAttr[name="handler"](%self)
  %y : Tensor = prim::CallMethod[name="handle"](%handler, %x)
  return (%y)

class __torch__.M(Module):
  attribute handler : __torch__.Handler
  method forward(self : __torch__.M, x : Tensor) -> Tensor = graph

interface __torch__.Handler(Module):
  method handle(self : __torch__.Handler, x : Tensor) -> Tensor

class __torch__.Impl(Module):
  method handle(self : __torch__.Impl, x : Tensor) -> Tensor = graph(%self : __torch__.Impl,
        %x : Tensor):
    %2 : Tensor = aten::neg(%x)
    return (%2)

module = __torch__.M{
  handler=__torch__.Impl{}
}
)";
  const Unit unit = parse_unit(text, "a.ir");
  EXPECT_EQ(written(unit), text);
  EXPECT_TRUE(outputs_of(unit, {at::ones({2})}).at(0).toTensor().equal(-at::ones({2})));
  EXPECT_NE(std::string(faults(replaced(text, "method handle(self : __torch__.Impl, x : Tensor)",
                                        "method handle(self : __torch__.Impl, x : int)"))
                            .what())
                .find("for an attribute of type __torch__.Handler"),
            std::string::npos);
}

void expect_written(const std::string& text) {
  EXPECT_EQ(written(parse_unit(text, "a.ir")), text);
}

TEST(TextIrModules, SizesThatTypesHaveInCommon) {
  const std::string text = "graph(%x : Float(SS(-1), 3, *),\n      %y : Tensor(SS(-1), SS(-2)),\n"
                           "      %z : Dict(str, Float(SS(-2), device=cpu))):\n  return (%x, %y, %z)\n";
  expect_written(text);
  EXPECT_EQ(written(parse_unit(replaced(replaced(text, "SS(-2)", "SS(-70)"), "SS(-2)", "SS(-70)"), "a.ir")), text);
  expect_written("graph(%x : Tensor(dim=0, requires_grad=0, device=cpu),\n      %y : Tensor(device=cpu)):\n"
                 "  return (%x, %y)\n");
}

// As left by the profiler if calls differ.
TEST(TextIrModules, StridesKnownInPart) {
  std::vector<std::optional<c10::Stride>> strides{c10::Stride(1, true, 1), c10::Stride(0, std::nullopt, std::nullopt),
                                                  std::nullopt};
  const auto type = c10::TensorType::create(at::kFloat, std::nullopt,
                                            c10::SymbolicShape(std::vector<std::optional<int64_t>>{2, 3, 4}),
                                            c10::VaryingShape<c10::Stride>(strides), std::nullopt);
  auto graph = std::make_shared<jit::Graph>();
  graph->registerOutput(graph->addInput("x")->setType(type));
  const std::string text = written(Unit::of_graph(graph, "a.ir"));
  EXPECT_EQ(text, "graph(%x : Float(2, 3, 4, stride_properties=[(1, 1, 1), (0, *, *), *])):\n  return (%x)\n");
  const Unit read = parse_unit(text, "a.ir");
  EXPECT_EQ(*read.graph()->inputs()[0]->type(), *type);
  EXPECT_EQ(written(read), text);
  EXPECT_NE(std::string(faults(replaced(text, "4, str", "str")).what()).find("2 sizes and 3 strides"),
            std::string::npos);
}

// The type looks like the value of a named tuple.
TEST(TextIrModules, TypesWithoutSizesAsAttributes) {
  const std::string text = "graph(%x : Tensor):\n  %1 : Tensor = prim::profile[profiled_type=Float(requires_grad=0, "
                           "device=cpu), seen_none=0](%x)\n  return (%1)\n";
  EXPECT_EQ(written(parse_unit(text, "a.ir")), text);
}

TEST(TextIrModules, ConstantsInOtherLayouts) {
  expect_written(R"(graph():
  %0 : Tensor = prim::Constant[value=sparse_coo(tensor(Long(2, 2), [0, 1, 1, 0]), tensor(Float(2), [1, 2]), [2, 2], 1)]()
  %1 : Tensor = prim::Constant[value=sparse_csr(tensor(Long(3), [0, 1, 2]), tensor(Long(2), [1, 0]), tensor(Float(2), [1, 2]), [2, 2])]()
  %2 : Tensor = prim::ConstantMKLDNNTensor[value=mkldnn(tensor(Float(2, 2), [1, 2, 3, 4]))]()
  %3 : float = prim::Constant[value=bits("7ff8000000000001")]()
  return (%0, %1, %2, %3)
)");
  EXPECT_NE(
      std::string(faults("graph():\n  %0 : Tensor = prim::ConstantMKLDNNTensor[value={2}]()\n  return (%0)\n").what())
          .find("MKLDNN layout"),
      std::string::npos);
}

TEST(TextIrModules, SharedValuesStaySharedAndOthersDoNot) {
  jit::Module module = parse_unit(whole_module, "a.ir").module();
  EXPECT_TRUE(module.attr("part").is(module.attr("same")));
  EXPECT_TRUE(module.attr("0").is(module.attr("pair").toTupleRef().elements()[0]));
  EXPECT_TRUE(module.attr("weight").toTensor().storage().is_alias_of(module.attr("view").toTensor().storage()));
}

TEST(TextIrModules, AFaultNamesItsPlace) {
  const auto expect = [](const std::string& from, const std::string& to, const std::string& what) {
    EXPECT_NE(std::string(faults(replaced(whole_module, from, to)).what()).find(what), std::string::npos)
        << faults(replaced(whole_module, from, to)).what();
  };
  expect("name=\"weight\"", "name=\"weigth\"", "a.ir:11:22: __torch__.M has no attribute weigth");
  expect("name=\"run\"", "name=\"walk\"", "a.ir:7:17: __torch__.Part has no method walk");
}

TEST(TextIrModules, FaultsOfDefinitions) {
  const auto expect = [](const std::string& from, const std::string& to, const std::string& what) {
    const TextError found = faults(replaced(whole_module, from, to));
    EXPECT_NE(std::string(found.what()).find(what), std::string::npos) << found.what();
  };
  expect("function __torch__.double", "function __torch__.triple", "the function __torch__.double is missing");
  expect("class __torch__.Part:", "class __torch__.Port:", "does not define __torch__.Part");
  expect("-> Tensor = graph\n", "-> Tensor = graph(%s : Tensor):\n return (%s)\n",
         "no method of __torch__.M uses the graph");
  expect("  training=False,\n", "", "lacks its attribute training");
  expect("training=False", "training=1", "a value of type int for an attribute of type bool");
  expect("training=False", "trainin=1", "has no attribute trainin");
  expect("same=*4", "same=*5", "no value before this one is marked with &5");
  expect("Mode(Enum[int])", "Mode(Enum[Tensor])", "does not have type Tensor");
  expect("Mode(Enum[int])", "Mode(Ernum)", "unknown kind of class: Ernum");
  expect("member SLOW", "field SLOW", "expected `member`");
  expect("requires_grad=0, device=cpu), 2)", "requires_grad=0, device=cpu), 3)", "reaches beyond the tensor");
  expect("field right : int = 3\n", "field right : __torch__.Pair\n", "contains itself");
  expect("attribute scale : float", "attribute scale : __torch__.M?[]", "contains itself");
  expect("return (%14)", "return ()", "a.ir:29:3: a method or function returns exactly one value, not 0");
  expect("    return (%3)\n", "    return (%3, %3)\n", "a method or function returns exactly one value, not 2");
  expect("class __torch__.Mode", "class __torch__.Part:\nclass __torch__.Mode", "defined twice");
}

TEST(TextIrModules, SeveralFaultsAreFoundAtOnce) {
  const TextError found = faults(R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%y)
  %2 : Tensor = aten::relu[size=99999999999999999999](%x)
  %3 : Tensor = prim::If(%x, %nothing)
    block0():
      %4 : Tensor = aten::relu(%x)
      -> (%4)
    block1():
      -> (%x)
  %5 : Tensor = aten::add(%1, %2, %3)
  %6 : Tensor = aten::relu(%y)
  %7 : int = prim::Constant[value=]()
  return (%6)
)");
  ASSERT_EQ(found.faults().size(), 4U);
  EXPECT_EQ(found.faults()[0].text(), "a.ir:2:28: %y is not defined before this use, or only within a block\n"
                                      "    %1 : Tensor = aten::relu(%y)\n"
                                      "                             ^");
  EXPECT_EQ(found.faults()[1].text().substr(0, 11), "a.ir:3:33: ");
  EXPECT_EQ(found.faults()[2].text().substr(0, 11), "a.ir:4:30: ");
  EXPECT_EQ(found.faults()[3].text().substr(0, 12), "a.ir:12:35: ");
}

TEST(TextIrModules, SeveralGraphs) {
  const std::string one = "# RUN: x\ngraph(%x : Tensor):\n  return (%x)\n# -----\n";
  const std::string text = one + "graph(%y : Tensor):\n  return (%z)\n# -----\n# nothing\n";
  EXPECT_EQ(count_graphs(text), 2U);
  EXPECT_EQ(count_graphs(one), 1U);
  EXPECT_EQ(parse_ir(one, "a.ir")->inputs().size(), 1U);
  EXPECT_EQ(parse_ir(text, "a.ir", {.fill = {}, .graph = 1})->inputs().at(0)->debugName(), "x");
  try {
    parse_ir(text, "a.ir", {.fill = {}, .graph = 2});
    ADD_FAILURE();
  } catch (const TextError& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 11), "a.ir:6:11: ");
  }
  EXPECT_THROW(parse_ir(text, "a.ir"), Error);
  EXPECT_THROW(parse_ir(text, "a.ir", {.fill = {}, .graph = 3}), Error);
}

TEST(TextIrModules, StandInsForConstants) {
  const std::string text = R"(graph():
  %0 : Float(3, 4, strides=[1, 3], requires_grad=0, device=cpu) = prim::Constant[value=<Tensor>]()
  %1 : Tensor = prim::Constant[value=<Tensor Long(20)>]()
  %2 : Tensor = prim::Constant[value=<Tensor xxh3_1, Float(20)>]()
  %3 : Tensor = prim::Constant[value=<Tensor xxh3_1, Float(20)>]()
  return (%0, %1, %2, %3)
)";
  const auto values = [&](const std::string& with) {
    const Unit unit = parse_unit(text, "/nowhere/a.ir", {.fill = parse_fill_constants(with), .graph = 0});
    return outputs_of(unit, {});
  };
  EXPECT_EQ(faults(text).faults().size(), 2U) << "left out, and the file is not there: each told once";
  EXPECT_TRUE(values("ones")[0].toTensor().equal(at::ones({3, 4})));
  EXPECT_TRUE(values("zeros")[1].toTensor().equal(at::zeros({20}, at::kLong)));
  const auto random = values("random:3");
  EXPECT_EQ(random[0].toTensor().strides(), at::IntArrayRef({1, 3}));
  EXPECT_TRUE(random[0].toTensor().gt(0).all().item<bool>()) << "it may be a variance";
  EXPECT_TRUE(random[2].toTensor().equal(random[3].toTensor()));
  EXPECT_FALSE(random[2].toTensor().equal(values("random:4")[2].toTensor()));
  EXPECT_TRUE(random[0].toTensor().equal(values("random:3")[0].toTensor()));
  EXPECT_THROW(parse_fill_constants("random:x"), Error);
  EXPECT_THROW(parse_fill_constants("twos"), Error);
}

} // namespace
} // namespace tsir

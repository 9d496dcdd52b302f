// Each kind of value that .ir text can hold, printed and read back.
#include "lib/base/error.h"
#include "lib/ir/hash.h"
#include "lib/ir/text/numbers.h"
#include "lib/ir/text/print.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace tsir {
namespace {

std::string read_back(const std::string& text) {
  return to_text(*parse_ir(text, "a.ir"));
}

// The text equals its printed form, so it must read back unchanged.
void expect_same_text(const std::string& text) {
  EXPECT_EQ(read_back(text), text);
}

void expect_type(const std::string& type) {
  expect_same_text(fmt::format("graph(%x : {}):\n  return (%x)\n", type));
}

void expect_attribute(const std::string& attribute) {
  expect_same_text(fmt::format("graph():\n  %x : Any = prim::Something[a={}]()\n  return (%x)\n", attribute));
}

void expect_constant(const std::string& type, const std::string& value) {
  expect_same_text(fmt::format("graph():\n  %x : {} = prim::Constant[value={}]()\n  return (%x)\n", type, value));
}

std::string fault(const std::string& text) {
  try {
    parse_ir(text, "a.ir");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  return "no error";
}

void expect_fault(const std::string& text, const std::string& begins) {
  EXPECT_EQ(fault(text).substr(0, begins.size()), begins);
}

TEST(TextIrKinds, Types) {
  for (const char* type : {"Tensor",
                           "int",
                           "float",
                           "complex",
                           "bool",
                           "str",
                           "NoneType",
                           "Any",
                           "Device",
                           "Stream",
                           "Scalar",
                           "SymInt",
                           "SymFloat",
                           "SymBool",
                           "Generator",
                           "Storage",
                           "Capsule",
                           "Quantizer",
                           "QScheme",
                           "int[]",
                           "int?[]",
                           "int[][]?",
                           "Tensor?",
                           "Dict(str, Tensor)",
                           "Dict(int, (Tensor, str[]))",
                           "(Tensor, (int, float))",
                           "()",
                           "NamedTuple(x : Tensor, y : int[])",
                           "Future[Tensor]",
                           "Await(Tensor)",
                           "RRef[int]",
                           "Tensor(2, 3)",
                           "Tensor(*, *)",
                           "Tensor(2, *)",
                           "Tensor(device=cpu)",
                           "Tensor(2, 3, requires_grad=0, device=cuda:1)",
                           "Float(requires_grad=0, device=cpu)",
                           "Float()",
                           "FloatTensor",
                           "FloatTensor(requires_grad=1, device=meta)",
                           "Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)",
                           "BFloat16(4)",
                           "ComplexDouble(1, strides=[1])",
                           "QInt8(2)",
                           "Long(2, 0, strides=[1, 1])",
                           "Tensor[Undefined]",
                           "Union(Tensor, int[])",
                           "__torch__.torch.classes.quantized.LinearPackedParamsBase"}) {
    expect_type(type);
  }
}

TEST(TextIrKinds, TypesInOtherSpellings) {
  for (const auto& [written, printed] :
       {std::pair{"Future(Tensor)", "Future[Tensor]"}, std::pair{"List[Optional[int]]", "int?[]"},
        std::pair{"Dict[str, Tuple[int, str]]", "Dict(str, (int, str))"}, std::pair{"Tuple[()]", "()"},
        std::pair{"Float(2:3, 3:1)", "Float(2, 3, strides=[3, 1])"}, std::pair{"Tensor(SS(-7), 3)", "Tensor(*, 3)"},
        std::pair{"None", "NoneType"}, std::pair{"number", "Scalar"}}) {
    EXPECT_EQ(read_back(fmt::format("graph(%x : {}):\n  return (%x)\n", written)),
              fmt::format("graph(%x : {}):\n  return (%x)\n", printed));
  }
}

TEST(TextIrKinds, Attributes) {
  for (const char* attribute : {"1",
                                "-9223372036854775808",
                                "9223372036854775807",
                                "1.",
                                "-0.",
                                "0.10000000000000001",
                                "1.0000000000000001e+300",
                                "4.9406564584124654e-324",
                                "12345678901.",
                                "inf",
                                "-inf",
                                "nan",
                                "-nan",
                                "1.+2.j",
                                "-0.-0.j",
                                "nan+infj",
                                "1.-nanj",
                                "\"a\\\"b\\\\\"",
                                "\"\\000\\377\\n\"",
                                "\"tête 日本 ⅔ \\303(\"",
                                "[1, 2]",
                                "[1., 2.5]",
                                "[\"a\", \"b\"]",
                                "[1.+2.j, 3.+0.j]",
                                "annotate(List[int], [])",
                                "annotate(List[float], [])",
                                "annotate(List[str], [])",
                                "int",
                                "Float(2, strides=[1], device=cpu)",
                                "[Tensor, int[]]",
                                "[(int, str)]",
                                "[]",
                                "True",
                                "None",
                                "(1, 2.)",
                                "(1,)",
                                "()",
                                "[[1], [2]]",
                                "ival([1, 2])",
                                "ival(annotate(List[int], []))",
                                "ival(5)",
                                "{\"a\": 1, \"b\": 2}",
                                "annotate(Dict[str, int],{})",
                                "annotate(List[Optional[int]], [None, 1])",
                                "torch.device(\"cuda:1\")",
                                "[(1, \"a\"), (2, \"b\")]",
                                "tensor(undefined)",
                                "tensor(Float(2, 2), [1, 2.5, -0, inf])",
                                "[tensor(Float(2), [1, 2]), {3}]",
                                "tensor(Float(0), [])"}) {
    expect_attribute(attribute);
  }
}

TEST(TextIrKinds, SeveralAttributesKeepTheirOrder) {
  expect_same_text("graph(%x : Tensor):\n  %1 : Tensor[] = prim::ConstantChunk[dim=1, chunks=3](%x)\n  return (%1)\n");
}

TEST(TextIrKinds, Constants) {
  expect_constant("int", "1");
  expect_constant("bool", "1");
  expect_constant("float", "-0.");
  expect_constant("Device", "\"cpu\"");
  expect_constant("int[]", "[1, 2]");
  expect_constant("int[]", "annotate(List[int], [])");
  expect_constant("(int, (str, NoneType))", "(1, (\"a\", None))");
  expect_constant("Dict(str, int[])", "{\"a\": [1], \"b\": annotate(List[int], [])}");
  expect_constant("Long()", "{2}");
  expect_constant("Float(1, 1, strides=[1, 1], requires_grad=0, device=cpu)", "{0.5}");
  expect_constant("Tensor", "{2}");
  expect_constant("Tensor", "tensor(Double(), [0.5])");
  expect_constant("Tensor", "tensor(Float(1), [0.1])");
  expect_same_text("graph():\n  %0 : NoneType = prim::Constant()\n  return (%0)\n");
  EXPECT_EQ(read_back("graph():\n  %x : float[] = prim::Constant[value=[]]()\n  return (%x)\n"),
            "graph():\n  %x : float[] = prim::Constant[value=annotate(List[float], [])]()\n  return (%x)\n");
}

TEST(TextIrKinds, SmallTensorsOfEveryDtype) {
  for (int i = 0; i < static_cast<int>(at::ScalarType::NumOptions); ++i) {
    const auto dtype = static_cast<at::ScalarType>(i);
    at::Tensor tensor;
    try {
      tensor = at::tensor({0.0, 1.0, 0.1, 3.0, 100.7, 0.0}, at::kDouble).to(dtype).reshape({2, 3});
    } catch (const std::exception&) {
      continue; // quantised, or not there on a CPU
    }
    auto graph = std::make_shared<jit::Graph>();
    graph->registerOutput(graph->insertConstant(tensor));
    const GraphPtr again = parse_ir(to_text(*graph), "a.ir");
    const at::Tensor read = again->outputs()[0]->node()->t(c10::attr::value);
    EXPECT_EQ(read.scalar_type(), dtype);
    EXPECT_EQ(read.sizes(), tensor.sizes());
    EXPECT_EQ(std::memcmp(read.const_data_ptr(), tensor.const_data_ptr(), tensor.nbytes()), 0) << c10::toString(dtype);
    EXPECT_EQ(to_text(*again), to_text(*graph));
  }
}

TEST(TextIrKinds, NumbersAtTheirLimits) {
  for (const double number : {1e10, 1e20, 123456789012345678.0, -1e15, 0.1, 4.9e-324, 1.7976931348623157e308}) {
    const std::string text = ir_text::double_text(number);
    EXPECT_FALSE(ir_text::is_integer_text(text)) << text;
    EXPECT_EQ(ir_text::double_of(text), number) << text;
  }
}

TEST(TextIrKinds, NamesOfResultsSurvive) {
  expect_same_text("graph(%x : Tensor):\n  %self.l.weight : Tensor = aten::relu(%x)\n"
                   "  %\"a b/c\" : Tensor = aten::relu(%self.l.weight)\n  return (%\"a b/c\")\n");
}

TEST(TextIrKinds, BlocksAndNodesWithoutOutputs) {
  expect_same_text(R"(graph(%c : bool,
      %x : Tensor):
   = prim::If(%c)
    block0():
       = prim::Print(%x)
      -> ()
    block1():
      %y : Tensor = prim::If(%c)
        block0():
          -> (%x)
        block1():
          %3 : Tensor = aten::relu(%x)
          -> (%3)
       = prim::Print(%y)
      -> ()
  return (%x)
)");
}

TEST(TextIrKinds, Subgraphs) {
  expect_same_text(R"(graph(%x : Tensor):
  %1 : Tensor = prim::TensorExprGroup_0[allow_stack_outputs=1](%x)
  %2 : Tensor = prim::FunctionalGraph_1(%1)
  return (%2)
with prim::TensorExprGroup_0 = graph(%x : Tensor):
  %1 : Tensor = prim::FunctionalGraph_0(%x)
  return (%1)
with prim::FunctionalGraph_0 = graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  return (%1)
with prim::FunctionalGraph_1 = graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  return (%1)
)");
}

TEST(TextIrKinds, GraphsAsOtherAttributes) {
  expect_same_text(R"(graph(%x : Tensor):
  %1 : Tensor = prim::Something[one=<Graph_0>, more=[<Graph_1>, <Graph_2>]](%x)
  return (%1)
with Graph_0 = graph(%x : Tensor):
  return (%x)
with Graph_1 = graph():
  return ()
with Graph_2 = graph(%y : int):
  return (%y)
)");
}

TEST(TextIrKinds, ScopesAndLooseSpelling) {
  expect_same_text("graph(%x : Tensor):\n  %1 : Tensor = aten::relu(%x), scope: net/layer1\n  return (%1)\n");
  EXPECT_EQ(read_back("# a comment\r\ngraph ( %x, %y : Tensor ) :\r\n\t%z = aten::relu(%x) # m.py:1:2\r\n return (%z)"),
            "graph(%x : Tensor,\n      %y : Tensor):\n  %z : Tensor = aten::relu(%x)\n  return (%z)\n");
}

TEST(TextIrKinds, FaultsSayWhere) {
  expect_fault("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%z)\n  return (%y)\n", "a.ir:2:28: %z is not defined");
  expect_fault("graph(%x : Tensr):\n  return (%x)\n", "a.ir:1:12: unknown type Tensr");
  expect_fault("graph(%x : Dict(str)):\n  return (%x)\n", "a.ir:1:12: Dict takes 2 types, not 1");
  expect_fault("graph():\n  %x : int = prim::Constant[value=99999999999999999999]()\n  return (%x)\n",
               "a.ir:2:35: 99999999999999999999 is not a 64-bit integer");
  expect_fault("graph():\n  %x : str = prim::Constant[value=\"abc]()\n  return (%x)\n",
               "a.ir:2:35: the string that begins here is not terminated");
  expect_fault("graph():\n  %x : Tensor = prim::Constant[value=<Tensor>]()\n  return (%x)\n",
               "a.ir:2:38: the values of this constant were left out");
  expect_fault("graph():\n  %x : Tensor = prim::Constant[value=<Tensor xxh3_1>]()\n  return (%x)\n",
               "a.ir:2:38: a.ir.tensors, which contains this constant, does not exist");
  expect_fault("graph(%x : Tensor):\n  %y : Tensor = prim::X_0(%x)\n  return (%y)\n",
               "a.ir:2:17: the graph of prim::X_0 is missing");
  expect_fault("graph(%f : Function):\n  return (%f)\n", "a.ir:1:12: the text does not name this function");
  expect_fault("graph():\n  %x : Tensor = prim::Constant[value=tensor(Float(99999999999, 99999999999), [1])]()\n"
               "  return (%x)\n",
               "a.ir:2:38: the 1 numbers do not fit");
}

// Text that LibTorch's parser accepts is accepted, and parts that are probably mistakes give a warning.
TEST(TextIrKinds, WarningsAreReportedOnce) {
  std::vector<std::string> told;
  const std::string text = "graph(%x):\n  %y = a::a(%x)\n    block0():\n      %z = aten::add(%x, %x)\n      -> ()\n"
                           "  %w = a::a(%y)\n  %v = prim::GetAttr[name=\"v\"](%w)\n  return (%v)\n";
  const auto graph =
      parse_ir(text, "a.ir", {.warn = [&](const TextFault& warning) { told.push_back(warning.head()); }});
  EXPECT_EQ(std::distance(graph->nodes().begin(), graph->nodes().end()), 3);
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].substr(0, told[0].find(';')), "a.ir:2:8: a::a: this LibTorch has no such operator");
  EXPECT_EQ(told[1], "a.ir:4:12: aten::add: no form of this operator takes these arguments");
  EXPECT_EQ(told[2], "a.ir:7:8: prim::GetAttr of a value that is not an object, but of type Tensor");
}

// Only FILE:LINE:COLUMN with numbers of a plausible size is a location; any other comment is ignored.
TEST(TextIrKinds, LocationsOfAnyKind) {
  const auto kept = [](const std::string& comment) {
    const auto graph =
        parse_ir("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x) #" + comment + "\n  return (%y)\n", "a.ir");
    const std::string text = to_text(*graph, {.locations = true});
    const size_t start = text.find(" #");
    return start == std::string::npos ? "" : text.substr(start + 2, text.find('\n', start) - start - 2);
  };
  EXPECT_EQ(kept(" m.py:1:2"), " m.py:1:2");
  EXPECT_EQ(kept("m.py:0:0\t"), " m.py:0:0");
  EXPECT_EQ(kept(" m.py:1:99999999999"), "");
  EXPECT_EQ(kept(" m.py:99999999999999999999999:1"), "");
  for (const char* none : {"", " ", " m.py", " m.py:1", " :1:2", " m.py:-1:2", " m.py:1:2:", " m.py:1: 2", " 1:2"}) {
    EXPECT_EQ(kept(none), "") << none;
  }
}

// Found by the fuzzer: the string was read before the name of its file was known.
TEST(TextIrKinds, StringsWithoutAnEndInSeveralGraphs) {
  const std::string text = "graph():\n  return ()\n# -----\n'\n";
  EXPECT_EQ(count_graphs(text), 2U);
  try {
    parse_ir(text, "a.ir", {.graph = 2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.ir:4:1: the string that begins here is not terminated");
  }
}

TEST(TextIrKinds, DeepNestingEndsInAnError) {
  const std::string open(100'000, '(');
  EXPECT_NE(fault("graph(%x : " + open).find("nested too deeply"), std::string::npos);
  EXPECT_NE(fault("graph():\n  %x : Any = prim::X[a=" + open).find("nested too deeply"), std::string::npos);
  EXPECT_NE(fault("graph():\n  %x : Any = prim::X[a=" + std::string(100'000, '[')).find("nested too deeply"),
            std::string::npos);
  std::string brackets;
  for (int i = 0; i < 100'000; ++i) {
    brackets += "[]";
  }
  EXPECT_NE(fault("graph(%x : int" + brackets).find("nested too deeply"), std::string::npos);
  std::string blocks = "graph(%c : bool):\n";
  for (int i = 0; i < 5'000; ++i) {
    blocks += " = prim::If(%c)\n block0():\n";
  }
  EXPECT_NE(fault(blocks).find("nested too deeply"), std::string::npos);
}

TEST(TextIrKinds, BlocksWithinTheLimitReadAndPrint) {
  std::string text = "graph(%c : bool):\n";
  for (int i = 0; i < 900; ++i) {
    text += " = prim::Loop(%n, %c)\n block0(%i : int):\n";
  }
  text.insert(text.find('\n') + 1, "  %n : int = prim::Constant[value=1]()\n");
  for (int i = 0; i < 900; ++i) {
    text += " -> (%c)\n";
  }
  const std::string printed = read_back(text + "  return (%c)\n");
  EXPECT_EQ(read_back(printed), printed);
}

void attempt(const std::string& damaged) {
  try {
    to_text(*parse_ir(damaged, "a.ir"));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

// If a text is cut off or changed, the reader reports an error, or reads a graph that can be printed.
TEST(TextIrKinds, DamagedTextNeverCrashes) {
  const std::string text = "graph(%x : Float(2, 3, strides=[3, 1], device=cpu)):\n"
                           "  %c : (int, str)[] = prim::Constant[value=[(1, \"a\\n\"), (2, \"b\")]]()\n"
                           "  %g : Tensor = prim::TensorExprGroup_0[a={\"k\": tensor(Float(2), [1, nan])}](%x)\n"
                           "  return (%g, %c)\n"
                           "with prim::TensorExprGroup_0 = graph(%y : Tensor):\n  return (%y)\n";
  for (size_t at = 0; at < text.size(); ++at) {
    attempt(text.substr(0, at));
    for (const char c : std::string_view("()[]{}<>%\"=:,-1aN.#\n")) {
      std::string changed = text;
      changed[at] = c;
      attempt(changed);
    }
  }
}

// Pieces of one place inserted into another.
TEST(TextIrKinds, ShuffledTextNeverCrashes) {
  std::string text =
      "graph(%x : Dict(str, Future[int?][]), %l : NamedTuple(a : int, b : Union(int, str))):\n"
      "  %t : Float(*, SS(-2), requires_grad=0, device=cuda:0) = prim::Constant[value={1}]()\n"
      "  %u : int[] = prim::Constant[value=annotate(List[int], [1, -2])](), scope: a/b\n"
      "   = prim::If(%x)\n    block0():\n      -> ()\n    block1(%q : Tensor):\n      -> (%q)\n"
      "  %f : Tensor = prim::X_0[a=1, b=2.5, c=1.+2.j, d=[<Graph_1>], e=[int, Tensor], f=ival(\"s\")](%t)\n"
      "  return (%f, %u)\n"
      "with prim::X_0 = graph(%y : Tensor):\n  return (%y)\n"
      "with Graph_1 = graph():\n  return ()\n";
  std::mt19937 random(1); // NOLINT(cert-msc51-cpp): the same every time
  const auto below = [&](size_t limit) { return static_cast<size_t>(random()) % limit; };
  attempt(text);
  for (int i = 0; i < 5000; ++i) {
    std::string changed = text;
    for (size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::string piece = text.substr(below(text.size()), below(20));
      changed.replace(below(changed.size()), below(12), piece);
    }
    attempt(changed);
  }
}

TEST(TextIrFile, LargeConstantsStandBesideTheText) {
  const std::string path = (std::filesystem::temp_directory_path() / fmt::format("tsir-{}.ir", ::getpid())).string();
  for (const at::Tensor& tensor :
       {at::randn({5, 7}), at::randn({5, 7}).t(), at::randn({2, 3, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast),
        at::randn({5, 7}).to(at::kBFloat16), at::randn({40}, at::kComplexFloat), at::randn({8, 8}).slice(0, 2, 6),
        at::quantize_per_tensor(at::randn({5, 7}), 0.1, 3, at::kQInt8),
        at::quantize_per_channel(at::randn({5, 7}), at::rand({5}).to(at::kDouble) + 0.1, at::zeros({5}, at::kLong), 0,
                                 at::kQInt8)}) {
    auto graph = std::make_shared<jit::Graph>();
    graph->registerOutput(graph->insertConstant(tensor));
    write_ir(*graph, path);
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    EXPECT_NE(text.find("<Tensor xxh3_"), std::string::npos) << text;
    const GraphPtr again = parse_ir(text, path);
    const at::Tensor read = again->outputs()[0]->node()->t(c10::attr::value);
    EXPECT_EQ(read.scalar_type(), tensor.scalar_type());
    EXPECT_EQ(read.strides(),
              tensor.is_contiguous() || tensor.is_non_overlapping_and_dense() ? tensor.strides() : read.strides());
    EXPECT_TRUE(at::equal(read, tensor)) << text;
    write_ir(*again, path);
    std::ifstream second(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(second), {}), text);
  }
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".tensors");
}

} // namespace
} // namespace tsir

#include "lib/model/load/inspect.h"

#include "lib/base/error.h"
#include "lib/ir/text/print.h"
#include "lib/model/load/attributes.h"
#include "lib/archive/code_check.h"
#include "lib/model/load/load.h"
#include "lib/archive/pickle_check.h"
#include "lib/model/summary.h"
#include "lib/ir/value_text.h"
#include "lib/base/printable.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

std::string model(const std::string& name) {
  return TSIR_MODELS_DIR "/" + name + ".pt";
}

// The inspected module has the same graphs and values as the one that LibTorch loads.
TEST(Look, GivesWhatLoadingGives) {
  for (const char* name : {"tiny", "control", "methods", "buffers", "shared", "bf16", "forkwait", "conv_bn_relu"}) {
    const InspectedModule looked = inspect(model(name));
    const jit::Module loaded = ModelSource(model(name)).instantiate();
    ASSERT_EQ(looked.module.get_methods().size(), loaded.get_methods().size()) << name;
    for (const auto& method : loaded.get_methods()) {
      EXPECT_EQ(to_text(*looked.module.get_method(method.name()).graph()), to_text(*method.graph())) << name;
    }
    std::map<std::string, at::Tensor> values;
    for (const auto& parameter : looked.module.named_parameters()) {
      values.emplace(parameter.name, parameter.value);
    }
    for (const auto& parameter : loaded.named_parameters()) {
      EXPECT_TRUE(parameter.value.equal(values.at(parameter.name))) << name << " " << parameter.name;
    }
  }
}

TEST(Look, LeavesWeightsInTheFile) {
  const InspectedModule looked = inspect(model("tiny"));
  const auto view = looked.archive->bytes().view();
  for (const auto& parameter : looked.module.parameters()) {
    const auto* data = static_cast<const std::byte*>(parameter.storage().data());
    EXPECT_TRUE(data >= view.data() && data < view.data() + view.size());
  }
}

TEST(Look, DoesNotRunSetstate) {
  testing::internal::CaptureStdout();
  const InspectedModule looked = inspect(model("setstate"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  ASSERT_EQ(looked.unset_classes, std::vector<std::string>{"SetState"});
  EXPECT_TRUE(looked.module._ivalue()->slots().at(0).isNone());
  EXPECT_EQ(tensors_in(looked.unset_objects.at(0).state).size(), 1u);
}

TEST(Summary, CountsSharedWeightsOnce) {
  InlinedGraphs inlined;
  const ModelSummary summary = summarize(inspect(model("shared")), inlined);
  ASSERT_EQ(summary.parameters.size(), 1u);
  EXPECT_EQ(summary.parameters[0].elements, 80u);
  EXPECT_EQ(summary.parameters[0].bytes, 320u);
}

bool allows(const std::string& code, Defaults defaults = Defaults::literals) {
  try {
    check_code(code, "m.pt", defaults);
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    return false;
  }
}

TEST(CodeCheck, LetsPyTorchsOwnDefaultsPass) {
  EXPECT_TRUE(allows("class M(Module):\n  n : Final[int] = -8\n  x : Final[float] = 1.0000000000000001e-05\n"
                     "  def f(self: __torch__.M,\n    x: Tensor,\n    a: List[int]=[1, -2],\n"
                     "    d: Device=torch.device(\"cpu\"),\n    e: Dict[str, int]=annotate(Dict[str, int], {}),\n"
                     "    s: str=\"torch.save()\") -> Tensor:\n    return torch.save(x, \"y\")\n"
                     "def g(x: Tensor) -> Tensor:\n  return torch.neg(x * 2)\n"));
}

TEST(CodeCheck, RefusesWhatWouldRunWhileLoading) {
  const std::string body = ") -> Tensor:\n    return x\n";
  EXPECT_FALSE(allows("class M(Module):\n  def f(self, x: Tensor=torch.rand([1])" + body));
  EXPECT_FALSE(allows("class M(Module):\n  def f(self, x: str=\"a\".ljust(9)" + body));
  EXPECT_FALSE(allows("class M(Module):\n  def f(self, x: int=2 ** 9" + body));
  EXPECT_FALSE(allows("class M(Module):\n  n : Final[int] = ops.my.op()\n"));
  EXPECT_FALSE(allows("def f(x: Tensor):\n  def g(y: int=torch.len([])):\n    return y\n  return x\n"));
  EXPECT_FALSE(allows("def f(x: Tensor):\n  return x\nn = torch.len([])\n"));
  EXPECT_TRUE(allows("class M(Module):\n  def f(self, x: Tensor=torch.rand([1])" + body, Defaults::any));
}

TEST(CodeCheck, RefusesNesting) {
  const auto nested = [](size_t depth) {
    return "def f(x):\n  return " + std::string(depth, '(') + "x" + std::string(depth, ')') + "\n";
  };
  EXPECT_TRUE(allows(nested(200)));
  EXPECT_FALSE(allows(nested(1000)));
  EXPECT_FALSE(allows("def f(x):\n  return " + std::string(5000, '-') + "x\n"));
  EXPECT_TRUE(allows("def f(x):\n  s = \"" + std::string(5000, '(') + "\"\n  return x # " + std::string(5000, '[')));
  EXPECT_FALSE(allows("def f(x):\n  s = \"no end\n"));
}

void check(const std::string& body) {
  check_pickle("\x80\x02" + body + ".", "m.pt: its data.pkl", [](const std::string&) { return std::optional(64); });
}

TEST(PickleCheck, FollowsTheStack) {
  using namespace std::string_literals;
  EXPECT_NO_THROW(check("]q\0(K\1K\2e"s));
  EXPECT_THROW(check("]q\0h\0a"s), Error);                                     // a list that holds itself
  EXPECT_THROW(check("t"), Error);                                             // no mark
  EXPECT_THROW(check("(t("s + "\x87"), Error);                                 // a triple of one
  EXPECT_THROW(check("}(K\1u"s), Error);                                       // half a pair
  EXPECT_THROW(check("X\xff\xff\xff\xff"s + "abc"), Error);                    // a string of 4 GB
  EXPECT_THROW(check("Nr\xff\xff\xff\xff"s), Error);                           // a memo of 4 billion entries
  EXPECT_THROW(check(std::string(3000, ']') + std::string(2999, 'a')), Error); // 3,000 levels
  EXPECT_NO_THROW(check(std::string(1000, ']') + std::string(999, 'a')));
}

TEST(Printable, HidesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\tb\n"), "a\tb\n");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("é…𝄞"), "é…𝄞");
  EXPECT_EQ(printable("\xc3("), "\\xc3(");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b"); // U+009B begins terminal sequences too
}

TEST(ValueText, ElidesAndNeverRunsAway) {
  EXPECT_EQ(value_text(c10::IValue("a\x1b\"")), "\"a\\u001b\\\"\"");
  EXPECT_EQ(value_text(at::arange(3)), "int64[3] [0, 1, 2]");
  EXPECT_EQ(value_text(at::zeros({2, 8})), "float32[2,8] [0, 0, 0, 0, 0, 0, 0, 0, …]");
  c10::impl::GenericList list(c10::AnyType::get());
  for (int level = 0; level < 40; ++level) { // 2^40 items, shared
    c10::impl::GenericList outer(c10::AnyType::get());
    outer.push_back(list);
    outer.push_back(list);
    list = outer;
  }
  EXPECT_LT(value_text(list).size(), 200u);
  EXPECT_TRUE(tensors_in(list).empty());
}

} // namespace
} // namespace tsir

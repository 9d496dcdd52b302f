#include "lib/base/error.h"
#include "lib/ir/hash.h"
#include "lib/ir/text/print.h"
#include "lib/model/text_ir.h"
#include "lib/model/unit.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

constexpr const char* sum = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %z : Tensor = aten::add(%x, %y, %one)
  return (%z)
)";

std::string parse_error(const std::string& text) {
  try {
    parse_ir(text, "a.ir");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    return error.what();
  }
  return "no error";
}

TEST(TextIr, PrintParsePrintIsTheSame) {
  const std::string text = to_text(*parse_ir(sum, "a.ir"));
  EXPECT_EQ(to_text(*parse_ir(text, "b.ir")), text);
}

TEST(TextIr, ErrorsNameFileAndLine) {
  EXPECT_EQ(parse_error("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%z)\n  return (%y)\n").rfind("a.ir:2:", 0),
            0U);
  EXPECT_EQ(parse_error("# nothing\n\n").rfind("a.ir does not contain a graph", 0), 0U);
  EXPECT_EQ(parse_error("graph(%s : __torch__.M):\n  return (%s)\n")
                .rfind("a.ir:1:12: the text does not define __torch__.M", 0),
            0U);
  for (const std::string& text :
       {parse_error("graph("), parse_error("garbage"), parse_error("graph(%x : Tensor):\n  return (%x")}) {
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_EQ(text.rfind("a.ir:", 0), 0U) << text;
  }
}

TEST(TextIr, RefusesSubgraphsThatLibTorchWouldDrop) {
  EXPECT_NE(parse_error(std::string(sum) + "with prim::X_0 = graph(%a : Tensor):\n  return (%a)\n").find("a.ir:5:"),
            std::string::npos);
}

TEST(Hash, DoesNotSeeNames) {
  std::string renamed = sum;
  for (size_t at = renamed.find("%z"); at != std::string::npos; at = renamed.find("%z")) {
    renamed.replace(at, 2, "%other");
  }
  EXPECT_EQ(canonical_hash(*parse_ir(sum, "a")), canonical_hash(*parse_ir(renamed, "b")));
}

TEST(Hash, SeesConstantsOperandsAndOperators) {
  const uint64_t start = canonical_hash(*parse_ir(sum, "a"));
  for (const auto& [from, to] : {std::pair{"value=1", "value=2"}, std::pair{"%x, %y, %one", "%y, %x, %one"},
                                 std::pair{"aten::add", "aten::sub"}}) {
    std::string changed = sum;
    changed.replace(changed.find(from), std::string(from).size(), to);
    EXPECT_NE(canonical_hash(*parse_ir(changed, "a")), start) << to;
  }
}

TEST(Hash, SeesTheContentsOfTensorConstants) {
  const auto with_constant = [](const at::Tensor& tensor) {
    auto graph = std::make_shared<jit::Graph>();
    graph->registerOutput(graph->insertConstant(tensor));
    return canonical_hash(*graph);
  };
  EXPECT_EQ(with_constant(at::ones({2, 3})), with_constant(at::ones({2, 3})));
  EXPECT_NE(with_constant(at::ones({2, 3})), with_constant(at::zeros({2, 3})));
  EXPECT_NE(with_constant(at::ones({2, 3})), with_constant(at::ones({3, 2})));
  EXPECT_NE(with_constant(at::ones({2, 3})), with_constant(at::ones({2, 3}, at::kDouble)));
}

TEST(Unit, ReplaceGraphKeepsTheGraphObjectAndTakesTheContents) {
  Unit unit = Unit::of_graph(parse_ir(sum, "a.ir"), "a.ir");
  const jit::Graph* object = unit.graph().get();
  const GraphPtr other =
      parse_ir("graph(%x : Tensor, %y : Tensor):\n  %z : Tensor = aten::mul(%x, %y)\n  return (%z)\n", "b");
  unit.replace_graph(*other);
  EXPECT_EQ(unit.graph().get(), object);
  EXPECT_EQ(canonical_hash(*unit.graph()), canonical_hash(*other));
  unit.graph()->lint();
  unit.replace_graph(*parse_ir(sum, "a.ir")); // and back, over a graph of several nodes
  EXPECT_EQ(canonical_hash(*unit.graph()), canonical_hash(*parse_ir(sum, "a.ir")));
  EXPECT_ANY_THROW(
      unit.replace_graph(*parse_ir("graph():\n  %x : int = prim::Constant[value=1]()\n  return (%x)\n", "c")));
}

} // namespace
} // namespace tsir

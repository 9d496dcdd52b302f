// What a dump of a graph gathers, as data, text and JSON. Whole files: tests/lit/dump.
#include "lib/dump/view.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

const char* const doubled = R"(graph(%x : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::add(%x, %x, %1)
  return (%2)
)";

TEST(Dump, ShowsSummaryAndGraphByDefault) {
  EXPECT_EQ(chosen_sections({}), (std::set<std::string>{"summary", "graph"}));
}

TEST(Dump, AllIsEverySection) {
  const std::set<std::string> all(dump_sections().begin(), dump_sections().end());
  EXPECT_EQ(chosen_sections({.sections = {"all"}}), all);
  EXPECT_EQ(chosen_sections({.sections = {"files", "all"}}), all);
}

TEST(Dump, AnUnknownSectionIsRefusedWithAllThereAre) {
  try {
    chosen_sections({.sections = {"graph", "weights"}});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    const std::string text = error.what();
    EXPECT_NE(text.find(" weights: "), std::string::npos) << text;
    for (const std::string& section : dump_sections()) {
      EXPECT_NE(text.find(section), std::string::npos) << section << " is not in: " << text;
    }
  }
}

TEST(Dump, AGraphIsItsOwnText) {
  const GraphPtr graph = parsed(doubled);
  const DumpView view = view_of_graph(*graph, "a.ir", {.sections = {"graph"}});
  ASSERT_EQ(view.graphs.size(), 1U);
  EXPECT_EQ(view.graphs[0].nodes, 2U);
  EXPECT_EQ(dump_text(view), "# a.ir: 2 nodes\n" + std::string(doubled));
  EXPECT_TRUE(view.problem.empty());
}

TEST(Dump, SectionsThatWereNotAskedForAreAbsentInJson) {
  const GraphPtr graph = parsed(doubled);
  const auto json = dump_json(view_of_graph(*graph, "a.ir", {.sections = {"ops"}}));
  EXPECT_EQ(json["schema"], "tsir.dump/1");
  EXPECT_TRUE(json["problem"].is_null());
  EXPECT_EQ(json["operators"]["aten::add"], 1);
  EXPECT_FALSE(json.contains("graphs"));
}

} // namespace
} // namespace tsir

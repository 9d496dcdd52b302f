// Layout in child processes, and what is done when Graphviz fails.
#include "lib/base/error.h"
#include "lib/render/dot/layout.h"
#include "lib/render/dot/rows.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace tsir {
namespace {

Rendered crash() {
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
  return {};
}

Rendered hang() {
  std::this_thread::sleep_for(std::chrono::minutes(5));
  return {};
}

Rendered give_bytes() {
  return {std::string("\x00\xff\n", 3), "a warning", ""};
}

Drawing chain_of_boxes(size_t count) {
  Drawing drawing;
  for (size_t i = 0; i < count; ++i) {
    Box box;
    box.title = fmt::format("box {}", i);
    drawing.boxes.push_back(box);
    if (i > 0) {
      drawing.edges.push_back({i - 1, i, EdgeKind::data, "%label", {}, ""});
    }
  }
  return drawing;
}

TEST(Layout, BytesAndWarningsComeFromTheChild) {
  const Rendered rendered = first_that_works({{"", 1, give_bytes}}, "3 boxes", {});
  EXPECT_EQ(rendered.bytes, std::string("\x00\xff\n", 3));
  EXPECT_EQ(rendered.warning, "a warning");
  EXPECT_EQ(rendered.simplified, "");
}

TEST(Layout, ACrashAndAHangAreFollowedBySimplerWays) {
  const LayoutSettings settings{.limit = std::chrono::seconds(2)};
  const Rendered rendered = first_that_works(
      {{"", 0.5, crash}, {"without labels", 0.1, hang}, {"in rows", 1, give_bytes}}, "3 boxes", settings);
  EXPECT_EQ(rendered.bytes.size(), 3U);
  EXPECT_TRUE(rendered.simplified.starts_with("drawn in rows: Graphviz crashed (Segmentation fault); then took longer"))
      << rendered.simplified;
  EXPECT_TRUE(rendered.simplified.ends_with("; layout limit SECONDS allows more")) << rendered.simplified;
}

TEST(Layout, TheErrorNamesGraphvizAndEveryReasonOnce) {
  try {
    first_that_works({{"", 0.5, crash}, {"in rows", 1, crash}}, "3 boxes", {});
    FAIL() << "rendered";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::check);
    EXPECT_TRUE(std::string(error.what()).starts_with("cannot draw 3 boxes: Graphviz crashed (Segmentation fault); "))
        << error.what();
  }
}

TEST(Layout, ProgressIsTold) {
  std::vector<std::string> lines;
  const LayoutSettings settings{.limit = std::chrono::seconds(60),
                                .progress = [&](const std::string& line) { lines.push_back(line); }};
  first_that_works({{"without labels", 1,
                     [] {
                       std::this_thread::sleep_for(std::chrono::milliseconds(300));
                       return Rendered();
                     }}},
                   "3 boxes", settings);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], "laying out 3 boxes without labels: 0 s of 60 s");
}

TEST(Layout, RowsAreRenderedWithoutFramesAndLabels) {
  Drawing drawing = chain_of_boxes(3);
  drawing.clusters.push_back({ClusterKind::control, "If", "", -1, {}});
  drawing.boxes[1].cluster = 0;
  EXPECT_NE(render(drawing, "svg").bytes.find("%label"), std::string::npos);
  const std::string rows = render(drawing, "svg", {}, Engine::rows).bytes;
  EXPECT_NE(rows.find("box 2"), std::string::npos);
  EXPECT_EQ(rows.find("%label"), std::string::npos);
  EXPECT_EQ(rows.find(">If<"), std::string::npos);
  DotSettings unlabelled;
  unlabelled.edge_labels = false;
  EXPECT_EQ(render(drawing, "svg", unlabelled).bytes.find("%label"), std::string::npos);
}

// Graphviz 2.42 frees memory twice after it laid out a labelled edge between boxes of one row.
TEST(Layout, LabelsOfEdgesWithinARowDoNotCrash) {
  Drawing drawing = chain_of_boxes(12);
  for (size_t i = 0; i + 2 < 12; i += 2) {
    drawing.edges.push_back({i + 1, i, EdgeKind::carried, "back", {}, ""});
    drawing.edges.push_back({0, i + 1, EdgeKind::carried, "side", {}, ""});
  }
  for (int round = 0; round < 3; ++round) {
    EXPECT_NE(render(drawing, "svg").bytes.find("side"), std::string::npos);
  }
  EXPECT_EQ(lay_out(drawing, "svg", {}).simplified, "");
}

TEST(Layout, ALongChainIsDrawnInTime) {
  const auto begun = std::chrono::steady_clock::now();
  const Rendered rendered = lay_out(chain_of_boxes(5000), "svg", {}, {.limit = std::chrono::seconds(60)});
  EXPECT_NE(rendered.bytes.find("box 4999"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(120)); // on a busy machine
}

TEST(Rows, ABoxIsBelowItsInputsAndBoxesDoNotOverlap) {
  Drawing drawing = chain_of_boxes(3);
  Box weight;
  weight.kind = BoxKind::parameter;
  weight.title = "weight";
  drawing.boxes.push_back(weight);
  drawing.edges.push_back({3, 1, EdgeKind::attached, "", {}, ""});
  drawing.edges.push_back({2, 0, EdgeKind::carried, "", {}, ""});
  const std::vector<Place> places = places_in_rows(drawing, false);
  EXPECT_GT(places[0].y, places[1].y + 50);
  EXPECT_GT(places[1].y, places[2].y + 50);
  EXPECT_EQ(places[3].y, places[1].y); // beside its user
  EXPECT_GT(places[3].x, places[1].x + 50);
  EXPECT_LT(places_in_rows(drawing, true)[0].x + 50, places_in_rows(drawing, true)[1].x);
}

} // namespace
} // namespace tsir

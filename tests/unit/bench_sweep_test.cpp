// Points, their share of the time, and reports of all points. Benches are synthetic, or use small graphs whose times do
// not matter.
#include "lib/bench/report/sweep_report.h"
#include "tests/unit/bench_clock.h"

#include "lib/base/error.h"
#include "lib/bench/job/bench.h"
#include "lib/bench/job/points.h"
#include "lib/bench/machine/environment.h"
#include "lib/bench/report/sweep_figures.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

#include <numeric>

namespace tsir {
namespace {

using Strings = std::vector<std::string>;

Strings labels(const SweepAxes& axes) {
  Strings list;
  for (const Point& point : points_of(axes)) {
    list.push_back(point.label());
  }
  return list;
}

TEST(Points, AreAllCombinations) {
  EXPECT_EQ(labels({}), Strings{""});
  EXPECT_EQ(labels({.batches = {1, 8}, .threads = {1, 2}}),
            (Strings{"batch 1, threads 1", "batch 1, threads 2", "batch 8, threads 1", "batch 8, threads 2"}));
  const std::vector<Point> points = points_of({.clients = {3}, .cold = true});
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].label(), "clients 3, caches cold");
  EXPECT_EQ(points[1].row_suffix(), "clients:3/caches:cold");
  EXPECT_EQ(points[1].clients, 3U);
  EXPECT_TRUE(points[1].cold);
  EXPECT_FALSE(points[0].cold);
}

TEST(Points, AreRefusedWhereTheyAreTooManyOrTwice) {
  std::vector<int64_t> many(33);
  std::iota(many.begin(), many.end(), 1);
  EXPECT_THROW(points_of({.batches = many, .cold = true}), Error);
  EXPECT_EQ(points_of({.batches = {many.begin(), many.begin() + 32}, .cold = true}).size(), 64U);
  EXPECT_THROW(points_of({.batches = {1, 2, 1}}), Error);
}

BenchSettings thirty_seconds() {
  BenchSettings settings;
  settings.protocol.max_seconds = 30;
  return settings;
}

TEST(Sweep, PointsShareTheTimeThatIsLeft) {
  SyntheticClock clock(1);
  clock.noise = 0;
  std::vector<double> shares;
  const auto bench = [&](const Point& point, const BenchSettings& settings, const Hooks&) {
    shares.push_back(settings.protocol.max_seconds);
    clock.work(point.batch == 1 ? 1 : 100); // the first ends early, the second runs over
    return BenchOutcome();
  };
  run_sweep(points_of({.batches = {1, 2, 3}}), thirty_seconds(), bench, clock, {});
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_NEAR(shares[0], 10, 1e-6);
  EXPECT_NEAR(shares[1], 14.5, 1e-6);
  EXPECT_NEAR(shares[2], 2, 1e-6) << "a fifth of an equal share is always there";
}

TEST(Sweep, APointThatFailsDoesNotEndTheOthers) {
  SyntheticClock clock(1);
  const auto bench = [&](const Point& point, const BenchSettings&, const Hooks&) -> BenchOutcome {
    if (point.batch == 2) {
      throw Error(ErrorKind::check, "forward failed: 2 is too much");
    }
    return {};
  };
  const auto results = run_sweep(points_of({.batches = {1, 2, 3}}), thirty_seconds(), bench, clock, {});
  EXPECT_TRUE(results[0].result && !results[1].result && results[2].result);
  EXPECT_EQ(results[1].failure, "forward failed: 2 is too much");
  EXPECT_THROW(run_sweep(points_of({.batches = {2}}), thirty_seconds(), bench, clock, {}), Error)
      << "nothing was benched";
}

TEST(Sweep, OtherErrorsEndIt) {
  SyntheticClock clock(1);
  const auto bench = [&](const Point&, const BenchSettings&, const Hooks&) -> BenchOutcome {
    throw Error(ErrorKind::usage, "no such thing");
  };
  EXPECT_THROW(run_sweep(points_of({.batches = {1, 2}}), thirty_seconds(), bench, clock, {}), Error);
}

TEST(Sweep, StopsBetweenPoints) {
  SyntheticClock clock(1);
  size_t benched = 0;
  const auto bench = [&](const Point&, const BenchSettings&, const Hooks&) {
    ++benched;
    return BenchOutcome();
  };
  Hooks hooks;
  hooks.stop = [&] { return benched > 0; };
  const auto results = run_sweep(points_of({.batches = {1, 2, 3}}), thirty_seconds(), bench, clock, hooks);
  EXPECT_EQ(benched, 1U);
  EXPECT_EQ(results.size(), 3U);
  EXPECT_FALSE(results[2].result || !results[2].failure.empty());
}

// A graph swept over batches and clients.
class SweptGraph : public ::testing::Test {
protected:
  SweepOutcome sweep(const SweepAxes& axes) {
    settings_.protocol.rounds = 2;
    settings_.protocol.blocks = 3;
    const auto bench = [&](const Point& point, const BenchSettings& settings, const Hooks& hooks) {
      BenchTarget target;
      target.open = [] {
        return Unit::of_graph(parse_ir("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)", "t.ir"),
                              "t.ir");
      };
      target.method = "t.ir";
      target.inputs = {at::ones({point.batch.value_or(1), 3})};
      target.clients = point.clients;
      return run_bench(target, prefix_variants({}, {}), settings, clock_, hooks);
    };
    SweepOutcome result;
    result.context = {.file = "t.ir",
                      .sha1 = "",
                      .method = "t.ir",
                      .passes = "",
                      .conditions = {},
                      .settings = settings_,
                      .environment = read_environment()};
    result.points = run_sweep(points_of(axes), settings_, bench, clock_, {});
    for (PointOutcome& point : result.points) {
      point.result->context = context_at(result.context, point);
    }
    return result;
  }
  BenchSettings settings_;
  SteadyClock clock_;
};

TEST_F(SweptGraph, FiguresAreOfTheWholeBatch) {
  const SweepOutcome result = sweep({.batches = {1, 8}});
  const auto figures = figures_of(result.points[1], 0);
  ASSERT_TRUE(figures.has_value());
  EXPECT_DOUBLE_EQ(figures->calls_per_second, 1e9 / figures->summary.median);
  EXPECT_DOUBLE_EQ(*figures->items_per_second, 8 * figures->calls_per_second);
  EXPECT_FALSE(figures->latency.has_value());
}

TEST_F(SweptGraph, ClientsHaveLatencies) {
  const SweepOutcome result = sweep({.clients = {1, 3}});
  const auto figures = figures_of(result.points[1], 0);
  ASSERT_TRUE(figures && figures->latency);
  EXPECT_GE(figures->latency->calls, figures->summary.samples * 3 * 2);
  EXPECT_LE(figures->latency->median, figures->latency->longest);
  EXPECT_FALSE(figures->items_per_second.has_value());
}

TEST_F(SweptGraph, JsonHasRowsAndPoints) {
  SweepOutcome result = sweep({.batches = {1, 8}, .clients = {2}});
  result.points.emplace_back().failure = "forward failed: boom";
  const auto json = sweep_json(result);
  EXPECT_EQ(json["benchmarks"][0]["run_name"], "t/t.ir/batch:1/clients:2/baseline");
  EXPECT_EQ(json["benchmarks"][0]["threads"], 2);
  const auto& points = json["tsir"]["points"];
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[1]["coordinates"]["batch"], "8");
  EXPECT_GT(points[1]["report"]["variants"][0]["items_per_second"], 0);
  EXPECT_GT(points[1]["report"]["variants"][0]["latency"]["p50_ms"], 0);
  EXPECT_EQ(points[2]["failure"], "forward failed: boom");
}

TEST_F(SweptGraph, TextSaysThingsOnce) {
  settings_.control = false;
  SweepOutcome result = sweep({.batches = {1, 8}});
  result.points[1].result->notes = {"only here"};
  for (PointOutcome& point : result.points) {
    point.result->notes.emplace_back("everywhere");
  }
  const std::string text = sweep_text(result);
  EXPECT_NE(text.find("\nbatch 8: only here\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\neverywhere\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("placement"), std::string::npos) << text;
}

} // namespace
} // namespace tsir

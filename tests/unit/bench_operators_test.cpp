// Operators: what of a gain is put down to which, on synthetic arms whose truth is known, and on small real graphs.
// Nothing here looks at how long anything real took.
#include "lib/bench/operators/attribution.h"

#include "lib/base/error.h"
#include "lib/bench/operators/operator_track.h"
#include "lib/model/text_ir.h"
#include "tests/unit/bench_clock.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Strings = std::vector<std::string>;

// A synthetic arm of operators with known times, slower by `overhead` ns that no operator took.
struct Model {
  std::map<std::string, OperatorTime> operators;
  double overhead = 0;
};

ProfiledSource synthetic(SyntheticClock& clock, const std::string& name, const Model& model, double placement,
                         const std::shared_ptr<Random>& random) {
  return {name, [=, &clock] {
            Model here = model;
            for (auto& [operator_name, time] : here.operators) {
              time.ns *= 1 + placement * std::normal_distribution<double>()(*random);
            }
            const auto run = [&clock, here](OperatorTimes* times) {
              clock.work(here.overhead * 1e-9);
              for (const auto& [operator_name, time] : here.operators) {
                const int64_t before = clock.now();
                clock.work(time.ns * 1e-9);
                if (times != nullptr) {
                  (*times)[operator_name].ns += static_cast<double>(clock.now() - before);
                  (*times)[operator_name].calls += time.calls;
                }
              }
            };
            return ProfiledArm{[run] { run(nullptr); },
                               [run](size_t calls, bool) {
                                 OperatorTimes times;
                                 for (size_t i = 0; i < calls; ++i) {
                                   run(&times);
                                 }
                                 for (auto& [operator_name, time] : times) {
                                   time.ns /= static_cast<double>(calls);
                                   time.calls /= static_cast<double>(calls);
                                 }
                                 return times;
                               }};
          }};
}

// Twelve operators of about 0.1 ms each.
Model twelve_operators() {
  Model model{{}, 20e3};
  for (int i = 0; i < 12; ++i) {
    model.operators["aten::op" + std::to_string(i)] = {80e3 + 4e3 * i, 1.0 + i};
  }
  return model;
}

double total_ns(const Model& model) {
  double sum = model.overhead;
  for (const auto& [name, time] : model.operators) {
    sum += time.ns;
  }
  return sum;
}

MeasuredPair measured(const Model& variant, const Model& reference) {
  return {total_ns(variant), total_ns(reference), total_ns(variant) - total_ns(reference)};
}

class Synthetic : public ::testing::Test {
protected:
  OperatorRounds profile(const Model& reference, const Model& variant, uint64_t seed) {
    SyntheticClock clock(seed);
    clock.noise = 0.02;
    clock.burst_probability = 0.02;
    clock.drift_per_second = 0.01;
    const auto random = std::make_shared<Random>(seed);
    OperatorRoundsSettings settings = settings_;
    settings.seed = seed;
    return profile_rounds(
        {synthetic(clock, "baseline", reference, 0.005, random), synthetic(clock, "+ slow", variant, 0.005, random)},
        settings, clock, hooks_);
  }

  OperatorRoundsSettings settings_;
  Hooks hooks_;
};

TEST_F(Synthetic, TheSlowOperatorComesFirstAndTheDifferencesAddUp) {
  constexpr int runs = 100;
  int first = 0;
  int covered = 0;
  int close = 0;
  for (int run = 0; run < runs; ++run) {
    const Model reference = twelve_operators();
    Model variant = reference;
    const std::string slow = "aten::op" + std::to_string(run % 12);
    variant.operators[slow].ns *= 1.5; // about 4 % of a call
    const auto attribution =
        attribute(profile(reference, variant, static_cast<uint64_t>(run)), 1, 0, measured(variant, reference), {});
    ASSERT_TRUE(attribution.has_value());
    const OperatorDelta& top = attribution->operators.front();
    const double truth = variant.operators[slow].ns - reference.operators.at(slow).ns;
    first += top.name == slow;
    covered += top.low <= truth && truth <= top.high;
    close += std::abs(attribution->attributed_ns - truth) <= 0.1 * truth;
    EXPECT_DOUBLE_EQ(attribution->attributed_ns + attribution->unattributed_ns, attribution->measured_ns);
  }
  EXPECT_GE(first, 95);
  EXPECT_GE(covered, 85);
  EXPECT_GE(close, 90);
}

TEST_F(Synthetic, WhatNoOperatorTookIsUnattributed) {
  const Model reference = twelve_operators();
  Model variant = reference;
  variant.overhead += 100e3;
  const OperatorRounds rounds = profile(reference, variant, 7);
  const auto attribution = attribute(rounds, 1, 0, measured(variant, reference), {});
  EXPECT_NEAR(attribution->unattributed_ns, 100e3, 20e3);
  const auto profile = profile_of(rounds, 1, total_ns(variant));
  EXPECT_NEAR(profile->unattributed_ns, variant.overhead, 20e3);
  EXPECT_EQ(profile->operators.front().name, "aten::op11") << "the largest first";
  EXPECT_EQ(profile->operators.front().calls, 12);
  EXPECT_LT(profile->profiled_call, 1);
}

TEST_F(Synthetic, AMachineThatWasSlowerInTheProfileIsTakenOut) {
  const Model reference = twelve_operators();
  Model variant = reference;
  variant.operators["aten::op3"].ns += 200e3;
  const OperatorRounds rounds = profile(reference, variant, 3);
  const double half = 0.5;
  const MeasuredPair fast{half * total_ns(variant), half * total_ns(reference), half * 200e3};
  const auto attribution = attribute(rounds, 1, 0, fast, {});
  EXPECT_NEAR(attribution->operators.front().delta_ns, half * 200e3, 10e3);
}

TEST_F(Synthetic, AFusionGroupStandsForTheOperatorsInIt) {
  const std::string group = "prim::TensorExprGroup[aten::op0 aten::op1]";
  const Model reference = twelve_operators();
  Model variant = reference;
  variant.operators.erase("aten::op0");
  variant.operators["aten::op1"].calls = 1; // of 2
  variant.operators["aten::op1"].ns /= 2;
  variant.operators[group] = {30e3, 1};
  const auto attribution =
      attribute(profile(reference, variant, 5), 1, 0, measured(variant, reference),
                {{group, {"aten::op0", "aten::op1", "aten::op5"}}, {"prim::Other[aten::op2]", {"aten::op2"}}});
  ASSERT_EQ(attribution->replacements.size(), 1U);
  const Replacement& replacement = attribution->replacements.front();
  EXPECT_EQ(replacement.groups, Strings{group});
  EXPECT_EQ(replacement.operators, (Strings{"aten::op0", "aten::op1"})) << "op5 is called as often as before";
  EXPECT_NEAR(replacement.groups_ns, 30e3, 5e3);
  EXPECT_NEAR(replacement.operators_ns, -80e3 - 42e3, 10e3);
}

TEST_F(Synthetic, GroupsThatShareAnOperatorShareALine) {
  Model reference = twelve_operators();
  Model variant = reference;
  for (const char* name : {"aten::op0", "aten::op1", "aten::op2", "aten::op3"}) {
    variant.operators.erase(name);
  }
  variant.operators["a[]"] = {10e3, 1};
  variant.operators["b[]"] = {10e3, 1};
  variant.operators["c[]"] = {10e3, 1};
  const auto attribution =
      attribute(profile(reference, variant, 5), 1, 0, measured(variant, reference),
                {{"a[]", {"aten::op0"}}, {"b[]", {"aten::op2"}}, {"c[]", {"aten::op0", "aten::op1"}}});
  ASSERT_EQ(attribution->replacements.size(), 2U);
  size_t joined = 0;
  for (const Replacement& replacement : attribution->replacements) {
    joined += replacement.groups.size() == 2 && replacement.operators.size() == 2;
  }
  EXPECT_EQ(joined, 1U);
}

TEST_F(Synthetic, OneRoundAndAStopAreEnoughForSomething) {
  settings_.rounds = 1;
  const Model model = twelve_operators();
  const auto attribution = attribute(profile(model, model, 2), 1, 0, measured(model, model), {});
  ASSERT_TRUE(attribution.has_value());
  EXPECT_LE(attribution->operators.front().low, attribution->operators.front().delta_ns);
  hooks_.stop = [] { return true; };
  const OperatorRounds stopped = profile(model, model, 2);
  EXPECT_TRUE(stopped.interrupted);
  EXPECT_FALSE(profile_of(stopped, 0, 1e6).has_value());
}

TEST_F(Synthetic, AnArmThatThrowsLeavesTheOthers) {
  SyntheticClock clock(1);
  const auto random = std::make_shared<Random>(1);
  const std::vector<ProfiledSource> sources = {
      synthetic(clock, "baseline", twelve_operators(), 0, random),
      {"bad", []() -> ProfiledArm { throw Error(ErrorKind::check, "it does not run"); }}};
  const OperatorRounds rounds = profile_rounds(sources, settings_, clock, hooks_);
  EXPECT_EQ(rounds.failures, (Strings{"", "it does not run"}));
  EXPECT_TRUE(profile_of(rounds, 0, 1e6).has_value());
  EXPECT_FALSE(profile_of(rounds, 1, 1e6).has_value());
  EXPECT_FALSE(attribute(rounds, 1, 0, {1e6, 1e6, 0}, {}).has_value());
}

// Real graphs, run as bench runs them.
class RealGraph : public ::testing::Test {
protected:
  static OperatorTimes times_of(const char* text, std::vector<c10::IValue> inputs, Executor executor,
                                bool grad = false) {
    const Unit unit = Unit::of_graph(parse_ir(text, "test.ir"), "test.ir");
    const Runnable runnable(unit, executor, grad);
    for (int call = 0; call < 5; ++call) {
      runnable.run(inputs);
    }
    NodeTimes times;
    times.number(runnable.executed_code(), executor == Executor::as_is);
    return times.measure([&] { runnable.run(inputs); }, 5);
  }

  static Strings names(const OperatorTimes& times) {
    Strings list;
    for (const auto& [name, time] : times) {
      list.push_back(name);
    }
    return list;
  }
};

constexpr const char* loop_text = R"(graph(%x : Tensor, %n : int):
  %true : bool = prim::Constant[value=1]()
  %one : int = prim::Constant[value=1]()
  %y : Tensor = prim::Loop(%n, %true, %x)
    block0(%i : int, %last : Tensor):
      %next : Tensor = aten::add(%last, %last, %one)
      %again : Tensor = aten::relu(%next)
      -> (%true, %again)
  %z : Tensor = aten::relu(%y)
  return (%z))";

TEST_F(RealGraph, EveryNodeThatRunsIsCounted) {
  for (const Executor executor : {Executor::as_is, Executor::simple}) {
    const OperatorTimes times = times_of(loop_text, {at::ones({4}), 7}, executor);
    ASSERT_TRUE(times.contains("aten::add")) << to_string(executor);
    EXPECT_EQ(times.at("aten::add").calls, 7) << "the mean of five calls of the graph";
    EXPECT_EQ(times.at("aten::relu").calls, 8);
    EXPECT_TRUE(times.contains("prim::Loop"));
    EXPECT_EQ(times.at("prim::Loop").calls, 0) << "control flow is not counted";
    EXPECT_FALSE(times.contains(std::string(other_code)));
    EXPECT_GT(times.at("aten::relu").ns, 0);
  }
}

TEST_F(RealGraph, DifferentiableGraphsAreSeenInto) {
  constexpr const char* text = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::mul(%x, %y)
  %b : Tensor = aten::mul(%a, %y)
  %c : Tensor = aten::sigmoid(%b)
  %d : Tensor = aten::mul(%c, %y)
  %e : Tensor = aten::tanh(%d)
  %f : Tensor = aten::mul(%e, %a)
  %g : Tensor = aten::sigmoid(%f)
  return (%g))";
  const at::Tensor x = at::ones({4}).requires_grad_();
  const OperatorTimes times = times_of(text, {x, at::ones({4})}, Executor::profiling, true);
  EXPECT_TRUE(times.contains("aten::sigmoid")) << fmt::format("{}", fmt::join(names(times), " "));
  EXPECT_TRUE(times.contains("prim::DifferentiableGraph")) << fmt::format("{}", fmt::join(names(times), " "));
  EXPECT_FALSE(times.contains(std::string(other_code)));
}

TEST_F(RealGraph, TheProfileEndsWithTheMeasurement) {
  const Unit unit = Unit::of_graph(parse_ir(loop_text, "test.ir"), "test.ir");
  const Runnable runnable(unit, Executor::as_is);
  NodeTimes times;
  times.number(runnable.executed_code(), true);
  EXPECT_THROW(times.measure([] { throw std::runtime_error("no"); }, 1), std::runtime_error);
  EXPECT_TRUE(times.measure([] {}, 1).empty());
  const std::vector<c10::IValue> inputs = {at::ones({4}), 2};
  EXPECT_EQ(times.measure([&] { runnable.run(inputs); }, 1).at("aten::add").calls, 2);
}

TEST_F(RealGraph, ATrackHoldsOperatorsAndWhatTheyCall) {
  SteadyClock clock;
  const at::Tensor x = at::ones({4, 4});
  const OperatorTrack track = record_operators([&] { at::linear(x, x); }, clock);
  ASSERT_GT(track.events.size(), 1U);
  EXPECT_EQ(track.events[0].name, "aten::linear");
  EXPECT_EQ(track.events[0].depth, 0U);
  EXPECT_EQ(track.events[1].depth, 1U);
  EXPECT_GE(track.events[1].start, track.events[0].start);
  EXPECT_LE(track.events[1].wall_ns, track.events[0].wall_ns);
  EXPECT_LE(track.events[0].wall_ns, track.wall_ns);
  EXPECT_TRUE(record_operators([] {}, clock).events.empty()) << "the callback is gone";
}

} // namespace
} // namespace tsir

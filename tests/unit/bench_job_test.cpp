// Jobs from end to end on a small graph: what is put together, what is refused. Nothing here looks at how long anything
// took.
#include "lib/bench/job/job.h"

#include "lib/base/output_file.h"
#include "lib/bench/across_time/saved_baseline.h"
#include "lib/bench/report/report.h"

#include "tests/unit/test_pass.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* job_graph = R"(graph(%x : Tensor):
  %y : Tensor = aten::relu(%x)
  return (%y))";

class Job : public ::testing::Test {
protected:
  Job() {
    for (const char* name : {"nothing", "nothing-else"}) {
      registry_.add(test_pass(name, [](Unit&, const PassContext&) { return ""; }));
    }
    write_file(file_, job_graph);
    job_.workload.source.file = file_;
    job_.workload.inputs.inputs = {"float32[2,3]=ones"};
    job_.registry = &registry_;
    job_.settings.protocol.rounds = 1;
    job_.settings.protocol.blocks = 2;
    job_.settings.protocol.max_seconds = 5;
  }

  static Strings names(const BenchOutcome& result) {
    Strings list;
    for (const VariantOutcome& variant : result.variants) {
      list.push_back(variant.name);
    }
    return list;
  }

  std::string refusal() const {
    try {
      check_job(job_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.what();
    }
    return "";
  }

  Registry registry_;
  BenchJob job_;
  const std::string folder_ = testing::TempDir();
  const std::string file_ = folder_ + "relu.ir";
};

TEST_F(Job, VariantsAreThePrefixes) {
  job_.passes = Pipeline::parse("nothing,nothing-else", registry_);
  job_.passes_text = "nothing,nothing-else";
  const BenchOutcome result = run(job_);
  EXPECT_EQ(names(result), (Strings{"baseline", "+ nothing", "+ nothing-else"}));
  EXPECT_EQ(result.context.file, file_);
  EXPECT_EQ(result.context.method, file_);
  EXPECT_EQ(result.context.passes, "nothing,nothing-else");
  EXPECT_EQ(result.context.executor, "as-is");
  EXPECT_EQ(result.context.device, "cpu");
  EXPECT_GT(result.context.environment.num_cpus, 0);
  EXPECT_TRUE(result.summary(0).has_value());
  EXPECT_NE(report_text(result).find("relu.ir: as-is executor, cpu"), std::string::npos);
}

TEST_F(Job, AgainstIsTheBaseline) {
  const std::string old = folder_ + "old.ir";
  write_file(old, job_graph);
  job_.against = old;
  const BenchOutcome result = run(job_);
  EXPECT_EQ(names(result), (Strings{"baseline: " + old, file_}));
  EXPECT_EQ(result.variants[0].origin, old);
  EXPECT_EQ(result.variants[1].origin, "");
}

TEST_F(Job, OneStructHoldsAllSettings) {
  job_.workload.inputs.seed = 5;
  job_.save = true;
  const BenchOutcome result = run(job_);
  EXPECT_EQ(result.context.settings.protocol.seed, 5U);
  EXPECT_EQ(result.context.settings.least_rounds, 16U) << "for a comparison later";
  EXPECT_TRUE(result.context.settings.check.stop_at_failed_pass);
  EXPECT_FALSE(result.context.conditions.empty());
}

TEST_F(Job, AnEarlierOutcomeIsComparedWith) {
  job_.save = true;
  job_.settings.protocol.rounds = 2;
  SavedBaseline saved = make_baseline(run(job_));
  saved.path = "old.json";
  job_.save = false;
  job_.baseline = saved;
  const BenchOutcome again = run(job_);
  ASSERT_TRUE(again.across_time.has_value());
  EXPECT_EQ(again.across_time->pairs.size(), 1U);
  EXPECT_EQ(again.across_time->different, "");

  job_.workload.inputs.seed = 1;
  try {
    run(job_);
    FAIL() << "the seed is another";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("old.json was measured under other conditions (seed: 0 then, 1 now)"), 0U)
        << error.what();
  }
  job_.other_conditions = true;
  EXPECT_EQ(run(job_).across_time->different, "seed: 0 then, 1 now");
}

TEST_F(Job, ASweepHasAnOutcomeAPoint) {
  job_.axes.batches = {1, 4};
  const SweepOutcome result = sweep(job_);
  ASSERT_EQ(result.points.size(), 2U);
  EXPECT_EQ(result.context.method, file_);
  EXPECT_EQ(result.points[1].result->context.method, file_ + "/batch:4");
  EXPECT_TRUE(result.points[1].result->summary(0).has_value());
  EXPECT_THROW(run(job_), Error) << "one bench has no axes";
}

TEST_F(Job, WhatDoesNotGoTogetherIsRefusedBeforeAnythingIsOpened) {
  EXPECT_EQ(refusal(), "");
  job_.workload.source.file = folder_ + "none.ir";
  job_.axes.batches = {1, 4};
  job_.operators.emplace();
  EXPECT_NE(refusal().find("is for one bench, not for several points"), std::string::npos);
  job_.operators.reset();
  job_.axes.cold = true;
  job_.axes.clients = {2};
  EXPECT_NE(refusal().find("would disturb the calls of the others"), std::string::npos);
  job_.axes.clients.clear();
  job_.workload.device = "cuda";
  EXPECT_NE(refusal().find("not those of device cuda"), std::string::npos);
  job_.axes = {};
  job_.training.emplace();
  job_.operators.emplace();
  EXPECT_NE(refusal().find("not training steps"), std::string::npos);
  job_.operators.reset();
  for (const RivalCommand& bad :
       {RivalCommand{"a b", "true"}, RivalCommand{"x", " "}, RivalCommand{"control", "true"}}) {
    job_.rivals = {bad};
    EXPECT_NE(refusal(), "") << bad.name;
  }
}

TEST_F(Job, StoppedBeforeARivalGreetsThereIsNoOutcome) {
  job_.workload.source.file = folder_ + "none.ir"; // nothing is opened
  job_.rivals = {{"sleeper", "sleep 100"}};
  bool watched = false;
  JobHooks hooks;
  hooks.stop = [] { return true; };
  hooks.watch = [&]() -> std::shared_ptr<void> {
    watched = true;
    return nullptr;
  };
  EXPECT_THROW(run(job_, hooks), Interrupted);
  EXPECT_TRUE(watched);
}

} // namespace
} // namespace tsir

// The variants of a bench, tried in other processes before anything is timed.
#include "lib/bench/job/bench.h"
#include "lib/bench/variants/check.h"
#include "lib/bench/variants/preflight.h"
#include "lib/model/text_ir.h"
#include "tests/unit/test_pass.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <thread>

namespace tsir {
namespace {

// Of all processes together.
std::atomic<int>& times_opened() {
  static void* const memory =
      ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *static_cast<std::atomic<int>*>(memory);
}

BenchTarget opened_target() {
  BenchTarget target;
  target.open = [] {
    ++times_opened();
    return Unit::of_graph(parse_ir("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)\n", "a.ir"),
                          "a.ir");
  };
  target.method = "a.ir";
  target.inputs = {at::ones({2})};
  return target;
}

std::string add_constant(Unit& unit) {
  jit::WithInsertPoint at_end(unit.graph()->return_node());
  unit.graph()->insertConstant(
      static_cast<int64_t>(std::distance(unit.graph()->nodes().begin(), unit.graph()->nodes().end())));
  return "";
}

const Registry& tried_passes() {
  static const Registry registry = [] {
    Registry made;
    const auto add = [&](const std::string& name, std::function<std::string(Unit&)> run) {
      made.add(test_pass(name, [run = std::move(run)](Unit& unit, const PassContext&) { return run(unit); }));
    };
    add("idle", [](Unit&) { return "had nothing to do"; });
    add("first", add_constant);
    add("changes", add_constant);
    add("throws", [](Unit&) -> std::string { throw std::runtime_error("boom"); });
    add("crashes", [](Unit&) {
      std::raise(SIGSEGV);
      return "";
    });
    add("hangs", [](Unit&) {
      std::this_thread::sleep_for(std::chrono::minutes(5));
      return "";
    });
    return made;
  }();
  return registry;
}

std::vector<VariantSpec> variants_of(const std::string& start, const std::string& passes) {
  return single_variants(Pipeline::parse(start, tried_passes()), Pipeline::parse(passes, tried_passes()));
}

TEST(Preflight, MarksWhatCrashesAndWhatIsIdleAndOpensTheTargetOnce) {
  times_opened() = 0;
  std::vector<VariantSpec> specs = variants_of("first", "idle,crashes,changes,hangs,throws");
  std::vector<std::string> doing;
  Hooks hooks;
  hooks.progress = [&](const Progress& progress) { doing.push_back(progress.doing); };
  mark_crashing(specs, opened_target, 1, std::chrono::seconds(4), hooks);
  EXPECT_EQ(times_opened(), 1);
  EXPECT_EQ(doing, (std::vector<std::string>{"trying idle", "trying crashes", "trying changes", "trying hangs",
                                             "trying throws"}));
  EXPECT_EQ(specs[1].crash, "");
  ASSERT_TRUE(specs[1].idle);
  ASSERT_EQ(specs[1].idle->passes.size(), 2U);
  EXPECT_EQ(specs[1].idle->passes[0].text, "first");
  EXPECT_TRUE(specs[1].idle->passes[0].changed);
  EXPECT_EQ(specs[1].idle->passes[1].note, "had nothing to do");
  EXPECT_TRUE(specs[2].crash.starts_with("LibTorch crashed: Segmentation fault while running pass crashes"))
      << specs[2].crash;
  EXPECT_TRUE(specs[4].crash.starts_with("exceeded its time limit while running pass hangs")) << specs[4].crash;
  for (const size_t good : {3U, 5U}) {
    EXPECT_EQ(specs[good].crash, "") << good;
    EXPECT_FALSE(specs[good].idle) << good;
  }
}

TEST(Preflight, WhatIsIdleIsNotMadeAgain) {
  std::vector<VariantSpec> specs = variants_of("first", "idle,changes");
  mark_crashing(specs, opened_target, 1, std::chrono::seconds(60), {});
  times_opened() = 0;
  const Checks checks = check_variants(opened_target(), specs, {}, {});
  EXPECT_EQ(times_opened(), 2);
  EXPECT_EQ(checks.variants[1].state, VariantState::identical);
  EXPECT_EQ(checks.variants[1].identical_to, 0U);
  EXPECT_EQ(checks.variants[1].pass_runs.size(), 2U);
  EXPECT_EQ(checks.variants[2].state, VariantState::good);
}

// The start's pass kills the process that would share it: each variant is then tried alone.
TEST(Preflight, AStartThatCannotBeSharedIsTriedWithEachVariant) {
  times_opened() = 0;
  std::vector<VariantSpec> specs = variants_of("crashes", "idle,changes");
  mark_crashing(specs, opened_target, 1, std::chrono::seconds(60), {});
  EXPECT_EQ(times_opened(), 3);
  EXPECT_TRUE(specs[1].crash.starts_with("LibTorch crashed")) << specs[1].crash;
  EXPECT_TRUE(specs[2].crash.starts_with("LibTorch crashed")) << specs[2].crash;
}

TEST(Preflight, StopsWhenAsked) {
  std::vector<VariantSpec> specs = variants_of("", "hangs,crashes");
  size_t told = 0;
  Hooks hooks;
  hooks.progress = [&](const Progress&) { ++told; };
  hooks.stop = [&] { return told > 0; };
  const auto begun = std::chrono::steady_clock::now();
  mark_crashing(specs, opened_target, 1, std::chrono::minutes(5), hooks);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::minutes(1));
  EXPECT_EQ(told, 1U);
  EXPECT_EQ(specs[2].crash, "");
}

} // namespace
} // namespace tsir

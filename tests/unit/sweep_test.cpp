// Sweeps: one start for all passes, each pass in a process of its own.
#include "lib/base/error.h"
#include "lib/verify/sweep.h"
#include "tests/unit/test_pass.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <thread>

namespace tsir {
namespace {

// What all processes of a test count together.
struct Counts {
  std::atomic<int> opened;
  std::atomic<int> passes_that_met_a_changed_buffer;
};

Counts& sweep_counts() {
  static void* const memory =
      ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *static_cast<Counts*>(memory);
}

// Its buffer counts the calls.
Unit counting_unit() {
  ++sweep_counts().opened;
  jit::Module module("__torch__.Counting");
  module.register_buffer("calls", at::zeros({1}));
  module.define("def forward(self, x):\n  self.calls.add_(1)\n  return x + self.calls\n");
  return Unit::of_module(module, "forward");
}

SweepSettings settings_for(std::function<Unit()> open) {
  return {.target =
              [open = std::move(open)] {
                VerifyTarget target;
                target.open = open;
                target.observe = {.input_sets = {{at::ones({2})}}, .calls = 3};
                return target;
              },
          .threads = 1,
          .limit = std::chrono::seconds(60)};
}

jit::Node* only_node(Unit& unit, const char* kind) {
  for (jit::Node* node : unit.graph()->nodes()) {
    if (std::string_view(node->kind().toQualString()) == kind) {
      return node;
    }
  }
  throw std::runtime_error(std::string("no ") + kind);
}

// Makes the graph compute x + x in place of x + calls.
std::string break_results(Unit& unit) {
  jit::Node* add = only_node(unit, "aten::add");
  add->replaceInput(1, add->input(0));
  return "";
}

std::string note_changed_buffer(Unit& unit) {
  if (unit.module().attr("calls").toTensor().item<float>() != 0) {
    ++sweep_counts().passes_that_met_a_changed_buffer;
  }
  return "";
}

// The names say what becomes of the unit.
const Registry& misbehaving() {
  static const Registry registry = [] {
    Registry made;
    const auto add = [&](const std::string& name, std::function<std::string(Unit&)> run) {
      made.add(test_pass(name, [run = std::move(run)](Unit& unit, const PassContext&) {
        note_changed_buffer(unit);
        return run(unit);
      }));
    };
    add("idle", [](Unit&) { return ""; });
    add("harmless", [](Unit& unit) {
      jit::WithInsertPoint at_end(unit.graph()->return_node());
      unit.graph()->insertConstant(5);
      return "";
    });
    add("wrong", break_results);
    add("writes", [](Unit& unit) { // changes the buffer, as no pass should
      unit.module().attr("calls").toTensor().fill_(100);
      return break_results(unit);
    });
    add("crashes", [](Unit&) -> std::string {
      std::raise(SIGSEGV);
      return "";
    });
    add("hangs", [](Unit&) -> std::string {
      std::this_thread::sleep_for(std::chrono::minutes(5));
      return "";
    });
    add("throws", [](Unit&) -> std::string { throw std::runtime_error("no"); });
    return made;
  }();
  return registry;
}

std::vector<Pipeline> pipelines_of(const std::vector<std::string>& names) {
  std::vector<Pipeline> pipelines;
  for (const std::string& name : names) {
    pipelines.push_back(Pipeline::parse(name, misbehaving()));
  }
  return pipelines;
}

std::vector<std::string> verdicts_of(const SweepResult& result) {
  std::vector<std::string> all;
  for (const auto& verdicts : result.verdicts) {
    std::string text;
    for (const PassVerdict& verdict : verdicts) {
      text += (text.empty() ? "" : ", ") + verdict.name + " " + std::string(to_string(verdict.verdict));
    }
    all.push_back(text);
  }
  return all;
}

class Sweeps : public testing::Test {
protected:
  void SetUp() override {
    sweep_counts().opened = 0;
    sweep_counts().passes_that_met_a_changed_buffer = 0;
  }
};

const std::vector<std::string> all_names = {"wrong", "crashes",  "idle",   "writes",
                                            "hangs", "harmless", "throws", "wrong,idle"};

TEST_F(Sweeps, GiveTheSameInAnyNumberOfProcesses) {
  SweepSettings settings = settings_for(counting_unit);
  settings.limit = std::chrono::seconds(4); // for the pass that hangs
  const std::vector<std::string> expected = {
      "wrong differs",   "crashes crashed",    "idle unchanged", "writes differs",
      "hangs timed out", "harmless identical", "throws failed",  "wrong differs, idle unchanged"};
  for (const size_t at_once : {size_t{1}, size_t{2}, size_t{5}}) {
    settings.at_once = at_once;
    std::vector<size_t> begun;
    const SweepResult result =
        verify_each(pipelines_of(all_names), settings, [&](size_t index) { begun.push_back(index); });
    EXPECT_EQ(verdicts_of(result), expected) << at_once;
    EXPECT_EQ(begun, (std::vector<size_t>{0, 1, 2, 3, 4, 5, 6, 7})) << at_once;
    EXPECT_EQ(result.cost.at_once, at_once);
  }
}

// Neither what the start's runs left, nor what other passes wrote.
TEST_F(Sweeps, EachPassMeetsTheUnitAsItWasOpened) {
  verify_each(pipelines_of({"writes", "idle", "wrong", "harmless"}), settings_for(counting_unit));
  EXPECT_EQ(sweep_counts().passes_that_met_a_changed_buffer, 0);
}

// A differing pass compares the start with itself, for which it is opened again.
TEST_F(Sweeps, OpenTheUnitOnce) {
  verify_each(pipelines_of({"idle", "harmless", "idle", "throws"}), settings_for(counting_unit));
  EXPECT_EQ(sweep_counts().opened, 1);
  sweep_counts().opened = 0;
  SweepSettings apart = settings_for(counting_unit);
  apart.shared = false;
  const SweepResult result = verify_each(pipelines_of({"idle", "harmless", "wrong"}), apart);
  EXPECT_EQ(verdicts_of(result), (std::vector<std::string>{"idle unchanged", "harmless identical", "wrong differs"}));
  EXPECT_EQ(sweep_counts().opened, 1 + 3 + 1);
}

TEST_F(Sweeps, RunOnlyWhatAPassHasChanged) {
  const SweepResult result = verify_each(pipelines_of({"idle", "harmless", "throws"}), settings_for(counting_unit));
  EXPECT_EQ(result.verdicts[0][0].run_seconds, 0);
  EXPECT_GT(result.verdicts[1][0].run_seconds, 0);
  EXPECT_EQ(result.verdicts[2][0].run_seconds, 0);
  EXPECT_GT(result.cost.start, 0);
  EXPECT_DOUBLE_EQ(result.cost.runs, result.verdicts[1][0].run_seconds);
  EXPECT_GT(result.cost.whole, result.cost.floor());
}

// A fork would not copy the thread.
TEST_F(Sweeps, AUnitThatStartsAThreadIsOpenedInEachChild) {
  const SweepResult result =
      verify_each(pipelines_of({"idle", "harmless"}), settings_for([] {
                    std::thread([] { std::this_thread::sleep_for(std::chrono::minutes(1)); }).detach();
                    return counting_unit();
                  }));
  EXPECT_EQ(verdicts_of(result), (std::vector<std::string>{"idle unchanged", "harmless identical"}));
  EXPECT_EQ(sweep_counts().opened, 1 + 1 + 2);
}

TEST_F(Sweeps, AStartThatCannotBeRunEndsThem) {
  const auto error_of = [](std::function<Unit()> open, std::chrono::nanoseconds limit = std::chrono::seconds(60)) {
    SweepSettings settings = settings_for(std::move(open));
    settings.limit = limit;
    try {
      verify_each(pipelines_of({"idle"}), settings);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error_of([]() -> Unit { throw Error(ErrorKind::load, "no such file"); }), "no such file");
  EXPECT_EQ(error_of([]() -> Unit {
              std::raise(SIGSEGV);
              return counting_unit();
            }),
            "LibTorch crashed on the unit before any pass: Segmentation fault");
  EXPECT_TRUE(error_of(
                  []() -> Unit {
                    std::this_thread::sleep_for(std::chrono::minutes(5));
                    return counting_unit();
                  },
                  std::chrono::milliseconds(300))
                  .starts_with("the unit exceeded its time limit before any pass"));
  EXPECT_NE(error_of([] {
              jit::Module module("__torch__.Throwing");
              module.define("def forward(self, x):\n  return x.mm(x)\n");
              return Unit::of_module(module, "forward");
            }).find("mm"),
            std::string::npos);
}

// An object in the outputs cannot be handed over: each changed unit is then compared with a start of its own.
TEST_F(Sweeps, AStartThatCannotBeStoredIsObservedWhereItIsNeeded) {
  const auto open = [] {
    ++sweep_counts().opened;
    jit::Module module("__torch__.Sparse");
    module.define("def forward(self, x):\n  return (x + 1).to_sparse()\n");
    return Unit::of_module(module, "forward");
  };
  Registry registry;
  registry.add(test_pass("harmless", [](Unit& unit, const PassContext&) -> std::string {
    jit::WithInsertPoint at_end(unit.graph()->return_node());
    unit.graph()->insertConstant(5);
    return "";
  }));
  const SweepResult result = verify_each({Pipeline::parse("harmless", registry)}, settings_for(open));
  EXPECT_EQ(verdicts_of(result), std::vector<std::string>{"harmless identical"});
  EXPECT_EQ(sweep_counts().opened, 2);
}

} // namespace
} // namespace tsir

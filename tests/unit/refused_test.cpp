// What counts as a refusal of tsir's, and what as a failure of LibTorch's or of the model's.
#include "lib/pass/needs.h"
#include "lib/pass/pipeline.h"
#include "lib/pass/refused.h"
#include "lib/verify/observer.h"
#include "passes/all.h"
#include "tests/unit/parsed_graph.h"
#include "tests/unit/test_pass.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

namespace tsir {
namespace {

const Registry& passes() {
  static const Registry registry = [] {
    Registry made = all_passes();
    made.add(test_pass("refuses", [](Unit&, const PassContext&) -> std::string { throw Refused("freeze it first"); }));
    made.add(test_pass(
        "fails", [](Unit&, const PassContext&) -> std::string { throw Error(ErrorKind::check, "the model threw"); }));
    made.add(
        test_pass("throws", [](Unit&, const PassContext&) -> std::string { TORCH_CHECK(false, "LibTorch threw"); }));
    made.add(test_pass("adds-input", [](Unit& unit, const PassContext&) -> std::string {
      unit.graph()->addInput("more");
      return "";
    }));
    return made;
  }();
  return registry;
}

// The shapes do not fit, so it cannot be run.
Unit throwing_unit() {
  return Unit::of_graph(parsed("graph(%x : Tensor):\n  %y : Tensor = aten::mm(%x, %x)\n"
                               "  %z : Tensor = aten::relu(%y)\n  return (%z)\n"),
                        "test");
}

const std::vector<c10::IValue>& inputs() {
  static const std::vector<c10::IValue> all{at::ones({2, 3})};
  return all;
}

// The verdict on the last pass of `pipeline`, without comparing what the unit does before and after.
PassVerdict verdict_on(const std::string& pipeline) {
  VerifyTarget target;
  target.open = throwing_unit;
  target.observe.input_sets = {inputs()};
  PassVerdict last;
  BehaviourObserver observer(
      target, [](const PassEvent&) {}, [&](const PassVerdict& verdict) { last = verdict; });
  Observer* const observers[] = {&observer};
  Unit unit = throwing_unit();
  try {
    Pipeline::parse(pipeline, passes()).run(unit, {.inputs = &inputs()}, observers);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::pass);
    EXPECT_EQ(dynamic_cast<const Refused*>(&error) != nullptr, last.verdict == Verdict::refused) << error.what();
  }
  return last;
}

TEST(Refused, IsWhatAPassRefusesAndNothingElse) {
  EXPECT_EQ(verdict_on("refuses").verdict, Verdict::refused);
  EXPECT_EQ(verdict_on("refuses").what, "freeze it first");
  EXPECT_EQ(verdict_on("fails").verdict, Verdict::failed);
  EXPECT_EQ(verdict_on("throws").verdict, Verdict::failed);
}

// A sweep over all passes excuses refusals, and must not excuse this.
TEST(Refused, IsNotAModelThatThrowsWhileItIsProfiled) {
  for (const std::string pass : {"fuse-onednn-graph", "fuse-tensor-exprs", "instrument-graph", "get-plan-for",
                                 "trace-graph", "print-shapes", "print-cost"}) {
    if (passes().find(pass) == nullptr) {
      ADD_FAILURE() << pass;
      continue;
    }
    const PassVerdict verdict = verdict_on(pass);
    EXPECT_EQ(verdict.verdict, Verdict::failed) << pass;
    EXPECT_NE(verdict.what.find("shapes cannot be multiplied"), std::string::npos) << pass << ": " << verdict.what;
    EXPECT_EQ(exit_code({verdict}, /*refusals_are_fine=*/true), 4) << pass;
  }
}

TEST(Refused, IsAnotherNumberOfInputsThanThereAreExamples) {
  for (const std::string pass : {"fuse-tensor-exprs", "annotate-input-shapes", "print-shapes"}) {
    const PassVerdict verdict = verdict_on("adds-input," + pass);
    EXPECT_EQ(verdict.verdict, Verdict::refused) << pass;
    EXPECT_EQ(verdict.what, "test takes 2 inputs, not 1") << pass;
  }
}

TEST(Refused, IsANeedThatIsNotMet) {
  Unit unit = throwing_unit();
  const auto refusal = [&](const std::string& pass) -> std::string {
    try {
      check_needs(*passes().find(pass), unit, nullptr);
      return "";
    } catch (const Refused& refused) {
      return refused.what();
    }
  };
  EXPECT_EQ(refusal("freeze-module"), to_advice(Need::module));
  EXPECT_EQ(refusal("annotate-input-shapes"), to_advice(Need::inputs));
  EXPECT_EQ(refusal("inline"), "");
}

TEST(WrongOptions, AreWrongUsageAndFoundWhereThePipelineIsRead) {
  const std::map<std::string, std::string> wrong{
      {"create-autodiff-subgraphs{threshold=0}", "threshold must be at least 1"},
      {"peel-loop{times=0}", "times must be at least 1"},
      {"loops-peeler{num-iterations=-1}", "num-iterations must be at least 1"},
      {"fuse-static-subgraphs{min-size=0}", "min-size must be at least 1"},
      {"replace-old-operators-with-upgraders{op-version=-1}", "op-version must be at least 0"},
      {"make-shapes-symbolic{sizes=2;two}", "\"two\" is not a size"},
      {"custom-fuse-graph{kind=Group}", "\"Group\" is not a kind of node: it has no namespace, as in prim::Group"},
      {"rewrite-pattern{pattern=hello}", "the pattern is not a graph"},
  };
  for (const auto& [text, why] : wrong) {
    try {
      Pipeline::parse("cse," + text, passes());
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << text;
      const std::string name = text.substr(0, text.find('{'));
      EXPECT_NE(std::string(error.what()).find("column 5: pass " + name + ": " + why), std::string::npos)
          << error.what();
    }
  }
}

// What a row has by default is right.
TEST(WrongOptions, AreNoDefaults) {
  for (const PassRow* row : passes().rows()) {
    EXPECT_EQ(row->wrong_options ? row->wrong_options(PassOptions(row->options)) : "", "") << row->name;
  }
}

} // namespace
} // namespace tsir

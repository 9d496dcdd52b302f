// Every row is complete, its pass changes its example, and the result is a valid graph.
#include "lib/base/error.h"
#include "lib/pass/pipeline.h"
#include "lib/pass/unit_hash.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "passes/all.h"
#include "passes/example.h"
#include "tests/unit/unchanged_examples.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

const Registry& registry() {
  static const Registry passes = all_passes();
  return passes;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const PassRow* row : registry().rows()) {
    all.push_back(row->name);
  }
  return all;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

class EveryPass : public testing::TestWithParam<std::string> {
protected:
  const PassRow& row() const { return *registry().find(GetParam()); }
};

TEST_P(EveryPass, HasAllFields) {
  EXPECT_FALSE(row().header.empty());
  EXPECT_FALSE(row().example.empty());
  EXPECT_FALSE(row().summary.ends_with('.'));
  EXPECT_TRUE(row().description.ends_with('.'));
  EXPECT_TRUE(row().function.starts_with("torch::jit::"));
  EXPECT_TRUE(row().kind == PassKind::analysis || row().name == "canonicalize" || !row().looks_for.empty());
  EXPECT_EQ(row().name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  for (const OptionSpec& option : row().options) {
    EXPECT_FALSE(option.name.empty());
    EXPECT_FALSE(option.help.empty());
  }
}

TEST_P(EveryPass, ChangesItsExample) {
  if (const std::string reason = reason_for_no_change(row()); !reason.empty()) {
    GTEST_SKIP() << reason;
  }
  Unit unit = example_unit(row(), registry());
  const uint64_t before = canonical_hash(unit);
  const PassOptions options(row().options);
  const std::vector<c10::IValue> inputs = example_inputs(row(), unit);
  row().run(unit, {.options = options, .inputs = inputs.empty() ? nullptr : &inputs});
  EXPECT_EQ(canonical_hash(unit) == before, row().kind == PassKind::analysis);
  EXPECT_NO_THROW(unit.graph()->lint());
}

// What the row declares about a second run is true for its example.
TEST_P(EveryPass, IsIdempotentOnItsExampleWhereItsRowSaysSo) {
  if (!reason_for_no_change(row()).empty() || !row().idempotent || !row().executable || !row().keeps_interface) {
    GTEST_SKIP();
  }
  Unit unit = example_unit(row(), registry());
  const PassOptions options(row().options);
  const std::vector<c10::IValue> inputs = example_inputs(row(), unit);
  const PassContext context{.options = options, .inputs = inputs.empty() ? nullptr : &inputs};
  row().run(unit, context);
  if (row().kind == PassKind::profiled) {
    GTEST_SKIP() << "fused groups have no profile of their own";
  }
  const uint64_t once = canonical_hash(unit);
  row().run(unit, context);
  EXPECT_EQ(canonical_hash(unit), once);
}

// A second run must not break the result of the first.
TEST_P(EveryPass, RunsTwice) {
  if (!reason_for_no_change(row()).empty() && row().name != "canonicalize") {
    GTEST_SKIP();
  }
  Unit unit = example_unit(row(), registry());
  const PassOptions options(row().options);
  const std::vector<c10::IValue> inputs = example_inputs(row(), unit);
  const PassContext context{.options = options, .inputs = inputs.empty() ? nullptr : &inputs};
  row().run(unit, context);
  if (row().kind == PassKind::profiled || !row().keeps_interface || !row().executable) {
    return; // fused groups have no profile of their own; the others are not what they were before
  }
  EXPECT_NO_THROW(row().run(unit, context));
  EXPECT_NO_THROW(unit.graph()->lint());
}

// Inputs that fit the row's example, if it does not name any itself.
std::vector<c10::IValue> inputs_for(const PassRow& row, const Unit& unit) {
  if (!row.example_inputs.empty()) {
    return example_inputs(row, unit);
  }
  at::manual_seed(0);
  std::vector<c10::IValue> inputs;
  const c10::FunctionSchema schema = unit.schema();
  for (const c10::Argument& argument : schema.arguments()) {
    const auto type = argument.type()->cast<c10::TensorType>();
    const bool conv = row.example.find("conv2d") != std::string::npos;
    const bool linear = row.example.find("aten::linear") != std::string::npos || unit.has_module();
    std::vector<int64_t> sizes = conv ? std::vector<int64_t>{1, 3, 4, 4} : std::vector<int64_t>{4, linear ? 3 : 4};
    if (type && type->sizes().concrete_sizes()) {
      sizes = *type->sizes().concrete_sizes();
    }
    inputs.emplace_back(type ? c10::IValue(at::randn(sizes)) : c10::IValue(true));
  }
  return inputs;
}

c10::IValue run(const Unit& unit, const std::vector<c10::IValue>& inputs) {
  const jit::Stack outputs = Runnable(unit, Executor::as_is).run(inputs);
  return outputs.size() == 1 ? outputs.front() : c10::ivalue::Tuple::create(outputs);
}

// Whether the example can be run before the pass, so that its results can be compared.
bool example_runs(const PassRow& row) {
  if (row.name == "lower-grad-of") {
    return false; // prim::GradOf cannot be run, and only text and gradient graphs hold it
  }
  const Pipeline made_by = Pipeline::parse(row.example_passes, registry());
  return std::ranges::all_of(made_by.uses(), [](const PassUse& use) { return use.row->executable; });
}

TEST_P(EveryPass, KeepsTheResultsOfItsExample) {
  if (row().name == "frozen-concat-linear") {
    GTEST_SKIP() << "its example needs CUDA";
  }
  if (!row().executable || !row().keeps_interface || !example_runs(row())) {
    GTEST_SKIP() << "its row says that what it leaves cannot be run as before, or the example cannot";
  }
  Unit unit = example_unit(row(), registry());
  const std::vector<c10::IValue> inputs = inputs_for(row(), unit);
  const c10::IValue before = deep_copy(run(unit, inputs));
  const PassOptions options(row().options);
  row().run(unit, {.options = options, .inputs = &inputs});
  const Difference difference = compare(before, run(unit, inputs));
  EXPECT_TRUE(difference.same) << difference.what << " " << difference.where;
  EXPECT_TRUE(difference.identical || row().changes_numerics);
}

INSTANTIATE_TEST_SUITE_P(Rows, EveryPass, testing::ValuesIn(names()), test_name);

std::string note_of(const std::string& pass, Unit unit, const std::vector<c10::IValue>* inputs = nullptr) {
  const PassRow& row = *registry().find(pass);
  const PassOptions options(row.options);
  return row.run(unit, {.options = options, .inputs = inputs}).note;
}

Unit scripted(const std::string& source) {
  jit::Module module("M");
  module.register_parameter("weight", at::ones({4, 4}), false);
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(source);
  return Unit::of_module(std::move(module), "forward");
}

constexpr auto linear_source = R"(
def forward(self, x: Tensor) -> Tensor:
    return self.product(x)
def product(self, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight)
def other(self, x: Tensor) -> Tensor:
    return x * 2
)";

TEST(PassNotes, SayWhatIsMissing) {
  const auto plain = [] { return scripted("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n"); };
  EXPECT_EQ(note_of("frozen-linear-transpose", plain()), "found no aten::linear");
  EXPECT_EQ(note_of("inline", plain()), "found no calls");
  EXPECT_EQ(note_of("unroll-loops", plain()), "found no prim::Loop");
  Unit unfrozen = scripted("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x, self.weight)\n");
  EXPECT_EQ(note_of("frozen-linear-transpose", unfrozen), "found no frozen weights: run freeze first");
  Unit calling = scripted(linear_source);
  EXPECT_EQ(note_of("frozen-linear-transpose", calling),
            "found no aten::linear; calls are not inlined: run inline or freeze first");
}

TEST(Freeze, KeepsTheMethodAtWork) {
  jit::Module module("M");
  module.register_parameter("weight", at::ones({4, 4}), false);
  module.define(linear_source);
  Unit unit = Unit::of_module(std::move(module), "other");
  const PassRow& row = *registry().find("freeze");
  row.run(unit, {.options = PassOptions(row.options)});
  EXPECT_TRUE(unit.module().find_method("other"));
  EXPECT_TRUE(unit.module().find_method("forward"));
}

TEST(Freeze, SaysWhichMethodsItDropped) {
  EXPECT_EQ(note_of("freeze", scripted(linear_source)),
            "dropped methods: product, other (preserved-attrs keeps the methods that it names)");
}

TEST(Freeze, RefusesTrainMode) {
  Unit unit = scripted(linear_source);
  unit.module().setattr("training", true);
  EXPECT_THROW(note_of("freeze", unit), Error);
}

TEST(Freeze, NamesAttributesThatAreNotThere) {
  const PassRow& row = *registry().find("freeze");
  PassOptions options(row.options);
  options.set("freeze", "preserved-attrs", "nothing.here");
  Unit unit = scripted(linear_source);
  try {
    row.run(unit, {.options = options});
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no submodule 'nothing'"), std::string::npos) << error.what();
  }
}

} // namespace
} // namespace tsir

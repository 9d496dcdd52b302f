// Training steps: what they compute, what is reset, and errors. No test depends on times.
#include "lib/bench/variants/train.h"

#include "lib/base/error.h"
#include "lib/bench/job/bench.h"
#include "lib/bench/report/report_sections.h"
#include "lib/bench/variants/train_step.h"

#include "tests/unit/test_pass.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tsir {
namespace {

// forward(x): x w + count, where count is a buffer that forward increments. The losses are known by hand.
jit::Module linear_module(const std::string& body) {
  jit::Module module("Linear");
  module.register_parameter("weight", at::full({2}, 0.5, at::kFloat).requires_grad_(), false);
  module.register_parameter("fixed", at::full({2}, 3.0, at::kFloat), false);
  module.register_buffer("count", at::zeros({}));
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define("def forward(self, x):\n" + body);
  return module;
}

constexpr const char* product = "    return torch.mul(x, self.weight)\n";

PassRow graph_change(const std::string& name, std::function<void(jit::Graph&)> change) {
  return test_pass(name, [change](Unit& unit, const PassContext&) {
    change(*unit.graph());
    return "";
  });
}

jit::Node* last_node(jit::Graph& graph) {
  return graph.outputs()[0]->node();
}

// Adds an operator with one more input after the last one.
void append(jit::Graph& graph, c10::Symbol kind, double argument) {
  const jit::WithInsertPoint at_end(graph.block());
  jit::Value* value = graph.insert(kind, {graph.outputs()[0], argument});
  graph.block()->replaceOutput(0, value);
}

Registry training_registry() {
  Registry registry;
  registry.add(graph_change("nothing", [](jit::Graph&) {}));
  registry.add(graph_change("times-one", [](jit::Graph& graph) { append(graph, c10::aten::mul, 1.0); }));
  registry.add(graph_change("times-two", [](jit::Graph& graph) { append(graph, c10::aten::mul, 2.0); }));
  registry.add(graph_change("divide-by-zero", [](jit::Graph& graph) { append(graph, c10::aten::div, 0.0); }));
  registry.add(graph_change("detach", [](jit::Graph& graph) {
    const jit::WithInsertPoint at_end(graph.block());
    graph.block()->replaceOutput(0, graph.insert(c10::aten::detach, {graph.outputs()[0]}));
  }));
  // exp's gradient needs its result, which is overwritten.
  registry.add(graph_change("overwrite", [](jit::Graph& graph) {
    const jit::WithInsertPoint at_end(graph.block());
    jit::Value* result = graph.insert(c10::aten::exp, {graph.outputs()[0]});
    graph.block()->replaceOutput(0, graph.insert(c10::aten::mul_, {result, 2.0}));
  }));
  registry.add(graph_change("no-gradient-of-half", [](jit::Graph& graph) { // the same outputs, other gradients
    const jit::WithInsertPoint before(last_node(graph));
    jit::Value* weight = last_node(graph)->input(1);
    jit::Value* detached = graph.insert(c10::aten::detach, {weight});
    jit::Value* sum = graph.insert(c10::aten::add, {weight, detached});
    last_node(graph)->replaceInput(1, graph.insert(c10::aten::mul, {sum, 0.5}));
  }));
  registry.add(graph_change("throw", [](jit::Graph&) { throw std::runtime_error("boom"); }));
  return registry;
}

class Train : public ::testing::Test {
protected:
  BenchTarget target(const std::string& body = product) {
    BenchTarget target;
    target.open = [body] { return Unit::of_module(linear_module(body), "forward"); };
    target.method = "forward";
    target.inputs = {at::full({2}, 2.0)};
    target.grad = true;
    target.training = training_;
    return target;
  }

  void settings(const TrainSettings& settings) { training_ = std::make_shared<Training>(settings); }

  const TrainRecord& train(const BenchTarget& target) {
    training_->first_steps(target, make_variant(target, {"baseline", {}}), true, nullptr);
    return *training_->record("", {});
  }

  BenchOutcome bench(const std::string& passes, const std::string& body = product) {
    BenchSettings settings;
    settings.protocol.rounds = 1;
    settings.protocol.blocks = 2;
    settings.protocol.max_seconds = 5;
    settings.check.stop_at_failed_pass = false;
    return run_bench(target(body), single_variants({}, Pipeline::parse(passes, registry_)), settings, clock_, {});
  }

  std::string refusal(const BenchTarget& target) {
    try {
      run_bench(target, prefix_variants({}, {}), {}, clock_, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  Registry registry_ = training_registry();
  SteadyClock clock_;
  std::shared_ptr<Training> training_ = std::make_shared<Training>(TrainSettings{.steps = 4});
};

TEST_F(Train, SgdOnTheMeanAsByHand) {
  // The loss is mean(2 w), with a gradient of 1 for each of the two weights: w decreases by 0.01 per step.
  const TrainRecord& record = train(target());
  ASSERT_EQ(record.losses.size(), 4U);
  for (size_t step = 0; step < 4; ++step) {
    EXPECT_NEAR(record.losses[step], 2 * (0.5 - 0.01 * static_cast<double>(step)), 1e-6);
    EXPECT_NEAR(record.norms[step], std::sqrt(2.0), 1e-6);
  }
  EXPECT_EQ(record.parameters, 1U) << "a parameter that requires no gradient is not trained";
  EXPECT_EQ(record.weights, 2U);
}

TEST_F(Train, AdamsFirstStepsAreAsLongAsTheLearningRate) {
  settings({.optimizer = TrainOptimizer::adam, .learning_rate = 0.001, .steps = 3});
  const TrainRecord& record = train(target());
  EXPECT_NEAR(record.losses[1], 2 * (0.5 - 0.001), 1e-6);
  EXPECT_NEAR(record.losses[2], 2 * (0.5 - 0.002), 1e-6);
}

TEST_F(Train, TargetsDependOnTheSeedAlone) {
  settings({.loss = TrainLoss::mse, .steps = 1});
  BenchTarget seeded = target();
  const double first = train(seeded).losses[0];
  EXPECT_EQ(train(seeded).losses[0], first);
  seeded.seed = 1;
  EXPECT_NE(train(seeded).losses[0], first);
}

TEST_F(Train, CrossEntropyOfEqualOutputsIsTheLogarithmOfTheirNumber) {
  settings({.loss = TrainLoss::cross_entropy, .steps = 1});
  EXPECT_NEAR(train(target()).losses[0], std::log(2.0), 1e-6);
}

TEST_F(Train, AModelsOwnLossAndTuples) {
  settings({.loss = TrainLoss::mse, .steps = 1}); // not asked for: the scalar is the loss
  EXPECT_NEAR(train(target("    return torch.sum(torch.mul(x, self.weight))\n")).losses[0], 2, 1e-6);
  settings({.steps = 1});
  EXPECT_NEAR(train(target("    y = torch.mul(x, self.weight)\n    return (3, x, (self.fixed, y))\n")).losses[0], 1,
              1e-6)
      << "the first floating output that has a gradient";
}

TEST_F(Train, GoesBackToTheStart) {
  const BenchTarget stateful = target("    self.count += 1\n    return torch.mul(x, self.weight) + self.count\n");
  const Variant variant = make_variant(stateful, {"baseline", {}});
  const TrainSettings three{.steps = 3};
  TrainStep step(stateful, variant, three);
  std::vector<double> losses;
  for (int i = 0; i < 7; ++i) {
    step.prepare();
    step.run(false);
    losses.push_back(step.loss());
  }
  EXPECT_NE(losses[0], losses[1]);
  EXPECT_EQ(losses[3], losses[0]) << "weights and buffers";
  EXPECT_EQ(losses[5], losses[2]);
  EXPECT_EQ(losses[6], losses[0]);
}

TEST_F(Train, ModuleIsInTrainMode) {
  const BenchTarget mode = target("    y = torch.mul(x, self.weight)\n    if self.training:\n        y = y * 10\n"
                                  "    return y\n");
  EXPECT_NEAR(train(mode).losses[0], 10, 1e-5);
}

TEST_F(Train, PartsOfAStepAreTimedAndAddUp) {
  const BenchTarget plain = target();
  Arm arm = training_->arm(plain, make_variant(plain, {"baseline", {}}));
  std::vector<double> samples(3);
  arm.take_samples(samples, 2);
  const TrainRecord& record = *training_->record("", {});
  ASSERT_EQ(record.times.size(), 6U);
  for (size_t i = 0; i < 3; ++i) {
    const StepTimes& one = record.times[2 * i];
    const StepTimes& other = record.times[2 * i + 1];
    EXPECT_GT(one.forward, 0);
    EXPECT_GT(one.backward, 0);
    EXPECT_DOUBLE_EQ(samples[i], (one.total() + other.total()) / 2);
  }
}

TEST_F(Train, VariantsAreComparedByLossesAndGradients) {
  const BenchOutcome result = bench("nothing,times-one,times-two,no-gradient-of-half");
  EXPECT_EQ(result.variants[1].state, VariantState::identical);
  EXPECT_EQ(result.variants[2].state, VariantState::good);
  EXPECT_EQ(result.variants[3].state, VariantState::wrong);
  EXPECT_NE(result.variants[3].detail.find("losses or gradients differ"), std::string::npos)
      << result.variants[3].detail;
  EXPECT_EQ(result.variants[4].state, VariantState::wrong) << "the first loss is the same, its gradient is not";
  EXPECT_TRUE(result.contrast(2, 0)->decision.has_value());
}

TEST_F(Train, WhatCannotBeTrainedIsSaidInOneLine) {
  const BenchOutcome result = bench("detach,overwrite,divide-by-zero,throw,times-one");
  EXPECT_EQ(result.variants[1].state, VariantState::run_failed);
  EXPECT_NE(result.variants[1].detail.find("no floating-point output of forward depends on a trainable parameter"),
            std::string::npos)
      << result.variants[1].detail;
  EXPECT_EQ(result.variants[2].state, VariantState::run_failed);
  EXPECT_NE(result.variants[2].detail.find("the model or a pass writes to a tensor that its gradient needs"),
            std::string::npos)
      << result.variants[2].detail;
  EXPECT_EQ(result.variants[2].detail.find('\n'), std::string::npos);
  EXPECT_EQ(result.variants[3].state, VariantState::wrong) << "its loss is infinite, the baseline's is not";
  EXPECT_EQ(result.variants[4].state, VariantState::pass_failed);
  EXPECT_EQ(result.variants[5].state, VariantState::good) << "the others go on";
}

TEST_F(Train, BaselineWithoutAnythingToTrainIsRefused) {
  BenchTarget frozen = target();
  frozen.open = [] {
    jit::Module module = linear_module(product);
    module.attr("weight").toTensor().requires_grad_(false);
    return Unit::of_module(std::move(module), "forward");
  };
  EXPECT_EQ(refusal(frozen), "no parameter of the module requires gradients: there is nothing to train");
  EXPECT_NE(
      refusal(target("    return torch.div(torch.mul(x, self.weight), 0)\n")).find("training step 1: the loss is inf"),
      std::string::npos);
  EXPECT_NE(refusal(target("    return torch.mul(x, self.weight).detach()\n")).find("depends on a trainable parameter"),
            std::string::npos);
}

TEST_F(Train, StateThatKeepsItsHistoryIsExplained) {
  const std::string stateful = "    self.count = self.count + torch.sum(torch.mul(x, self.weight))\n"
                               "    return self.count * 1\n";
  EXPECT_NE(refusal(target(stateful)).find("steps 1 resets it before every step"), std::string::npos)
      << refusal(target(stateful));
  settings({.steps = 1});
  EXPECT_EQ(refusal(target(stateful)), "");
}

TEST_F(Train, ReportSaysWhatWasTrained) {
  const BenchOutcome result = bench("times-one");
  const ReportSection section = training_section(result);
  EXPECT_EQ(section.key, "training");
  EXPECT_NE(section.text.find("training step"), std::string::npos);
  EXPECT_NE(section.text.find("sgd, learning rate 0.01, loss mean; 1 parameter with 2 numbers"), std::string::npos)
      << section.text;
  ASSERT_EQ(section.json["variants"].size(), 2U);
  EXPECT_EQ(section.json["variants"][1]["losses"].size(), 4U);
  EXPECT_GT(section.json["variants"][0]["backward_ms"], 0.0);
}

} // namespace
} // namespace tsir

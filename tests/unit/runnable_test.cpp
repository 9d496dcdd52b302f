// Graphs run as they are and under LibTorch's executors, and profiled for shapes.
#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/model/load/load.h"
#include "lib/run/compare.h"
#include "lib/run/profile.h"
#include "lib/run/repeat.h"
#include "lib/run/runnable.h"
#include "tests/unit/parsed_graph.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

namespace tsir {
namespace {

Unit graph_unit(const std::string& text) {
  return Unit::of_graph(parsed(text), "test");
}

Unit method_unit(const std::string& source, const std::string& method = "forward") {
  jit::Module module("__torch__.M");
  module.define(source);
  return Unit::of_module(module, method);
}

std::string error_of(const Runnable& runnable, const std::vector<c10::IValue>& inputs) {
  try {
    runnable.run(inputs);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

constexpr const char* add_twice = R"IR(
graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::add(%x, %y, %one)
  %b : Tensor = aten::add(%a, %y, %one)
  return (%b, %a)
)IR";

TEST(Runnable, EveryExecutorGivesTheSame) {
  const Unit unit = graph_unit(add_twice);
  for (const Executor executor : {Executor::as_is, Executor::profiling, Executor::simple}) {
    const Runnable runnable(unit, executor);
    for (int run = 0; run < 3; ++run) {
      const auto outputs = runnable.run({at::ones({2}), at::full({2}, 2.0)});
      ASSERT_EQ(outputs.size(), 2u);
      EXPECT_TRUE(outputs[0].toTensor().equal(at::full({2}, 5.0))) << to_string(executor);
    }
  }
}

TEST(Runnable, AsIsChangesNothingAndTheOthersDo) {
  const Unit unit = graph_unit(R"IR(
graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %two : int = aten::add(%one, %one)
  %a : Tensor = aten::add(%x, %x, %two)
  %b : Tensor = aten::add(%x, %x, %two)
  %c : Tensor = aten::mul(%a, %b)
  return (%c)
)IR");
  std::map<Executor, size_t> nodes;
  for (const Executor executor : {Executor::as_is, Executor::profiling, Executor::simple}) {
    const Runnable runnable(unit, executor);
    EXPECT_EQ(count_nodes(*runnable.executed_graph()), 5u) << "nothing has run yet";
    for (int run = 0; run < 3; ++run) {
      runnable.run({at::ones({2})});
    }
    nodes[executor] = count_nodes(*runnable.executed_graph());
  }
  EXPECT_EQ(nodes[Executor::as_is], 5u);
  EXPECT_EQ(nodes[Executor::simple], 4u) << "the sum of constants is folded";
  EXPECT_EQ(nodes[Executor::profiling], 3u) << "and the second addition is the first";
}

TEST(Runnable, TheUnitsGraphIsCopied) {
  const Unit unit = graph_unit(add_twice);
  const Runnable runnable(unit, Executor::as_is);
  unit.graph()->eraseOutput(1);
  EXPECT_EQ(runnable.run({at::ones({2}), at::ones({2})}).size(), 2u);
}

bool is_optimized(const jit::Module& module) {
  auto& function = jit::toGraphFunction(module.get_method("forward").function());
  return function.get_executor().isOptimized() ||
         count_nodes(*function.optimized_graph()) != count_nodes(*function.graph());
}

// Functions that are called, and not inlined, must not be optimised either.
TEST(Runnable, CalledFunctionsStayAsTheyAre) {
  jit::Module inner("__torch__.Inner");
  inner.define("def forward(self, x):\n  return (x + x) * (x + x)\n");
  jit::Module outer("__torch__.Outer");
  outer.register_module("inner", inner);
  outer.define("def forward(self, x):\n  return self.inner.forward(x)\n");
  const Runnable runnable(Unit::of_module(outer, "forward"), Executor::as_is);
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(runnable.run({at::ones({1})})[0].toTensor().item<float>(), 4);
  }
  EXPECT_FALSE(is_optimized(inner));
}

// The same on the threads on which forks run.
TEST(Runnable, ForkedFunctionsStayAsTheyAre) {
  const auto x = at::ones({4, 16});
  std::vector<at::Tensor> outputs;
  for (const Executor executor : {Executor::as_is, Executor::profiling, Executor::simple}) {
    const ModelSource source(std::string(TSIR_MODELS_DIR) + "/forkwait.pt");
    const jit::Module module = source.instantiate();
    const Runnable runnable(Unit::of_module(module, "forward"), executor);
    for (int run = 0; run < 3; ++run) {
      outputs.push_back(runnable.run({x})[0].toTensor());
      EXPECT_TRUE(compare(outputs[0], outputs.back()).same) << to_string(executor);
    }
    if (executor == Executor::as_is) {
      EXPECT_FALSE(is_optimized(module.attr("a").toModule()));
      EXPECT_FALSE(is_optimized(module.attr("a").toModule().attr("fc").toModule()));
    }
  }
}

TEST(Runnable, GradientsAreOffUnlessAskedFor) {
  const Unit unit = method_unit("def forward(self, x):\n  y = x * x\n  return y.requires_grad\n");
  const auto x = at::ones({2}).set_requires_grad(true);
  EXPECT_FALSE(Runnable(unit, Executor::as_is).run({x})[0].toBool());
  EXPECT_TRUE(Runnable(unit, Executor::as_is, true).run({x})[0].toBool());
}

TEST(Runnable, AutogradInsideForwardOffersGrad) {
  const Unit unit = method_unit("def forward(self, x):\n  x = x.detach().requires_grad_(True)\n  y = (x * x).sum()\n"
                                "  y.backward()\n  return x.grad\n");
  const std::string error = error_of(Runnable(unit, Executor::as_is), {at::ones({2})});
  EXPECT_NE(error.find("give grad"), std::string::npos) << error;
  EXPECT_EQ(Runnable(unit, Executor::as_is, true).run({at::ones({2})}).size(), 1u);
}

TEST(Runnable, ProfilingShowsDifferentiableGroups) {
  const Unit unit =
      method_unit("def forward(self, x, y):\n  a = x * y\n  b = a + y\n  c = torch.tanh(b) * a\n  return c * x\n");
  const Runnable runnable(unit, Executor::profiling, true);
  const auto x = at::ones({2}).set_requires_grad(true);
  EXPECT_EQ(count_operators(*runnable.executed_graph()).count("prim::DifferentiableGraph"), 0u);
  for (int run = 0; run < 3; ++run) {
    runnable.run({x, x});
  }
  EXPECT_EQ(count_operators(*runnable.executed_graph()).count("prim::DifferentiableGraph"), 1u);
}

TEST(Runnable, FailuresSayWhere) {
  const Unit unit = method_unit("def forward(self, x):\n  return torch.matmul(x, x)\n");
  for (const Executor executor : {Executor::as_is, Executor::profiling}) {
    const std::string error = error_of(Runnable(unit, executor), {at::ones({2, 3})});
    EXPECT_NE(error.find("forward failed at"), std::string::npos) << error;
    EXPECT_NE(error.find("in `torch.matmul`: mat1 and mat2 shapes cannot be multiplied"), std::string::npos) << error;
  }
}

TEST(Runnable, WhatTheModelRaisesIsShown) {
  const Unit unit = method_unit("def forward(self, x):\n  assert bool(x.sum() < 0), \"too large\"\n  return x\n");
  const std::string error = error_of(Runnable(unit, Executor::as_is), {at::ones({2})});
  EXPECT_NE(error.find("too large"), std::string::npos) << error;
}

TEST(Runnable, AWrongNumberOfInputsIsRefused) {
  EXPECT_NE(error_of(Runnable(graph_unit(add_twice), Executor::as_is), {at::ones({2})}).find("takes 2 inputs, not 1"),
            std::string::npos);
}

TEST(Runnable, UnknownOperatorsAreReportedWhenMadeReady) {
  const Unit unit = graph_unit("graph(%x : Tensor):\n  %y : Tensor = nosuch::op(%x)\n  return (%y)\n");
  EXPECT_THROW(Runnable(unit, Executor::as_is), Error);
}

TEST(Runnable, ExecutorsByName) {
  EXPECT_EQ(parse_executor("as-is"), Executor::as_is);
  EXPECT_THROW(parse_executor("fast"), Error);
}

TEST(Profile, GivesShapesAndLeavesInputsAlone) {
  const Unit unit = method_unit("def forward(self, x):\n  x.add_(1)\n  return torch.relu(x)\n");
  const auto x = at::zeros({2, 3});
  const GraphPtr graph = profiled_copy(unit, {x});
  EXPECT_TRUE(x.equal(at::zeros({2, 3})));
  EXPECT_EQ(count_operators(*graph).count("prim::profile"), 0u);
  const std::string text = graph->toString(false);
  EXPECT_NE(text.find("Float(2, 3"), std::string::npos) << text;
  EXPECT_EQ(unit.graph()->toString(false).find("Float(2, 3"), std::string::npos);
}

TEST(Profile, BuffersKeepTheirValues) {
  jit::Module module("__torch__.M");
  module.register_buffer("calls", at::zeros({1}));
  module.define("def forward(self, x):\n  self.calls.add_(1)\n  return x + self.calls\n");
  const Unit unit = Unit::of_module(module, "forward");
  profiled_copy(unit, {at::ones({1})});
  EXPECT_EQ(module.attr("calls").toTensor().item<float>(), 0);
}

TEST(Profile, FailuresAreOneLine) {
  const Unit unit = method_unit("def forward(self, x):\n  return torch.matmul(x, x)\n");
  EXPECT_THROW(profiled_copy(unit, {at::ones({2, 3})}), Error);
}

TEST(Repeat, KeepsTheFirstOutputsAndSeesDifferences) {
  jit::Module module("__torch__.M");
  module.register_buffer("calls", at::zeros({1}));
  module.define("def forward(self, x):\n  self.calls.add_(1)\n  return self.calls\n");
  const Runnable counting(Unit::of_module(module, "forward"), Executor::as_is);
  const Repetition counted = repeat(counting, {at::ones({1})}, 3, c10::kCPU, 0);
  EXPECT_EQ(counted.outputs[0].toTensor().item<float>(), 1);
  EXPECT_EQ(counted.differing_run, 2u);
  EXPECT_EQ(counted.times.milliseconds.size(), 3u);

  const Runnable drawing(method_unit("def forward(self, x):\n  return torch.rand_like(x.add_(1)) + x\n"),
                         Executor::as_is);
  EXPECT_EQ(repeat(drawing, {at::ones({1})}, 3, c10::kCPU, 7).differing_run, 0u)
      << "every run has the same seed and inputs of its own";
}

} // namespace
} // namespace tsir

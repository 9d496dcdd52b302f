// Fused graphs compute the same as before fusion, even where LibTorch's oneDNN fuser throws, rounds numbers or
// leaves a graph that cannot run; and also with other shapes than those that were fused for. So do packed products.
#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "passes/all.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Inputs = std::vector<c10::IValue>;

Unit scripted_for_fusion(const std::string& body) {
  jit::Module module("M");
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define("def forward(self, x: Tensor, w: Tensor):\n" + body);
  return Unit::of_module(std::move(module), "forward");
}

std::string run_pass(const std::string& name, Unit& unit, const Inputs& inputs) {
  static const Registry registry = all_passes();
  const PassRow& row = *registry.find(name);
  const PassOptions options(row.options);
  return row.run(unit, {.options = options, .inputs = &inputs}).note;
}

size_t count(const Unit& unit, const std::string& kind) {
  const auto counts = count_operators(*unit.graph());
  const auto found = counts.find(kind);
  return found == counts.end() ? 0 : found->second;
}

c10::IValue run_unit(const Unit& unit, const Inputs& inputs) {
  return Runnable(unit, Executor::as_is).run(inputs).front();
}

// Runs the pass on the script, and expects equal results on `inputs` and on `others`.
std::string expect_same(const std::string& pass, Unit unit, const Inputs& inputs, const Inputs& others) {
  run_pass("freeze", unit, inputs);
  Unit fused = Unit::of_module(unit.module().clone(), "forward");
  const std::string note = run_pass(pass, fused, inputs);
  EXPECT_NO_THROW(fused.graph()->lint());
  EXPECT_EQ(count(fused, "prim::FallbackGraph"), 0U);
  EXPECT_EQ(count(fused, "prim::profile"), 0U) << "their callbacks write into what is gone";
  const Tolerance tolerance{.rtol = 1e-4,
                            .atol = 1e-5}; // of float32, also where the output is float64 computed from it
  for (const Inputs* each : {&inputs, &others}) {
    const Difference difference = compare(run_unit(unit, *each), run_unit(fused, *each), tolerance);
    EXPECT_TRUE(difference.same) << difference.what << " " << difference.where;
  }
  return note;
}

// dtype=4 is int64 and 7 is float64: scripts compiled here do not know torch.int64.
struct Case {
  std::string name;
  std::string body;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"plain", "  return torch.relu(torch.matmul(x, w)) + x\n"},
      {"zero_dim_double", "  return torch.relu(torch.matmul(x, w) / torch.tensor(8.0, dtype=7))\n"},
      {"zero_dim_computed", "  return torch.relu(torch.matmul(x, w) * x.mean())\n"},
      {"number_beside_integers",
       "  i = torch.arange(x.size(1))\n  return torch.relu(torch.matmul(x, w)) + i * 0.5 + i / 2\n"},
      {"scaled_addition_of_integers", "  return torch.add(torch.matmul(x, w), torch.ones([4], dtype=4), alpha=3)\n"},
      {"constant_bias", "  return torch.matmul(x, w) + torch.ones([4])\n"},
      {"root_of_a_number", "  root = float(x.size(1)) ** 0.5\n  return torch.relu(torch.matmul(x, w) * root)\n"},
      {"in_place", "  y = torch.matmul(x, w)\n  y.relu_()\n  y.add_(1)\n  y.mul_(0.5)\n  return y\n"},
      {"mixed_concatenation", "  return torch.cat([torch.matmul(x, w), torch.ones([2, 4], dtype=7)], 0)\n"},
      {"order_not_constant",
       "  n = x.dim()\n  order = [n - 1]\n  order.append(0)\n  return torch.matmul(x, w).permute(order).relu()\n"},
      {"branch_not_taken",
       "  y = torch.matmul(x, w)\n  if bool(y.sum() > 1e9):\n    y = y * 3.0 + 1\n  return torch.relu(y)\n"},
      {"factors_that_are_integers", "  return torch.relu(torch.addmm(x, x, w, beta=1, alpha=1))\n"},
      {"repeated_list",
       "  a = [x.size(0)] * 1\n  n = x.dim() * 1 + 0\n  return torch.relu(torch.matmul(x, w) * float(a[0] + n))\n"},
      {"size_beside_list",
       "  y = torch.matmul(x, w)\n  z = torch.relu(y).view(y.size())\n  return torch.cat([y, z])\n"},
      {"written_and_read",
       "  y = torch.matmul(x, w)\n  z = torch.relu(y)\n  y[0].mul_(2)\n  return torch.tanh(y + z)\n"},
      {"print", "  print(\"ran\")\n  return torch.relu(torch.matmul(x, w))\n"},
  };
  return all;
}

class Fusion : public testing::TestWithParam<std::tuple<std::string, size_t>> {};

TEST_P(Fusion, KeepsResults) {
  at::manual_seed(0);
  const Case& script = cases()[std::get<1>(GetParam())];
  const Inputs inputs{at::randn({3, 4}), at::randn({4, 4})};
  const Inputs others{at::randn({5, 4}), at::randn({4, 4})};
  expect_same(std::get<0>(GetParam()), scripted_for_fusion(script.body), inputs, others);
}

INSTANTIATE_TEST_SUITE_P(Scripts, Fusion,
                         testing::Combine(testing::Values("fuse-onednn-graph", "fuse-tensor-exprs", "fuse"),
                                          testing::Range(size_t{0}, cases().size())),
                         [](const auto& test) {
                           std::string name = std::get<0>(test.param) + "_" + cases()[std::get<1>(test.param)].name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(OnednnFusion, PoolsWithoutStride) {
  at::manual_seed(0);
  const std::string body = "  y = torch.conv2d(x, w)\n  return torch.max_pool2d(torch.relu(y), [2, 2])\n";
  const Inputs inputs{at::randn({1, 3, 8, 8}), at::randn({4, 3, 3, 3})};
  const Inputs others{at::randn({2, 3, 10, 10}), at::randn({4, 3, 3, 3})};
  const std::string note = expect_same("fuse-onednn-graph", scripted_for_fusion(body), inputs, others);
  EXPECT_TRUE(note.starts_with("formed ")) << note;
}

TEST(OnednnFusion, FusesProductAndActivation) {
  Unit unit = scripted_for_fusion("  return torch.relu(torch.matmul(x, w))\n");
  EXPECT_EQ(run_pass("fuse-onednn-graph", unit, {at::ones({3, 4}), at::ones({4, 4})}), "formed 1 group of 2 operators");
  EXPECT_EQ(count(unit, "prim::oneDNNFusionGroup"), 1U);
}

// PyTorch lets an empty list of numbers be concatenated with anything. oneDNN does not compile a group with it.
TEST(OnednnFusion, DissolvesGroupsThatDoNotCompile) {
  at::manual_seed(0);
  const std::string body = "  y = torch.relu(torch.matmul(x, w))\n"
                           "  return torch.relu(torch.cat([torch.matmul(torch.sin(y), w), torch.ones([0])]))\n";
  const Inputs inputs{at::randn({3, 4}), at::randn({4, 4})};
  const std::string note = expect_same("fuse-onednn-graph", scripted_for_fusion(body), inputs, inputs);
  EXPECT_NE(note.find("1 dissolved: partition compile failed"), std::string::npos) << note;
}

TEST(OnednnFusion, FusesOnlyWhatTheInputsReach) {
  at::manual_seed(0);
  const std::string body = "  y = torch.relu(torch.matmul(x, w))\n"
                           "  if bool(x.sum() < 0):\n    y = torch.relu(torch.mm(y, w))\n  return y\n";
  const Inputs inputs{at::ones({3, 4}), at::randn({4, 4})};
  const Inputs others{-at::ones({3, 4}), at::randn({4, 4})};
  EXPECT_EQ(expect_same("fuse-onednn-graph", scripted_for_fusion(body), inputs, others),
            "formed 1 group of 2 operators");
}

// The convolution of w has the shape that was fused for, and hands its result on in oneDNN's layout; x has another
// shape. The group that reads both must not meet that layout in its fallback.
TEST(OnednnFusion, RunsWhereOneOfTwoGroupsHasOtherShapes) {
  at::manual_seed(0);
  const std::string body = "  k = torch.ones([3, 3, 1, 1])\n  y = torch.relu(torch.conv2d(x, k))\n"
                           "  z = torch.relu(torch.conv2d(w, k))\n  return torch.relu(torch.conv2d(y + z, k))\n";
  const Inputs inputs{at::randn({1, 3, 8, 8}), at::randn({1, 3, 8, 8})};
  const Inputs others{at::randn({1, 3, 1, 1}), at::randn({1, 3, 8, 8})};
  const std::string note = expect_same("fuse-onednn-graph", scripted_for_fusion(body), inputs, others);
  EXPECT_TRUE(note.starts_with("formed ")) << note;
}

// oneDNN writes past its memory here: without the work-around, this test ends with "double free or corruption".
TEST(OnednnFusion, AdditionsToLongRowsStayOut) {
  at::manual_seed(0);
  for (const char* product : {"torch.matmul(x, k)", "torch.relu(torch.matmul(x, k))", "torch.mm(x, k) * 2.0"}) {
    Unit unit = scripted_for_fusion(fmt::format("  k = torch.full([1280, 100], 0.5)\n  return w + {}\n", product));
    const Inputs inputs{at::randn({1, 1280}), at::randn({1, 100})};
    const c10::IValue before = run_unit(unit, inputs);
    run_pass("freeze", unit, inputs);
    EXPECT_TRUE(run_pass("fuse-onednn-graph", unit, inputs).starts_with("formed 1 group of")) << product;
    EXPECT_EQ(count(unit, "aten::add"), 1U) << "neither in the group nor in its fallback: " << product;
    EXPECT_TRUE(compare(before, run_unit(unit, inputs)).same) << product;
  }
}

// Two groups that read the same tensor have equal guards, which are merged.
TEST(OnednnFusion, CanBeFollowedByOtherPasses) {
  at::manual_seed(0);
  Unit unit = scripted_for_fusion("  k = torch.ones([3, 3, 1, 1])\n  y = torch.relu(torch.conv2d(x, k))\n"
                                  "  z = torch.relu(torch.conv2d(y, w))\n"
                                  "  return torch.relu(torch.conv2d(z, k) + torch.conv2d(y, k))\n");
  const Inputs inputs{at::randn({1, 3, 8, 8}), at::randn({3, 3, 1, 1})};
  const c10::IValue before = run_unit(unit, inputs);
  run_pass("freeze", unit, inputs);
  run_pass("fuse-onednn-graph", unit, inputs);
  EXPECT_GE(count(unit, "prim::oneDNNFusionGroup"), 2U);
  EXPECT_NO_THROW(run_pass("eliminate-common-subexpression", unit, inputs));
  EXPECT_NO_THROW(run_pass("eliminate-dead-code", unit, inputs));
  EXPECT_TRUE(compare(before, run_unit(unit, inputs)).same);
}

// LibTorch's fuser throws where an attribute that the module sets is an operand.
TEST(OnednnFusion, FusesAModuleWithState) {
  at::manual_seed(0);
  jit::Module module("Streaming");
  module.register_attribute("training", c10::BoolType::get(), false);
  module.register_attribute("h", c10::TensorType::get(), at::zeros({3, 4}));
  module.define("def forward(self, x: Tensor, w: Tensor):\n  self.h = torch.tanh(torch.matmul(x, w) + self.h)\n"
                "  return torch.relu(torch.matmul(self.h, w))\n");
  const Inputs inputs{at::randn({3, 4}), at::randn({4, 4})};
  const std::string note =
      expect_same("fuse-onednn-graph", Unit::of_module(std::move(module), "forward"), inputs, inputs);
  EXPECT_TRUE(note.starts_with("formed ")) << note;
}

// A oneDNN group has no gradient.
TEST(OnednnFusion, LeavesWhatIsDifferentiated) {
  Unit unit = scripted_for_fusion("  y = x.detach().requires_grad_()\n"
                                  "  e = torch.relu(torch.matmul(y, w)).sum()\n"
                                  "  g = torch.autograd.grad([e], [y])[0]\n  assert g is not None\n  return g\n");
  const Inputs inputs{at::randn({3, 4}), at::randn({4, 4})};
  static const Registry registry = all_passes();
  const PassOptions options(registry.find("fuse-onednn-graph")->options);
  const c10::IValue before = Runnable(unit, Executor::as_is, /*grad=*/true).run(inputs).front();
  registry.find("fuse-onednn-graph")->run(unit, {.options = options, .inputs = &inputs, .grad = true});
  EXPECT_TRUE(compare(before, Runnable(unit, Executor::as_is, /*grad=*/true).run(inputs).front()).same);
}

TEST(Fusers, LeaveTheGraphAloneWhereNothingFuses) {
  Unit unit = scripted_for_fusion("  return x.t()\n");
  const size_t nodes = count_nodes(*unit.graph());
  const std::string note = run_pass("fuse", unit, {at::ones({3, 4}), at::ones({4, 4})});
  EXPECT_TRUE(note.starts_with("took fuse-") && note.ends_with(": found nothing to fuse")) << note;
  EXPECT_EQ(count_nodes(*unit.graph()), nodes);
}

TEST(Fusers, NeedInputs) {
  Unit unit = scripted_for_fusion("  return torch.relu(x)\n");
  static const Registry registry = all_passes();
  const PassOptions options(registry.find("fuse")->options);
  EXPECT_THROW(registry.find("fuse")->run(unit, {.options = options}), Error);
}

TEST(PackLinear, KeepsResultsForAnyNumberOfRows) {
  at::manual_seed(0);
  const Inputs inputs{at::randn({5, 16}), at::randn({8})};
  const Inputs others{at::randn({3, 16}), at::randn({8})};
  const std::string constants = "  k = torch.arange(128).reshape([8, 16]) / 100\n  b = torch.arange(8) / 10\n";
  for (const char* product :
       {"torch.matmul(x, k.t()) + w", "torch.addmm(b, x, k.t())", "torch.matmul(x.unsqueeze(0), k.t())"}) {
    const Unit unit = scripted_for_fusion(constants + "  return " + product + "\n");
    EXPECT_EQ(expect_same("pack-linear", unit, inputs, others), "packed the weights of 1 product") << product;
  }
}

// LibTorch leaves prim::profile nodes at the uses that did not run. They wrote into memory that was freed.
TEST(ProfiledPasses, LeaveNothingOfTheProfileWhereABranchDidNotRun) {
  const std::string body = "  k = torch.arange(64).reshape([8, 8]) / 100\n"
                           "  y = torch.relu(torch.matmul(x, k) + 0.5)\n"
                           "  if bool(w.sum() > 0):\n"
                           "    y = torch.sigmoid(torch.matmul(y, k)) * x\n"
                           "  return y * torch.sigmoid(y)\n";
  at::manual_seed(0);
  const Inputs taken{at::randn({4, 8}), at::ones({2})};
  const Inputs not_taken{at::randn({4, 8}), -at::ones({2})};
  for (const char* pass : {"pack-linear", "fuse", "fuse-onednn-graph", "fuse-tensor-exprs"}) {
    for (const auto& [first, second] : {std::pair(taken, not_taken), std::pair(not_taken, taken)}) {
      const std::string note = expect_same(pass, scripted_for_fusion(body), first, second);
      EXPECT_EQ(note.find("found no"), std::string::npos) << pass << ": " << note;
    }
  }
}

TEST(PackLinear, LeavesOtherProductsAlone) {
  const Inputs inputs{at::randn({5, 16}), at::randn({8, 16})};
  const std::string constants = "  k = torch.arange(128).reshape([16, 8]) / 100\n";
  for (const char* product : {"torch.matmul(x, w.t())", "torch.matmul(x[0], k)", "torch.matmul(x.double(), k.double())",
                              "torch.addmm(torch.ones([8]), x, k, beta=2)", "torch.addmm(torch.ones([5, 8]), x, k)"}) {
    Unit unit = scripted_for_fusion(constants + "  return " + product + "\n");
    run_pass("freeze", unit, inputs);
    EXPECT_EQ(run_pass("pack-linear", unit, inputs).find("found no float32 product"), 0U) << product;
    EXPECT_EQ(count(unit, "mkl::_mkl_linear"), 0U) << product;
  }
}

TEST(OldFuser, CompilesAndKeepsResults) {
  at::manual_seed(0);
  Unit unit = scripted_for_fusion("  return torch.relu(torch.sigmoid(x + w) * x)\n");
  const Inputs inputs{at::randn({4, 4}), at::randn({4, 4})};
  const c10::IValue before = run_unit(unit, inputs);
  EXPECT_EQ(run_pass("fuse-graph", unit, inputs), "formed 1 group of 4 operators");
  EXPECT_TRUE(compare(before, run_unit(unit, inputs)).same);
}

} // namespace
} // namespace tsir

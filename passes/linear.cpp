// Matrix products: written as linear, as addmm, taken apart, and batched.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/batch_mm.h>
#include <torch/csrc/jit/passes/decompose_ops.h>
#include <torch/csrc/jit/passes/fuse_linear.h>
#include <torch/csrc/jit/passes/peephole.h>

namespace tsir {
namespace {

PassRow fuse_linear() {
  PassRow row;
  row.name = "fuse-linear";
  row.function = "torch::jit::FuseLinear";
  row.header = "torch/csrc/jit/passes/fuse_linear.h";
  row.changes_numerics = true;
  row.order = "before freeze-module and the passes that look for aten::linear";
  row.looks_for = "aten::addmm or aten::matmul with a transposed weight";
  row.summary = "Writes products with a transposed weight as aten::linear";
  row.description =
      "aten::addmm and aten::matmul with a weight that aten::t transposed, and an aten::add_ of a bias after them, "
      "become "
      "aten::linear on the weight itself. Later passes look for aten::linear. Left alone: factors other than 1, and "
      "weights that are constants already transposed.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor):
  %transposed : Tensor = aten::t(%weight)
  %y : Tensor = aten::matmul(%x, %transposed)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::FuseLinear(graph); },
                     {{"aten::addmm", "aten::matmul"}, "aten::addmm or aten::matmul"});
  return row;
}

PassRow fuse_add_mm() {
  PassRow row;
  row.name = "fuse-add-mm";
  row.function = "torch::jit::FuseAddMM";
  row.header = "torch/csrc/jit/passes/peephole.h";
  row.changes_numerics = true;
  row.idempotent = false;
  row.order = "after decompose-ops where both run";
  row.looks_for = "an addition of aten::mm and another tensor";
  row.summary = "Writes a matrix product and an addition as one aten::addmm";
  row.description = "aten::mm followed by an aten::add with factor 1 becomes aten::addmm, where dtype and device of "
                    "both sides are known "
                    "from their types and fit: run propagate-input-shapes with example inputs first.";
  row.example =
      R"(graph(%bias : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu), %x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %w : Float(3, 4, strides=[4, 1], requires_grad=0, device=cpu)):
  %one : int = prim::Constant[value=1]()
  %product : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu) = aten::mm(%x, %w)
  %sum : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu) = aten::add(%bias, %product, %one)
  return (%sum)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::FuseAddMM(graph); }, {{"aten::mm"}, "aten::mm"});
  return row;
}

PassRow decompose_ops() {
  PassRow row;
  row.name = "decompose-ops";
  row.function = "torch::jit::DecomposeOps";
  row.header = "torch/csrc/jit/passes/decompose_ops.h";
  row.changes_numerics = true;
  row.runs_operators = true;
  row.order = "before batch-mm and fuse-graph";
  row.looks_for = "aten::addmm whose products need not stay together";
  row.summary = "Takes addmm apart, and the normalisations on a GPU";
  row.description =
      "aten::addmm with both factors 1 becomes aten::mm and aten::add, so that batch-mm and the fusers see them. "
      "aten::batch_norm and aten::layer_norm are taken apart only where their input is known to be on a GPU. Where "
      "something was taken apart, shapes and constants are propagated and dead code goes.";
  row.example = R"(graph(%bias : Tensor, %x : Tensor, %w : Tensor):
  %one : int = prim::Constant[value=1]()
  %y : Tensor = aten::addmm(%bias, %x, %w, %one, %one)
  return (%y)
)";
  row.run = on_graph(
      [](GraphPtr& graph) { jit::DecomposeOps(graph); },
      {{"aten::addmm", "aten::batch_norm", "aten::layer_norm"}, "aten::addmm, aten::batch_norm or aten::layer_norm"});
  return row;
}

PassRow batch_mm() {
  PassRow row;
  row.name = "batch-mm";
  row.function = "torch::jit::BatchMM";
  row.header = "torch/csrc/jit/passes/batch_mm.h";
  row.changes_numerics = true;
  row.savable = false;
  row.order = "after decompose-ops, which makes aten::mm of aten::addmm";
  row.looks_for = "four or more aten::mm that share a factor or are summed";
  row.summary = "Computes many small matrix products as one large one";
  row.description =
      "Trees of aten::add over at least four aten::mm become one prim::MMTreeReduce, and at least eight aten::mm that "
      "share one side become one prim::MMBatchSide: matrices are concatenated when the graph runs, if their shapes "
      "agree, "
      "else multiplied one by one. Seen in unrolled recurrent networks. Both operators live in graphs only: a .pt "
      "cannot "
      "carry them.";
  row.example = R"(graph(%a : Tensor, %b : Tensor, %c : Tensor, %d : Tensor):
  %one : int = prim::Constant[value=1]()
  %ab : Tensor = aten::mm(%a, %b)
  %bc : Tensor = aten::mm(%b, %c)
  %cd : Tensor = aten::mm(%c, %d)
  %da : Tensor = aten::mm(%d, %a)
  %1 : Tensor = aten::add(%ab, %bc, %one)
  %2 : Tensor = aten::add(%cd, %da, %one)
  %3 : Tensor = aten::add(%1, %2, %one)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::BatchMM(graph); }, {{"aten::mm"}, "aten::mm"});
  return row;
}

} // namespace

void register_linear(Registry& registry) {
  registry.add(fuse_linear());
  registry.add(fuse_add_mm());
  registry.add(decompose_ops());
  registry.add(batch_mm());
}

} // namespace tsir

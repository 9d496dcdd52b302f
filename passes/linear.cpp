// Matrix products: rewritten as linear or addmm, decomposed, and batched.
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
  row.summary = "Rewrites products with a transposed weight as aten::linear";
  row.description = "An aten::addmm or aten::matmul with a weight transposed by aten::t, and an aten::add_ of a bias "
                    "after it, become an aten::linear of the weight itself. Later passes look for aten::linear. Left "
                    "unchanged: factors other than 1, and constant weights that are already transposed.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor):
  %transposed : Tensor = aten::t(%weight)
  %y : Tensor = aten::matmul(%x, %transposed)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::FuseLinear(graph); },
                     {{"aten::addmm", "aten::matmul"}, "aten::addmm or aten::matmul"});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fuse_linear"});
  return row;
}

PassRow fuse_add_mm() {
  PassRow row;
  row.name = "fuse-add-mm";
  row.function = "torch::jit::FuseAddMM";
  row.header = "torch/csrc/jit/passes/peephole.h";
  row.changes_numerics = true;
  row.idempotent = false;
  row.order = "after decompose-ops, if both run";
  row.looks_for = "an aten::add of an aten::mm and another tensor";
  row.summary = "Fuses a matrix product and an addition into one aten::addmm";
  row.description =
      "An aten::mm followed by an aten::add with factor 1 becomes an aten::addmm, if the types of both operands have a "
      "dtype and a device and these fit. Run propagate-input-shapes with example inputs first.";
  row.example =
      R"(graph(%bias : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu), %x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %w : Float(3, 4, strides=[4, 1], requires_grad=0, device=cpu)):
  %one : int = prim::Constant[value=1]()
  %product : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu) = aten::mm(%x, %w)
  %sum : Float(2, 4, strides=[4, 1], requires_grad=0, device=cpu) = aten::add(%bias, %product, %one)
  return (%sum)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::FuseAddMM(graph); }, {{"aten::mm"}, "aten::mm"});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fuse_addmm"});
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
  row.looks_for = "aten::addmm with both factors 1, and normalisations on a GPU";
  row.summary = "Decomposes addmm, and normalisations on a GPU";
  row.description =
      "An aten::addmm with both factors 1 becomes an aten::mm and an aten::add, so that batch-mm and the fusers see "
      "them. aten::batch_norm and aten::layer_norm are decomposed only if their input is known to be on a GPU. If "
      "anything was decomposed, shapes and constants are propagated and dead code is eliminated.";
  row.example = R"(graph(%bias : Tensor, %x : Tensor, %w : Tensor):
  %one : int = prim::Constant[value=1]()
  %y : Tensor = aten::addmm(%bias, %x, %w, %one, %one)
  return (%y)
)";
  row.run = on_graph(
      [](GraphPtr& graph) { jit::DecomposeOps(graph); },
      {{"aten::addmm", "aten::batch_norm", "aten::layer_norm"}, "aten::addmm, aten::batch_norm or aten::layer_norm"});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_decompose_ops"});
  return row;
}

PassRow batch_mm() {
  PassRow row;
  row.name = "batch-mm";
  row.function = "torch::jit::BatchMM";
  row.header = "torch/csrc/jit/passes/batch_mm.h";
  row.changes_numerics = true;
  row.savable = false;
  row.order = "after decompose-ops, which turns aten::addmm into aten::mm";
  row.looks_for = "four or more aten::mm that share an operand or are summed";
  row.summary = "Batches many small matrix products into one large one";
  row.description =
      "A tree of aten::add over at least four aten::mm becomes one prim::MMTreeReduce, and at least eight aten::mm "
      "that share one operand become one prim::MMBatchSide. When the graph runs, the matrices are concatenated if "
      "their shapes agree; otherwise they are multiplied one by one. Such graphs come from unrolled recurrent "
      "networks. Both operators exist in graphs only: a .pt cannot hold them.";
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
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_batch_mm"});
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

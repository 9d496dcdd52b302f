// Weights of matrix products in the layout of the library that multiplies.
#include "passes/all.h"
#include "passes/frozen.h"
#include "passes/graph_pass.h"
#include "passes/host/host_texts.h"
#include "passes/host/pack_linear.h"

#include "lib/base/units.h"
#include "lib/pass/refused.h"
#include "lib/run/profile.h"

namespace tsir {
namespace {

bool has_mkl_linear() {
  return c10::Dispatcher::singleton().findSchema({"mkl::_mkl_linear", ""}).has_value();
}

PassResult run_pack_linear(Unit& unit, const PassContext& context) {
  if (context.inputs == nullptr) {
    throw Refused(fmt::format("the number of rows is needed: {}", to_advice(Need::inputs)));
  }
  if (!has_mkl_linear()) {
    throw Refused("this LibTorch was built without MKL");
  }
  if (context.grad) {
    throw Refused("products with packed weights have no gradients");
  }
  const std::string why = missing(*unit.graph(), {{"aten::linear", "aten::addmm", "aten::matmul"}, "matrix product"});
  if (!why.empty()) {
    return why;
  }
  GraphPtr graph = profiled_copy(unit, *context.inputs);
  const size_t packed = host_passes::pack_products(*graph);
  if (packed == 0) {
    return fmt::format("found no float32 product with frozen weights: {}", to_advice(Need::frozen));
  }
  forget_types(graph);
  unit.replace_graph(*graph);
  return fmt::format("packed the weights of {}", plural(packed, "product"));
}

PassRow pack_linear() {
  PassRow row;
  row.name = "pack-linear";
  row.function = "torch::jit::Graph::insertNode";
  row.header = "torch/csrc/jit/ir/ir.h";
  row.kind = PassKind::profiled;
  row.needs = {Need::inputs, Need::inlined, Need::frozen};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.order = "after freeze-module and the folds, instead of frozen-linear-transpose";
  row.looks_for = "aten::linear, aten::addmm and aten::matmul with constant float32 weights";
  row.summary = "Packs the weights of products ahead of time in MKL's own layout (float32, CPU)";
  row.description =
      "A product with a constant matrix becomes LibTorch's mkl::_mkl_linear. MKL has packed its weight for the number "
      "of rows in the run on the example inputs. With another number of rows, the operator computes with the weight as "
      "it was, so both are kept. A packed weight takes half as much again as the plain one, and some 8 MiB more, even "
      "if it is small. It gains most for wide layers and some ten rows or more: measure it. The pass is tsir's own; "
      "torch.compile does the same with frozen weights. A .pt cannot hold the packed weights.";
  row.example = linear_example("", "%linear");
  row.example_inputs = {"float32[2,3]"};
  row.run = run_pack_linear;
  row.host = [](const PassOptions&, const std::string& method) {
    HostCode code =
        call_of({types_seen_text, pack_linear_text},
                fmt::format("host_passes::pack_linear(graph, module.get_method({}), example);", cpp_literal(method)));
    code.takes_example = true;
    return code;
  };
  return row;
}

} // namespace

void register_packed_linear(Registry& registry) {
  registry.add(pack_linear());
}

} // namespace tsir

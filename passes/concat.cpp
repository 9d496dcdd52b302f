// Concatenations: merge them, reuse their results, write into one buffer.
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/variadic.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/concat_opt.h>

namespace tsir {
namespace {

PassRow combine_concats() {
  PassRow row;
  row.name = "combine-concats";
  row.function = "torch::jit::CombineConcats";
  row.header = "torch/csrc/jit/passes/concat_opt.h";
  row.idempotent = false; // of several inner aten::cat of one outer aten::cat, one is merged at a time
  row.order = "after inline, and after remove-list-mutation, which makes lists complete";
  row.looks_for = "an aten::cat that is used only in the list of another aten::cat along the same dimension";
  row.summary = "Merges an aten::cat into the aten::cat that uses it";
  row.description =
      "If the result of an aten::cat is used only as an element of the list of another aten::cat along the same "
      "constant dimension, the outer one concatenates the elements of both lists. Both lists must come from "
      "prim::ListConstruct, be used once, and not be changed. A dimension of -1 is not recognised as the last one. Of "
      "several inner aten::cat one is merged at a time: run the pass again.";
  row.example = R"(graph(%a : Tensor, %b : Tensor, %c : Tensor):
  %dim : int = prim::Constant[value=0]()
  %1 : Tensor[] = prim::ListConstruct(%a, %b)
  %ab : Tensor = aten::cat(%1, %dim)
  %3 : Tensor[] = prim::ListConstruct(%ab, %c)
  %abc : Tensor = aten::cat(%3, %dim)
  return (%abc)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CombineConcats(graph); }, {{"aten::cat"}, "aten::cat"});
  row.host = one_call(row.function, row.header);
  return row;
}

bool is_variadic_concat(const jit::Node& node) {
  return node.kind() == c10::prim::VarConcat;
}

PassRow eliminate_concat_common_inputs() {
  PassRow row;
  row.name = "eliminate-concat-common-inputs";
  row.function = "torch::jit::EliminateConcatCommonInputs";
  row.header = "torch/csrc/jit/passes/concat_opt.h";
  row.needs = {Need::no_mutation};
  row.savable = false; // saving drops the arguments of prim::VarConcat
  row.order = "after use-variadic-cat: it handles prim::VarConcat only";
  row.looks_for = "two prim::VarConcat, one of which has all inputs of the other except the first or the last";
  row.summary = "Reuses the result of a prim::VarConcat in a longer one of the same tensors";
  row.description = "If all but the first, or all but the last, of at least three tensors of a prim::VarConcat were "
                    "concatenated before along the same dimension (the same value in the graph), that result is used "
                    "in their place. LibTorch does not check whether the tensors are written in between, which would "
                    "give wrong results: tsir refuses a graph that writes to any of them.";
  row.example = R"(graph(%a : Tensor, %b : Tensor, %c : Tensor):
  %dim : int = prim::Constant[value=0]()
  %ab : Tensor = prim::VarConcat(%a, %b, %dim)
  %abc : Tensor = prim::VarConcat(%a, %b, %c, %dim)
  %both : (Tensor, Tensor) = prim::TupleConstruct(%ab, %abc)
  return (%both)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::EliminateConcatCommonInputs(graph); },
                             {{"prim::VarConcat"}, "prim::VarConcat: run use-variadic-cat first"})](
                Unit& unit, const PassContext& context) {
    if (find_written_input(unit.graph(), is_variadic_concat) != nullptr) {
      throw Refused("a tensor that prim::VarConcat reads is written in place, and LibTorch's pass does "
                    "not check for this: run remove-tensor-mutation first");
    }
    return pass(unit, context);
  };
  row.host = one_call(row.function, row.header);
  return row;
}

// LibTorch allocates the buffer by aten::empty without a dtype or device, and uses the dimension as an index.
bool fits_buffer(const jit::Node& cat) {
  const auto type = cat.output()->type()->cast<c10::TensorType>();
  const auto dim = jit::constant_as<int64_t>(cat.inputs().at(1));
  return type && type->scalarType() == c10::typeMetaToScalarType(at::get_default_dtype()) &&
         type->device() == c10::Device(c10::kCPU) && dim.value_or(0) >= 0;
}

bool is_typed_concat(const jit::Node& node) {
  return node.kind() == c10::aten::cat && node.output()->isCompleteTensor();
}

PassRow expand_concat() {
  PassRow row;
  row.name = "expand-concat-and-eliminate-redundancy";
  row.function = "torch::jit::ExpandConcatAndEliminateRedundancy";
  row.header = "torch/csrc/jit/passes/concat_opt.h";
  row.order = "after propagate-input-shapes with example inputs, because it needs types with shapes";
  row.looks_for = "aten::cat of tensors whose types have shapes";
  row.summary = "Replaces aten::cat by copies into one buffer";
  row.description =
      "An aten::cat along a constant dimension, whose result and inputs all have types with shapes, becomes an "
      "aten::empty of the size of the result and, for each input, an aten::slice and an aten::copy_. If such a result "
      "is an input of another such aten::cat, it is built directly in the buffer of the other, without a copy. "
      "LibTorch makes the buffers float32 on the CPU, and counts dimensions from the front only: tsir refuses graphs "
      "in which such an aten::cat needs anything else.";
  row.example =
      R"(graph(%a : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %b : Float(4, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %dim : int = prim::Constant[value=0]()
  %list : Tensor[] = prim::ListConstruct(%a, %b)
  %c : Float(6, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::cat(%list, %dim)
  return (%c)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    const auto unfit = [](const jit::Node& node) { return is_typed_concat(node) && !fits_buffer(node); };
    if (find_node(*unit.graph(), unfit) != nullptr) {
      throw Refused("LibTorch would allocate the buffer of an aten::cat with the wrong dtype, device or "
                    "dimension: it supports float32 on the CPU, and dimensions counted from the front");
    }
    run_on_copy(
        unit, [](GraphPtr& graph) { jit::ExpandConcatAndEliminateRedundancy(graph); },
        "LibTorch moved a constant behind a node that reads it when it reused the buffer of an aten::cat");
    return find_node(*unit.graph(), [](const jit::Node& node) { return node.kind() == c10::aten::cat; }) == nullptr
               ? missing(*unit.graph(), {{"aten::slice"}, "aten::cat"})
               : "";
  };
  return row;
}

} // namespace

void register_concat(Registry& registry) {
  registry.add(combine_concats());
  registry.add(eliminate_concat_common_inputs());
  registry.add(expand_concat());
  register_variadic(registry);
}

} // namespace tsir

// Removal of in-place writes.
#include "passes/mutation.h"

#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/remove_mutation.h>

namespace tsir {
namespace {

PassRow remove_list_mutation() {
  PassRow row;
  row.name = "remove-list-mutation";
  row.function = "torch::jit::RemoveListMutation";
  row.header = "torch/csrc/jit/passes/remove_mutation.h";
  row.order = "after inline and unroll-constant-loops";
  row.looks_for = "aten::append to a list that is made in the same block";
  row.summary = "Replaces appends to a list by a list that is complete from the start";
  row.description =
      "aten::append, aten::insert, aten::_set_item and similar operators become part of the prim::ListConstruct that "
      "makes their list, if nothing reads the list in between. Unroll loops first to expose more of them.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %0 : int = prim::Constant[value=0]()
  %list : Tensor[] = prim::ListConstruct(%x)
  %2 : Tensor[] = aten::append(%list, %y)
  %3 : Tensor = aten::cat(%list, %0)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveListMutation(graph); },
                     {{"prim::ListConstruct"}, "prim::ListConstruct"});
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow remove_tensor_mutation() {
  PassRow row;
  row.name = "remove-tensor-mutation";
  row.function = "torch::jit::RemoveTensorMutation";
  row.header = "torch/csrc/jit/passes/remove_mutation.h";
  row.order = "after inline; before the fusers";
  row.looks_for = "in-place operators on tensors that nothing else may alias";
  row.summary = "Replaces in-place operators by operators that return a new tensor";
  row.description =
      "aten::add_ becomes aten::add and so on, if it can be shown that nothing else sees the write: the tensor was "
      "made in the same block, and it has no alias that is read later or escapes from the graph. Inputs and weights of "
      "the module are therefore left alone. More of the other passes apply afterwards.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::mul(%x, %y)
  %b : Tensor = aten::add_(%a, %y, %one)
  %c : Tensor = aten::relu_(%b)
  return (%c)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveTensorMutation(graph); });
  row.host = one_call(row.function, row.header);
  return row;
}

} // namespace

void register_mutation(Registry& registry) {
  registry.add(remove_list_mutation());
  registry.add(remove_tensor_mutation());
  register_inplace(registry);
  register_functional_graphs(registry);
}

} // namespace tsir

// Parts of peephole-optimize as passes of their own.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/peephole_alias_sensitive.h>
#include <torch/csrc/jit/passes/peephole_dict_idioms.h>
#include <torch/csrc/jit/passes/peephole_list_idioms.h>
#include <torch/csrc/jit/passes/peephole_non_tensor.h>

namespace tsir {
namespace {

constexpr auto before_dead_code = "after inline; eliminate-dead-code after it, because it leaves dead nodes behind";

PassRow peephole_optimize_non_tensor() {
  PassRow row;
  row.name = "peephole-optimize-non-tensor";
  row.function = "torch::jit::PeepholeOptimizeNonTensor";
  row.header = "torch/csrc/jit/passes/peephole_non_tensor.h";
  row.idempotent = false; // folded nodes are dead but still there, and are folded again
  row.order = before_dead_code;
  row.looks_for =
      "integer arithmetic that does nothing, comparisons with None, and conversions that do not change the type";
  row.summary = "Simplifies integers, booleans, optionals and comparisons with None";
  row.description =
      "The part of peephole-optimize that does not look at tensors. For an integer n, n * 1, n / 1 and n + 0 become n, "
      "and consecutive additions of constants become one. Comparisons of an integer, float or bool with itself, and of "
      "None with a value that cannot be None, become constants. int() of an integer, unwrapping of a value that is not "
      "optional, and casts to a wider type are removed. A prim::If that returns true if its condition holds, and false "
      "otherwise, becomes its condition. Replaced nodes stay as dead nodes.";
  row.example = R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %rows : int = aten::size(%x, %zero)
  %1 : int = aten::mul(%rows, %one)
  %2 : int = aten::add(%1, %zero)
  %y : Tensor = aten::mul(%x, %2)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::PeepholeOptimizeNonTensor(graph); });
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow peephole_optimize_list_idioms() {
  PassRow row;
  row.name = "peephole-optimize-list-idioms";
  row.function = "torch::jit::PeepholeOptimizeListIdioms";
  row.header = "torch/csrc/jit/passes/peephole_list_idioms.h";
  row.options = {
      {"refine-list-len", false, "also infer the length of a list from comparisons: in `if len(l) == 3` it is 3", {}}};
  row.idempotent = false; // as in peephole-optimize-non-tensor
  row.order = before_dead_code;
  row.looks_for = "lengths, elements, slices and concatenations of lists made in the graph";
  row.summary = "Computes lengths, elements, slices and concatenations of lists made in the graph";
  row.description =
      "For a list that prim::ListConstruct makes and that nothing changes, len becomes a constant, and an element at a "
      "constant index and the results of prim::ListUnpack become the values themselves. Slices with constant ends and "
      "concatenations of two such lists become a prim::ListConstruct of their own. With refine-list-len=true, a length "
      "that is read at least twice and compared with a constant becomes that constant where the comparison holds, and "
      "after an assertion of it. Replaced nodes stay as dead nodes.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %list : Tensor[] = prim::ListConstruct(%x, %y)
  %second : Tensor = aten::__getitem__(%list, %one)
  %length : int = aten::len(%list)
  %z : Tensor = aten::mul(%second, %length)
  return (%z)
)";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        jit::PeepholeOptimizeListIdioms(graph, options.flag("refine-list-len"));
      },
      {{"prim::ListConstruct", "aten::len"}, "prim::ListConstruct or aten::len"});
  row.host =
      one_call(row.function, row.header, {"refine-list-len"}, {"_jit_pass_peephole_list_idioms", {"refine-list-len"}});
  return row;
}

PassRow peephole_optimize_dict_idioms() {
  PassRow row;
  row.name = "peephole-optimize-dict-idioms";
  row.function = "torch::jit::PeepholeOptimizeDictIdioms";
  row.header = "torch/csrc/jit/passes/peephole_dict_idioms.h";
  row.idempotent = false; // as in peephole-optimize-non-tensor
  row.order = before_dead_code;
  row.looks_for = "lengths and elements of dicts made in the graph";
  row.summary = "Computes lengths and elements of dicts made in the graph";
  row.description = "For a dict that prim::DictConstruct makes from distinct constant keys and that nothing changes, "
                    "len becomes a constant, and the element of a constant key becomes the value itself. Keys are "
                    "integers, floats or strings. Replaced nodes stay as dead nodes.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %a : str = prim::Constant[value="a"]()
  %b : str = prim::Constant[value="b"]()
  %dict : Dict(str, Tensor) = prim::DictConstruct(%a, %x, %b, %y)
  %of_b : Tensor = aten::__getitem__(%dict, %b)
  %length : int = aten::len(%dict)
  %z : Tensor = aten::mul(%of_b, %length)
  return (%z)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::PeepholeOptimizeDictIdioms(graph); },
                     {{"prim::DictConstruct"}, "prim::DictConstruct"});
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow peephole_optimize_alias_sensitive() {
  PassRow row;
  row.name = "peephole-optimize-alias-sensitive";
  row.function = "torch::jit::PeepholeOptimizeAliasSensitive";
  row.header = "torch/csrc/jit/passes/peephole_alias_sensitive.h";
  row.options = {
      {"shape-peepholes", true, "use the dtypes in types: x * 1.0 and x / 1 of a float tensor become x too", {}}};
  row.idempotent = false; // the dimensions of convolutions become constants again in every run
  row.order = before_dead_code;
  row.looks_for = "x + 0, x - 0, x * 1 and x / 1 of tensors, and the number of dimensions of a convolution's output";
  row.summary = "Removes x + 0 and x * 1 of tensors, if no alias can observe it";
  row.description = "The part of peephole-optimize that needs alias analysis. x + 0, x - 0 and x * 1 of a tensor with "
                    "integer constants become x, if nothing writes to either of them and neither escapes from the "
                    "graph. With float constants, and for x / 1, the tensor's type must say that it holds floats. The "
                    "number of dimensions (aten::dim) of the result of a conv1d, conv2d or conv3d becomes a constant, "
                    "which LibTorch assumes to be 3, 4 or 5: for an input without a batch dimension that is one too "
                    "many. A value that may alias a replaced value is left for the next run.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %one)
  %y : Tensor = aten::relu(%1)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::PeepholeOptimizeAliasSensitive(graph, options.flag("shape-peepholes"));
  });
  row.host = one_call(row.function, row.header, {"shape-peepholes"});
  return row;
}

} // namespace

void register_peepholes(Registry& registry) {
  registry.add(peephole_optimize_non_tensor());
  registry.add(peephole_optimize_list_idioms());
  registry.add(peephole_optimize_dict_idioms());
  registry.add(peephole_optimize_alias_sensitive());
}

} // namespace tsir

// Single idioms of peephole-optimize.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/peephole_alias_sensitive.h>
#include <torch/csrc/jit/passes/peephole_dict_idioms.h>
#include <torch/csrc/jit/passes/peephole_list_idioms.h>
#include <torch/csrc/jit/passes/peephole_non_tensor.h>

namespace tsir {
namespace {

constexpr auto before_dead_code = "after inline; eliminate-dead-code after it, since it leaves dead nodes behind";

PassRow peephole_optimize_non_tensor() {
  PassRow row;
  row.name = "peephole-optimize-non-tensor";
  row.function = "torch::jit::PeepholeOptimizeNonTensor";
  row.header = "torch/csrc/jit/passes/peephole_non_tensor.h";
  row.idempotent = false; // what it folded is dead but still there, and is folded again
  row.order = before_dead_code;
  row.looks_for = "integer arithmetic that does nothing, comparisons with None, and conversions that change no type";
  row.summary = "Simplifies integers, booleans, optionals and comparisons with None";
  row.description =
      "The part of peephole-optimize that looks at no tensor. For integers n * 1, n / 1 and n + 0 are n, and additions "
      "of constants in a row become one; comparisons of an integer, float or bool with itself, and of None with what "
      "cannot be None, become constants; int() of an integer, unwrapping of what is no optional and casts to a wider "
      "type vanish; a prim::If that gives true where its condition holds, else false, is its condition. What was "
      "replaced stays as dead nodes.";
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
  return row;
}

PassRow peephole_optimize_list_idioms() {
  PassRow row;
  row.name = "peephole-optimize-list-idioms";
  row.function = "torch::jit::PeepholeOptimizeListIdioms";
  row.header = "torch/csrc/jit/passes/peephole_list_idioms.h";
  row.options = {
      {"refine-list-len", false, "also take the length of a list from comparisons: in `if len(l) == 3` it is 3", {}}};
  row.idempotent = false; // as above
  row.order = before_dead_code;
  row.looks_for = "lengths, elements, slices and sums of lists made in the graph";
  row.summary = "Computes lengths, elements, slices and sums of lists made in the graph";
  row.description =
      "For a list that prim::ListConstruct makes and that nothing changes: len is a constant, an element at a constant "
      "index and what prim::ListUnpack gives are the values themselves, and slices with constant ends and sums of two "
      "such lists become a prim::ListConstruct of their own. With refine-list-len, a length that is read at least "
      "twice and compared with a constant is that constant where the comparison holds, and also after an assertion of "
      "it. What was replaced stays as dead nodes.";
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
  return row;
}

PassRow peephole_optimize_dict_idioms() {
  PassRow row;
  row.name = "peephole-optimize-dict-idioms";
  row.function = "torch::jit::PeepholeOptimizeDictIdioms";
  row.header = "torch/csrc/jit/passes/peephole_dict_idioms.h";
  row.idempotent = false; // as above
  row.order = before_dead_code;
  row.looks_for = "lengths and elements of dicts made in the graph";
  row.summary = "Computes lengths and elements of dicts made in the graph";
  row.description =
      "For a dict that prim::DictConstruct makes from constant keys, all different, and that nothing changes: len is a "
      "constant, and the element of a constant key is the value itself. Keys are integers, floats or strings. What was "
      "replaced stays as dead nodes.";
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
  return row;
}

PassRow peephole_optimize_alias_sensitive() {
  PassRow row;
  row.name = "peephole-optimize-alias-sensitive";
  row.function = "torch::jit::PeepholeOptimizeAliasSensitive";
  row.header = "torch/csrc/jit/passes/peephole_alias_sensitive.h";
  row.options = {
      {"shape-peepholes", true, "believe the dtypes in types: of a float tensor x * 1.0 and x / 1 are x too", {}}};
  row.idempotent = false; // the dimensions of convolutions become constants, again on every run
  row.order = before_dead_code;
  row.looks_for = "x + 0, x - 0, x * 1 and x / 1 of tensors, and the number of dimensions of a convolution's output";
  row.summary = "Drops x + 0 and x * 1 of tensors, where no alias can tell";
  row.description =
      "The part of peephole-optimize that asks alias analysis first: x + 0, x - 0 and x * 1 of a tensor with integer "
      "constants are x, where nothing writes either of them and neither leaves the graph. With constants that are "
      "floats, and for x / 1, the tensor's type must say that it holds floats. The number of dimensions (aten::dim) of "
      "what a conv1d, conv2d or conv3d gives becomes a constant, which LibTorch takes for 3, 4 or 5: for an input "
      "without a batch dimension that is one too many. A value that may alias what was replaced waits for the next "
      "run.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %one)
  %y : Tensor = aten::relu(%1)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::PeepholeOptimizeAliasSensitive(graph, options.flag("shape-peepholes"));
  });
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

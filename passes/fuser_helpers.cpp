// What stands around the fusers: operators in the form that they know, groups of chosen operators.
#include "passes/graph_pass.h"

#include "lib/pass/registry.h"
#include "passes/writes.h"

#include <torch/csrc/jit/codegen/fuser/kernel_cache.h>
#include <torch/csrc/jit/passes/canonicalize_graph_fuser_ops.h>
#include <torch/csrc/jit/passes/graph_fuser.h>

namespace tsir {

void register_fuser_helpers(Registry&);

namespace {

PassRow canonicalize_ops() {
  PassRow row;
  row.name = "canonicalize-ops";
  row.function = "torch::jit::CanonicalizeOps";
  row.header = "torch/csrc/jit/passes/canonicalize_graph_fuser_ops.h";
  row.order = "before fuse-graph and fuse-tensor-exprs";
  row.looks_for = "aten::chunk of a constant number of parts, constant tensors without dimensions in arithmetic";
  row.summary = "Writes aten::chunk and arithmetic with constants the way fusers know them";
  row.description =
      "aten::chunk whose number of parts and dimension are constants becomes prim::ConstantChunk, which returns the "
      "parts "
      "themselves, where its list is only taken apart. In add, sub, mul and div a constant tensor without dimensions "
      "becomes a number. Dead code is eliminated.";
  row.example = R"(graph(%x : Tensor):
  %parts : int = prim::Constant[value=2]()
  %dim : int = prim::Constant[value=0]()
  %chunks : Tensor[] = aten::chunk(%x, %parts, %dim)
  %a : Tensor, %b : Tensor = prim::ListUnpack(%chunks)
  %product : Tensor = aten::mul(%a, %b)
  return (%product)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CanonicalizeOps(graph); });
  return row;
}

PassRow normalize_graph_for_cache() {
  PassRow row;
  row.name = "normalize-graph-for-cache";
  row.function = "torch::jit::fuser::normalizeGraphForCache";
  row.header = "torch/csrc/jit/codegen/fuser/kernel_cache.h";
  row.looks_for = "names and tensor types";
  row.summary = "Makes graphs that compute the same with other names and shapes equal";
  row.description = "canonicalize without keeping names (those of inputs stay), and erase-shape-information: the form "
                    "under which the old fuser "
                    "remembers what it compiled.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { graph = jit::fuser::normalizeGraphForCache(graph); });
  return row;
}

// LibTorch's fuser takes tensors and constants into groups, makes one result of each node, and fails on all else.
bool fits_in_group(const jit::Node& node) {
  return node.outputs().size() == 1 && node.blocks().empty() &&
         node.output()->type()->isSubtypeOf(*c10::TensorType::get()) &&
         std::ranges::all_of(node.inputs(), [](const jit::Value* input) {
           return input->type()->isSubtypeOf(*c10::TensorType::get()) || input->node()->kind() == c10::prim::Constant;
         });
}

std::string wrong_kind(const PassOptions& options) {
  const std::string& kind = options.text("kind");
  return kind.find("::") == std::string::npos
             ? fmt::format("\"{0}\" is not a kind of node: it has no namespace, as in prim::{0}", kind)
             : "";
}

PassRow custom_fuse_graph() {
  PassRow row;
  row.name = "custom-fuse-graph";
  row.function = "torch::jit::CustomFuseGraph";
  row.header = "torch/csrc/jit/passes/graph_fuser.h";
  row.options = {{"operators",
                  std::vector<std::string>{"aten::add", "aten::mul", "aten::relu", "aten::sigmoid", "aten::tanh"},
                  "the operators that groups are made of",
                  {}},
                 {"kind", std::string("prim::FusionGroup"), "the kind of the groups", {}},
                 {"arg-limit", int64_t{0}, "how many inputs and outputs a group has at most; 0: any number", {}}};
  row.wrong_options = wrong_kind;
  row.savable = false;
  row.executable = false;
  row.idempotent = false;
  row.order = "after inline, canonicalize-ops and remove-tensor-mutation";
  row.looks_for = "the operators named, one using the result of another";
  row.summary = "Merges chosen operators into groups, as a backend of one's own would";
  row.description =
      "Nodes of the operators named that take tensors and constants only and return one tensor are merged with the "
      "nodes "
      "of these that make their inputs, into groups with a subgraph, wherever order and aliases allow. The groups get "
      "the kind given; whether something can run them is another matter.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::tanh(%1)
  %3 : Tensor = aten::neg(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const auto& names = options.list("operators");
    std::ranges::for_each(names, &known_operator); // one that is misspelt would just never be found
    const std::unordered_set<std::string> wanted(names.begin(), names.end());
    const int64_t limit = options.integer("arg-limit");
    jit::CustomFuseGraph(
        graph, [&](jit::Node* node) { return wanted.contains(node->kind().toQualString()) && fits_in_group(*node); },
        c10::Symbol::fromQualString(options.text("kind")),
        limit > 0 ? static_cast<size_t>(limit) : std::numeric_limits<size_t>::max());
  });
  return row;
}

} // namespace

void register_fuser_helpers(Registry& registry) {
  registry.add(canonicalize_ops());
  registry.add(normalize_graph_for_cache());
  registry.add(custom_fuse_graph());
}

} // namespace tsir

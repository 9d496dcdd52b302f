// Helpers of the fusers: operators in the form that fusers recognise, and groups of chosen operators.
#include "passes/graph_pass.h"

#include "lib/compat/unshipped.h"
#include "lib/pass/registry.h"
#include "passes/writes.h"

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
  row.looks_for = "aten::chunk with a constant number of parts, zero-dimensional constant tensors in arithmetic";
  row.summary = "Rewrites aten::chunk and arithmetic with constants into the form that fusers recognise";
  row.description = "An aten::chunk whose number of parts and dimension are constants, and whose list is only "
                    "unpacked, becomes a prim::ConstantChunk, which returns the parts themselves. In add, sub, mul and "
                    "div a zero-dimensional constant tensor becomes a number. Dead code is eliminated.";
  row.example = R"(graph(%x : Tensor):
  %parts : int = prim::Constant[value=2]()
  %dim : int = prim::Constant[value=0]()
  %chunks : Tensor[] = aten::chunk(%x, %parts, %dim)
  %a : Tensor, %b : Tensor = prim::ListUnpack(%chunks)
  %product : Tensor = aten::mul(%a, %b)
  return (%product)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CanonicalizeOps(graph); });
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow normalize_graph_for_cache() {
  PassRow row;
  row.name = "normalize-graph-for-cache";
  row.function = "torch::jit::fuser::normalizeGraphForCache";
  row.header = "torch/csrc/jit/codegen/fuser/kernel_cache.h";
  row.looks_for = "names and tensor types";
  row.summary = "Removes names and shapes, so that graphs of the same computation become equal";
  row.description = "Runs canonicalize without keeping names (those of inputs stay) and erase-shape-information. The "
                    "old fuser uses this form to look up graphs that it has already compiled.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { graph = jit::fuser::normalizeGraphForCache(graph); });
  return row;
}

// LibTorch's fuser takes tensors and constants into groups and makes one result of each node. It fails on anything
// else.
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
                  "operators to merge into groups",
                  {}},
                 {"kind", std::string("prim::FusionGroup"), "kind of the group nodes", {}},
                 {"arg-limit", int64_t{0}, "maximum number of inputs and outputs of a group; 0: no limit", {}}};
  row.wrong_options = wrong_kind;
  row.savable = false;
  row.executable = false;
  row.idempotent = false;
  row.order = "after inline, canonicalize-ops and remove-tensor-mutation";
  row.looks_for = "the given operators, one of which uses the result of another";
  row.summary = "Merges chosen operators into groups, for a custom backend";
  row.description =
      "Nodes of the given operators that take only tensors and constants and return one tensor are merged with the "
      "nodes of these operators that produce their inputs, into groups with a subgraph, as far as order and aliases "
      "allow. The groups get the given kind. The pass does not check whether anything can run them.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::tanh(%1)
  %3 : Tensor = aten::neg(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const auto& names = options.list("operators");
    std::ranges::for_each(names, &known_operator); // a misspelt name would never be found
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

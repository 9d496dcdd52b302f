// Passes on whole modules: folding of batch norm, shared submodules, attributes turned into inputs.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/observers.h"
#include "passes/training_batch_norms.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/fold_conv_bn.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/lower_graph.h>
#include <torch/csrc/jit/passes/quantization/dedup_module_uses.h>

namespace tsir {
namespace {

// If eps is not an attribute, LibTorch reads it from the one aten::batch_norm in forward, without checking that there
// is one; and it does not look whether that one trains.
void check_batch_norm(const std::string& path, const jit::Module& submodule, const jit::Graph& forward) {
  size_t found = 0;
  walk(*forward.block(), [&](const jit::Node& node) {
    found += node.kind() == c10::aten::batch_norm ? 1 : 0;
    if (normalises_by_batch(node)) {
      throw Refused(fmt::format("{} runs in training mode, although the module does not: it was traced so", path));
    }
  });
  if (found == 0 && !submodule.hasattr("eps")) {
    throw Refused(
        fmt::format("{} is a {} without aten::batch_norm in its forward", path, submodule.type()->name()->name()));
  }
}

void check_batch_norms(const jit::Module& module) {
  for (const auto& [path, submodule] : module.named_modules()) {
    const auto forward = submodule.find_method("forward");
    if (forward && submodule.type()->name()->name().starts_with("BatchNorm")) {
      check_batch_norm(path, submodule, *forward->graph());
    }
  }
}

size_t count_nodes(const jit::Module& module) {
  size_t count = 0;
  for (const jit::Module& submodule : module.modules()) {
    for (const std::string& name : method_names(submodule)) {
      walk(*submodule.get_method(name).graph()->block(), [&](const jit::Node&) { ++count; });
    }
  }
  return count;
}

std::string fold_conv_batch_norm(Unit& unit, const PassContext&) {
  check_eval_mode(unit.module(), "folding");
  check_batch_norms(unit.module());
  // The weights of the submodules would change while an inlined batch norm stays, so that it would be applied twice.
  if (find_node(*unit.graph(), [](const jit::Node& node) { return node.kind() == c10::aten::batch_norm; }) != nullptr) {
    throw Refused(
        "batch norms are already inlined: run this pass before inline, or run freeze and fold-frozen-conv-batchnorm");
  }
  jit::Module folded = jit::FoldConvBatchNorm(unit.module());
  if (count_nodes(folded) != count_nodes(unit.module())) { // otherwise the copy differs only in its class names
    unit.set_module(std::move(folded));
  }
  return "";
}

PassRow fold_conv_batch_norm_row() {
  PassRow row;
  row.name = "fold-conv-batch-norm";
  row.function = "torch::jit::FoldConvBatchNorm";
  row.header = "torch/csrc/jit/passes/fold_conv_bn.h";
  row.kind = PassKind::module;
  row.needs = {Need::module, Need::eval};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.order = "before inline, freeze-module and insert-observers, because it looks for calls of the layers' modules";
  row.looks_for = "a call of a Conv2d (or Conv3d) module whose result is used only by a BatchNorm2d (or 3d) module";
  row.summary = "Folds BatchNorm modules into the convolution modules before them";
  row.description = "Copies the module. If the forward of a torch.nn.Conv2d is called and its result goes directly "
                    "into that of a torch.nn.BatchNorm2d (or both 3d), the convolution's weight and bias are scaled "
                    "and shifted and the call of the batch norm is removed, in all methods of all submodules. The pass "
                    "recognises modules by their class names and sees calls only: on an inlined or frozen graph use "
                    "fold-frozen-conv-batchnorm. Valid in eval mode only, and only if no convolution is called twice. "
                    "Refused if a batch norm was traced in training mode.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    return self.bn.forward(self.conv.forward(x))
)";
  row.example_inputs = {"float32[1,3,8,8]"};
  row.run = fold_conv_batch_norm;
  return row;
}

// The attribute names on the path from the graph's first input to `value`; nothing if it is reached in another way.
std::optional<std::vector<std::string>> path_of(const jit::Value* value) {
  std::vector<std::string> path;
  while (value->node()->kind() == c10::prim::GetAttr) {
    path.insert(path.begin(), value->node()->s(c10::attr::name));
    value = value->node()->input();
  }
  return value == value->owningGraph()->inputs().at(0) ? std::optional(path) : std::nullopt;
}

// LibTorch adds an attribute to the class of the module that holds the shared one. Other instances of that class would
// have the attribute but no slot for it.
void check_owner(const jit::Module& module, const std::vector<std::string>& path) {
  jit::Module owner = module;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    owner = owner.attr(path[i]).toModule();
  }
  std::unordered_set<const void*> instances;
  for (const jit::Module& other : module.modules()) {
    if (other.type() == owner.type()) {
      instances.insert(other._ivalue().get());
    }
  }
  if (instances.size() > 1) {
    throw Refused(fmt::format("{} is used twice inside a module whose class has other instances, which "
                              "LibTorch would break",
                              fmt::join(path, ".")));
  }
}

std::string dedup_module_uses(Unit& unit, const PassContext&) {
  std::unordered_set<const void*> seen;
  for (const std::string& name : method_names(unit.module())) {
    const auto graph = unit.module().get_method(name).graph();
    walk(*graph->block(), [&](const jit::Node& node) {
      if (node.kind() != c10::prim::CallMethod || !node.input(0)->type()->cast<c10::ClassType>()) {
        return;
      }
      const auto path = path_of(node.input(0));
      if (!path) {
        throw Refused("a module is called that is not an attribute of the module: LibTorch cannot follow it");
      }
      jit::Module called = unit.module();
      for (const std::string& attribute : *path) {
        called = called.attr(attribute).toModule();
      }
      if (!path->empty() && !seen.insert(called._ivalue().get()).second) {
        check_owner(unit.module(), *path);
      }
    });
  }
  jit::DedupModuleUses(unit.module());
  return "";
}

PassRow dedup_module_uses_row() {
  PassRow row;
  row.name = "dedup-module-uses";
  row.function = "torch::jit::DedupModuleUses";
  row.header = "torch/csrc/jit/passes/quantization/dedup_module_uses.h";
  row.kind = PassKind::module;
  row.needs = {Need::module};
  row.order = "before insert-observers and other passes that change submodules";
  row.looks_for = "a submodule whose methods are called more than once";
  row.summary = "Gives each call of a submodule its own copy";
  row.description =
      "If the module's methods call the same submodule more than once, every call except the first gets a deep copy of "
      "it under a new name (relu_0). A pass that changes a submodule for one call then leaves the other calls alone. "
      "Weights are copied too. Only calls in the module's own methods are considered, not those inside submodules.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    return self.linear.forward(torch.relu(self.linear.forward(x)))
)";
  row.run = dedup_module_uses;
  return row;
}

std::string lower_graph(Unit& unit, const PassContext&) {
  const size_t inputs = unit.graph()->inputs().size() - 1;
  std::pair<GraphPtr, std::vector<c10::IValue>> result;
  refuse_where_it_says(
      {Message::lowering_needs_tensors}, "the graph reads an attribute that is not a tensor: freeze first", [&] {
        refuse_where_it_says({Message::lowering_needs_plain_module},
                             "the graph writes attributes, or passes its module on",
                             [&] { result = jit::LowerGraph(*unit.graph(), unit.module()._ivalue()); });
      });
  auto& [lowered, values] = result;
  std::string note = fmt::format(
      "{} inputs and {} more for attributes; the module is dropped: callers of the graph must pass their values",
      inputs, values.size());
  unit = Unit::of_graph(std::move(lowered), unit.name());
  return note;
}

PassRow lower_graph_row() {
  PassRow row;
  row.name = "lower-graph";
  row.function = "torch::jit::LowerGraph";
  row.header = "torch/csrc/jit/passes/lower_graph.h";
  row.needs = {Need::module};
  row.savable = false;
  row.keeps_interface = false;
  row.order = "last: later passes see a graph without a module";
  row.looks_for = "reads of attributes, which become inputs";
  row.summary = "Turns the method into a graph without self, with attributes as inputs";
  row.description = "Inlines a copy of the graph, replaces every read of a tensor attribute by an extra input at the "
                    "end, and drops self. Exporters such as ONNX's work on this form. All attributes that the graph "
                    "reads must be tensors (or packed linear weights), and the module must not be used in any other "
                    "way: methods that write attributes are refused. The result is a bare graph.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.linear.forward(x))
)";
  row.run = lower_graph;
  return row;
}

} // namespace

void register_module_folding(Registry& registry) {
  registry.add(fold_conv_batch_norm_row());
  registry.add(dedup_module_uses_row());
  registry.add(lower_graph_row());
}

} // namespace tsir

// Freezing: attributes become constants of the graph.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/observers.h"

#include <torch/csrc/jit/passes/freeze_module.h>

#include <set>

namespace tsir {
namespace {

// Throws where `path` ("submodule.name") is no attribute or method of the module, which LibTorch says less clearly.
void check_attribute(const jit::Module& module, const std::string& path) {
  jit::Module owner = module;
  std::string_view rest = path;
  for (size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string child(rest.substr(0, dot));
    if (!owner.hasattr(child) || !owner.attr(child).isModule()) {
      throw Refused(fmt::format("preserved-attrs: there is no submodule '{}' in {}", child, path));
    }
    owner = owner.attr(child).toModule();
    rest.remove_prefix(dot + 1);
  }
  const std::string name(rest);
  if (!owner.hasattr(name) && !owner.find_method(name)) {
    throw Refused(fmt::format("preserved-attrs: the module has no attribute or method '{}'", path));
  }
}

// Freezing a module in train mode would fix dropout and batch statistics as they are while training. Returns whether
// the mode was changed.
bool ensure_eval_mode(jit::Module& module, bool eval) {
  if (!module.hasattr("training") || !module.is_training()) {
    return false;
  }
  if (!eval) {
    throw Refused("the module is in train mode, which freezing would fix for good: freeze{eval=true} "
                  "puts it in eval mode first");
  }
  module.eval();
  return true;
}

std::vector<std::string> missing_methods(const std::vector<std::string>& before, const jit::Module& after) {
  std::vector<std::string> dropped;
  std::ranges::copy_if(before, std::back_inserter(dropped),
                       [&](const std::string& name) { return !after.find_method(name); });
  return dropped;
}

// Attributes that the graph still reads: the model writes them, or they were preserved.
std::set<std::string> kept_attributes(const jit::Graph& graph) {
  std::set<std::string> kept;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (node.kind() == c10::prim::GetAttr && !node.output()->type()->cast<c10::ClassType>()) {
      kept.insert(node.s(c10::attr::name));
    }
  });
  return kept;
}

// Those of the option, checked, and the method at work: LibTorch keeps forward by itself, and drops every other method
// that is not named.
std::vector<std::string> attributes_to_keep(const Unit& unit, const PassOptions& options) {
  std::vector<std::string> preserved = options.list("preserved-attrs");
  for (const std::string& path : preserved) {
    check_attribute(unit.module(), path);
  }
  if (unit.name() != "forward" && std::ranges::find(preserved, unit.name()) == preserved.end()) {
    preserved.push_back(unit.name());
  }
  return preserved;
}

std::vector<OptionSpec> freeze_options() {
  return {
      {"preserved-attrs",
       std::vector<std::string>{},
       "attributes and methods to keep besides the method at work: a;sub.b",
       {}},
      {"freeze-interfaces", true, "freeze submodules behind an interface too; false: refuse them", {}},
      {"preserve-parameters", false, "keep parameters as attributes, fold all else", {}},
  };
}

std::string freeze(Unit& unit, const PassContext& context) {
  jit::Module& module = unit.module();
  std::vector<std::string> notes;
  if (ensure_eval_mode(module, context.options.flag("eval"))) {
    notes.emplace_back("put the module in eval mode, so results differ from those of train mode");
  }
  const std::vector<std::string> preserved = attributes_to_keep(unit, context.options);
  const std::vector<std::string> methods = method_names(module);
  unit.set_module(jit::freeze_module(module, preserved, context.options.flag("freeze-interfaces"),
                                     context.options.flag("preserve-parameters")));
  if (const auto dropped = missing_methods(methods, unit.module()); !dropped.empty()) {
    notes.push_back(
        fmt::format("dropped methods: {} (preserved-attrs keeps those it names)", fmt::join(dropped, ", ")));
  }
  if (const auto kept = kept_attributes(*unit.graph()); !kept.empty()) {
    notes.push_back(
        fmt::format("left as attributes, being written, preserved, or read in a way that freezing cannot follow: {}",
                    fmt::join(kept, ", ")));
  }
  return fmt::format("{}", fmt::join(notes, "; "));
}

PassRow freeze_module() {
  PassRow row;
  row.name = "freeze-module";
  row.aliases = {"freeze"};
  row.function = "torch::jit::freeze_module";
  row.header = "torch/csrc/jit/passes/freeze_module.h";
  row.kind = PassKind::module;
  row.options = freeze_options();
  row.options.push_back({"eval", false, "put the module in eval mode first, where it is in train mode", {}});
  row.needs = {Need::module};
  row.runs_operators = true;
  row.idempotent = false; // constants come in another order
  row.upstream = {
      {"pytorch#58237", "freezing twice gives another graph: constants come in another order", ""},
      {"pytorch#37748", "runs operators with constant inputs while it freezes, those that read files too", ""}};
  row.order = "first, before anything that needs constant weights";
  row.looks_for = "attributes and calls";
  row.summary = "Inlines everything and turns weights and other attributes into constants";
  row.description =
      "Copies the module, inlines all calls into its preserved methods, and makes constants of all attributes that the "
      "model "
      "never writes; then cleans up (constant propagation, dead code, common subexpressions and more). Attributes that "
      "are written stay attributes. Methods other than forward and the one that tsir works on vanish unless "
      "preserved-attrs "
      "names them. A module in train mode is refused, as torch.jit.freeze does; eval=true is tsir's own. Batch "
      "normalisation is not folded here: that is fold-frozen-conv-batchnorm, or optimize-frozen-graph, which "
      "torch.jit.freeze also runs (preset python-freeze). Runs the model's operators while folding.";
  row.example = R"(def scaled(self, x: Tensor) -> Tensor:
    return x * self.weight
def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.scaled(x))
)";
  row.run = freeze;
  return row;
}

std::string freeze_in_place(Unit& unit, const PassContext& context) {
  check_eval_mode(unit.module(), "freezing");
  const std::vector<std::string> preserved = attributes_to_keep(unit, context.options);
  jit::Module module = unit.module();
  jit::freeze_module_inplace(&module, preserved, context.options.flag("freeze-interfaces"),
                             context.options.flag("preserve-parameters"));
  unit.set_module(std::move(module));
  return "";
}

PassRow freeze_module_inplace() {
  PassRow row;
  row.name = "freeze-module-inplace";
  row.function = "torch::jit::freeze_module_inplace";
  row.header = "torch/csrc/jit/passes/freeze_module.h";
  row.kind = PassKind::module;
  row.options = freeze_options();
  row.needs = {Need::module, Need::eval};
  row.runs_operators = true;
  row.idempotent = false;
  row.order = "first, in place of freeze-module";
  row.looks_for = "attributes and calls";
  row.summary = "Freezes as freeze-module does, without a copy of the module";
  row.description =
      "The same work as freeze-module on the module itself: the weights exist once, where freeze-module holds the old "
      "and the new module together while it works. LibTorch's default keeps forward only; tsir keeps the method at "
      "work too.";
  row.example = R"(def scaled(self, x: Tensor) -> Tensor:
    return x * self.weight
def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.scaled(x))
)";
  row.run = freeze_in_place;
  return row;
}

} // namespace

void register_freeze(Registry& registry) {
  registry.add(freeze_module());
  registry.add(freeze_module_inplace());
}

} // namespace tsir

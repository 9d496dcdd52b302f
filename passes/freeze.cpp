// Freezing: turns attributes into constants of the graph.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/observers.h"

#include <torch/csrc/jit/passes/freeze_module.h>

#include <set>

namespace tsir {
namespace {

// Throws if `path` ("submodule.name") is not an attribute or method of the module. LibTorch's own message is less
// clear.
void check_attribute(const jit::Module& module, const std::string& path) {
  jit::Module owner = module;
  std::string_view rest = path;
  for (size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string child(rest.substr(0, dot));
    if (!owner.hasattr(child) || !owner.attr(child).isModule()) {
      throw Refused(fmt::format("preserved-attrs: no submodule '{}' in {}", child, path));
    }
    owner = owner.attr(child).toModule();
    rest.remove_prefix(dot + 1);
  }
  const std::string name(rest);
  if (!owner.hasattr(name) && !owner.find_method(name)) {
    throw Refused(fmt::format("preserved-attrs: the module has no attribute or method '{}'", path));
  }
}

// Freezing a module in train mode would keep dropout and batch statistics as they are in training. Returns whether the
// mode was changed.
bool ensure_eval_mode(jit::Module& module, bool eval) {
  if (!module.hasattr("training") || !module.is_training()) {
    return false;
  }
  if (!eval) {
    throw Refused("the module is in train mode, and freezing would make this permanent: "
                  "freeze{eval=true} puts it in eval mode first");
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

// Attributes that the graph still reads, because the model writes them or they were preserved.
std::set<std::string> kept_attributes(const jit::Graph& graph) {
  std::set<std::string> kept;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (node.kind() == c10::prim::GetAttr && !node.output()->type()->cast<c10::ClassType>()) {
      kept.insert(node.s(c10::attr::name));
    }
  });
  return kept;
}

// The attributes named by the option, after checking them, and the selected method. LibTorch keeps only forward by
// itself, and drops every other method that is not named.
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
       "attributes and methods to keep besides the selected method: a;sub.b",
       {}},
      {"freeze-interfaces", true, "also freeze submodules behind an interface; false: refuse them", {}},
      {"preserve-parameters", false, "keep parameters as attributes and fold everything else", {}},
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
        fmt::format("dropped methods: {} (preserved-attrs keeps the methods that it names)", fmt::join(dropped, ", ")));
  }
  if (const auto kept = kept_attributes(*unit.graph()); !kept.empty()) {
    notes.push_back(
        fmt::format("left as attributes (written, preserved, or read in a way that freezing cannot follow): {}",
                    fmt::join(kept, ", ")));
  }
  return fmt::format("{}", fmt::join(notes, "; "));
}

// The attributes and methods to keep, as attributes_to_keep() chooses them.
std::vector<std::string> kept_in_code(const PassOptions& options, const std::string& method) {
  std::vector<std::string> preserved = options.list("preserved-attrs");
  if (method != "forward" && std::ranges::find(preserved, method) == preserved.end()) {
    preserved.push_back(method);
  }
  return preserved;
}

// Freezing a module in train mode would make that mode permanent. `eval`: it is put in eval mode instead.
std::string cpp_mode_check(bool eval) {
  return eval ? "module.eval();\n"
              : "if (module.hasattr(\"training\") && module.is_training()) {\n"
                "  throw std::runtime_error(\"the module is in train mode: call eval() before freezing it\");\n"
                "}\n";
}

HostCode freeze_code(const PassOptions& options, const std::string& method) {
  const std::vector<std::string> kept = kept_in_code(options, method);
  const bool eval = options.flag("eval");
  const auto arguments = [&](std::string (*write)(const OptionValue&)) {
    return fmt::format("{}, {}, {}", write(kept), write(options.flag("freeze-interfaces")),
                       write(options.flag("preserve-parameters")));
  };
  return {.headers = {"torch/csrc/jit/passes/freeze_module.h", "stdexcept"},
          .cpp = cpp_mode_check(eval) +
                 fmt::format("module = torch::jit::freeze_module(module, {});", arguments(cpp_literal)),
          .python =
              (eval ? "module.eval()\n"
                    : "if getattr(module, \"training\", False):\n"
                      "    raise RuntimeError(\"the module is in train mode: call eval() before freezing it\")\n") +
              fmt::format("module = torch.jit._recursive.wrap_cpp_module("
                          "torch._C._freeze_module(module._c, {}))",
                          arguments(python_literal))};
}

PassRow freeze_module() {
  PassRow row;
  row.name = "freeze-module";
  row.aliases = {"freeze"};
  row.function = "torch::jit::freeze_module";
  row.header = "torch/csrc/jit/passes/freeze_module.h";
  row.kind = PassKind::module;
  row.options = freeze_options();
  row.options.push_back({"eval", false, "if the module is in train mode, put it in eval mode first", {}});
  row.needs = {Need::module};
  row.runs_operators = true;
  row.idempotent = false; // the order of constants changes
  row.upstream = {
      {"pytorch#58237", "freezing twice gives another graph: the order of constants changes", ""},
      {"pytorch#37748", "runs operators with constant inputs while it freezes, including those that read files", ""}};
  row.order = "first, before anything that needs constant weights";
  row.looks_for = "attributes and calls";
  row.summary = "Inlines all calls and turns weights and other attributes into constants";
  row.description =
      "Copies the module, inlines all calls into its preserved methods, and turns all attributes that the model never "
      "writes into constants. Then it cleans up (constant propagation, dead code, common subexpressions and more), "
      "which runs operators of the model. Attributes that are written stay attributes. Methods other than forward and "
      "the selected one are dropped unless preserved-attrs names them. A module in train mode is refused, as by "
      "torch.jit.freeze; the option eval=true is tsir's own. Batch normalisation is not folded: run "
      "fold-frozen-conv-batchnorm or optimize-frozen-graph afterwards. torch.jit.freeze also runs "
      "optimize-frozen-graph (preset python-freeze).";
  row.example = R"(def scaled(self, x: Tensor) -> Tensor:
    return x * self.weight
def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.scaled(x))
)";
  row.run = freeze;
  row.host = freeze_code;
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

HostCode freeze_in_place_code(const PassOptions& options, const std::string& method) {
  return {.headers = {"torch/csrc/jit/passes/freeze_module.h", "stdexcept"},
          .cpp = cpp_mode_check(false) + fmt::format("torch::jit::freeze_module_inplace(&module, {}, {}, {});",
                                                     cpp_literal(kept_in_code(options, method)),
                                                     cpp_literal(options.flag("freeze-interfaces")),
                                                     cpp_literal(options.flag("preserve-parameters"))),
          .python = ""};
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
  row.order = "first, instead of freeze-module";
  row.looks_for = "attributes and calls";
  row.summary = "Freezes the module as freeze-module does, but without a copy";
  row.description =
      "Does the work of freeze-module on the module itself, so the weights exist once. freeze-module holds the old and "
      "the new module at the same time. By default LibTorch keeps forward only; tsir keeps the selected method too.";
  row.example = R"(def scaled(self, x: Tensor) -> Tensor:
    return x * self.weight
def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.scaled(x))
)";
  row.run = freeze_in_place;
  row.host = freeze_in_place_code;
  return row;
}

} // namespace

void register_freeze(Registry& registry) {
  registry.add(freeze_module());
  registry.add(freeze_module_inplace());
}

} // namespace tsir

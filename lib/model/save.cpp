#include "lib/model/save.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/setting.h"
#include "lib/compat/traceback.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"

#include <torch/csrc/jit/ir/ir_views.h>
#include <torch/csrc/jit/serialization/import.h>

namespace tsir {
namespace {

std::string place(const jit::Node& node, const std::string& method) {
  const auto location = node.sourceRange().file_line_col();
  if (!location) {
    return fmt::format("in {}", method);
  }
  const auto& [file, line, column] = *location;
  return fmt::format("in {}, at {}:{}", method, file, line);
}

std::string why_unsavable(const jit::Node& node) {
  // Forks and closures have a subgraph too, but the serialiser supports them.
  const bool serialisable =
      node.kind() == c10::prim::fork || node.kind() == c10::prim::awaitable || node.kind() == c10::prim::Closure;
  if (node.hasAttribute(jit::attr::Subgraph) && !serialisable) {
    return fmt::format("{} (a fusion group or subgraph)", node.kind().toQualString());
  }
  if (std::string_view(node.kind().toUnqualString()).starts_with("ConstantMKLDNNTensor")) {
    return fmt::format("{} (a weight in MKLDNN layout)", node.kind().toQualString());
  }
  const std::string kind = node.kind().toQualString();
  if (kind == "prim::VarStack" || kind == "prim::VarConcat") {
    return kind + " (LibTorch writes it without its arguments)";
  }
  if (node.kind() == c10::prim::Loop &&
      jit::LoopView(const_cast<jit::Node*>(&node)).loopType() == jit::LoopView::ModifiedLoop) {
    return "a prim::Loop with both a count and a condition (neither `for` nor `while`)";
  }
  if (node.kind() == c10::prim::Constant && node.hasAttribute(jit::attr::value) &&
      node.kindOf(jit::attr::value) == jit::AttributeKind::t && node.t(jit::attr::value).is_mkldnn()) {
    return fmt::format("the constant %{} (a tensor in MKLDNN layout)", node.output()->debugName());
  }
  return "";
}

// Visits all methods of all submodules, because a pass may have changed any of them.
template <class Visit> void each_method(const jit::Module& module, const Visit& visit) {
  for (const jit::Module& part : module.modules()) {
    for (const std::string& name : method_names(part)) {
      visit(name, *jit::toGraphFunction(part.get_method(name).function()).graph());
    }
  }
}

// False if LibTorch cannot make bytecode of the module.
bool write_with_bytecode(const jit::Module& module, const std::string& path, const jit::ExtraFilesMap& extra_files) {
  try {
    module._save_for_mobile(path, extra_files);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void write_module(const jit::Module& module, const std::string& path, SaveBeside& beside) {
  const Phase phase("saving the module");
  const jit::ExtraFilesMap extra_files(beside.extra_files.begin(), beside.extra_files.end());
  beside.lite_bytecode = beside.lite_bytecode && write_with_bytecode(module, path, extra_files);
  if (beside.lite_bytecode) {
    return;
  }
  try {
    module.save(path, extra_files);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, fmt::format("the module cannot be saved: {}", one_line(error)));
  }
}

jit::Module load_back(const std::string& path) {
  const Phase phase("loading back what was saved");
  try {
    return jit::load(path);
  } catch (const std::exception& error) {
    const std::string operation = parse_traceback(error.what()).operation;
    throw Error(ErrorKind::check, fmt::format("the saved module could not be loaded again, so it was not kept: {}{}",
                                              one_line(error), operation.empty() ? "" : " In `" + operation + "`"));
  }
}

} // namespace

std::string unsavable(const Unit& unit) {
  std::string found;
  each_method(unit.module(), [&](const std::string& method, const jit::Graph& graph) {
    if (found.empty() && graph.outputs().size() != 1) {
      found = fmt::format("a method that returns {} values instead of one: {}", graph.outputs().size(), method);
    }
    walk(*const_cast<jit::Graph&>(graph).block(), [&](const jit::Node& node) {
      const std::string why = found.empty() ? why_unsavable(node) : "";
      if (!why.empty()) {
        found = fmt::format("{} {}", why, place(node, method));
      }
    });
  });
  return found;
}

SaveBeside save_module(Unit& unit, const std::string& path, SaveBeside beside,
                       const std::function<void(const Unit& again)>& check) {
  if (!unit.has_module()) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: a bare graph has no module to save; give {} FILE.ir", path, spelled(Setting::output)));
  }
  if (const std::string what = unsavable(unit); !what.empty()) {
    throw Error(ErrorKind::check,
                fmt::format("{} was not written: a .pt cannot contain {}; leave out the pass that made it, or write "
                            "{} FILE.ir to look at the graph",
                            path, what, spelled(Setting::output)));
  }
  PendingFile pending(path);
  write_module(unit.module(), pending.temporary(), beside);
  const Unit again = Unit::of_module(load_back(pending.temporary()), unit.name());
  if (check) {
    check(again);
  }
  pending.commit();
  return beside;
}

} // namespace tsir

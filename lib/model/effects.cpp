#include "lib/model/effects.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/model/calls.h"

namespace tsir {
namespace {

// Effects of operators by name. LibTorch's schemas do not describe effects outside of the graph.
const char* known_effect(const std::string& name) {
  static const std::map<std::string, const char*> effects = {
      {"aten::save", "writes a file"},
      {"aten::from_file", "reads a file"},
      {"prim::Print", "prints"},
      {"aten::warn", "prints a warning"},
      {"aten::manual_seed", "sets the random seed"},
      {"aten::seed", "sets the random seed"},
      {"aten::set_grad_enabled", "switches autograd"},
      {"prim::SetAttr", "changes an attribute of the module"},
      {"prim::PythonOp", "calls Python"},
      {"prim::rpc_async", "calls another machine"},
      {"prim::rpc_sync", "calls another machine"},
      {"prim::rpc_remote", "calls another machine"},
      {"cuda::set_stream", "switches the CUDA stream"},
      {"cuda::_set_device", "switches the CUDA device"},
      {"cuda::synchronize", "waits for the CUDA device"},
  };
  const auto found = effects.find(name);
  if (found != effects.end()) {
    return found->second;
  }
  return name.starts_with("c10d::") || name.starts_with("_c10d_functional::") ? "talks to other processes" : nullptr;
}

} // namespace

std::string place_of(const jit::Node& node) {
  jit::SourceRange range = node.sourceRange();
  if (const auto original = range.findSourceRangeThatGenerated()) {
    range = *original;
  }
  const auto place = range.file_line_col();
  return place ? fmt::format("{}:{}", one_line(std::get<0>(*place), 120), std::get<1>(*place)) : "";
}

std::string with_place(const std::string& what, const std::string& place) {
  return place.empty() ? what : what + " at " + place;
}

std::vector<Effect> effects_of(const jit::Graph& graph) {
  std::vector<Effect> effects;
  std::map<std::pair<std::string, std::string>, size_t> known; // by operation and location
  const auto note = [&](const jit::Node& node) {
    const std::string name = node.kind().toQualString();
    const char* what = known_effect(name);
    if (what == nullptr) {
      return;
    }
    const auto [at, is_new] = known.emplace(std::pair(name, place_of(node)), effects.size());
    const bool conditional = node.owningBlock() != node.owningGraph()->block();
    if (is_new) {
      effects.push_back({name, what, at->first.second, conditional});
    } else {
      effects[at->second].conditional &= conditional;
    }
  };
  for (const ReachedGraph& reached : reached_graphs(graph)) {
    walk(*reached.graph->block(), note, /*subgraphs=*/true);
  }
  return effects;
}

} // namespace tsir

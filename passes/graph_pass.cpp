#include "passes/graph_pass.h"

#include "lib/ir/walk.h"

namespace tsir {
namespace {

bool has_constant_parameters(const jit::Node& node) {
  const auto inputs = node.inputs();
  return inputs.size() > 1 && std::all_of(inputs.begin() + 1, inputs.end(), [](const jit::Value* input) {
           return input->node()->kind() == c10::prim::Constant;
         });
}

} // namespace

std::string calls_note(const jit::Graph& graph) {
  return has_calls(graph) ? fmt::format("calls are not inlined: {}", to_advice(Need::inlined)) : "";
}

std::string missing(const jit::Graph& graph, const Wanted& wanted) {
  if (wanted.operators.empty()) {
    return "";
  }
  size_t found = 0;
  size_t usable = 0;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (std::ranges::find(wanted.operators, node.kind().toQualString()) != wanted.operators.end()) {
      ++found;
      usable += !wanted.frozen || has_constant_parameters(node) ? 1 : 0;
    }
  });
  if (usable > 0) {
    return "";
  }
  if (found > 0) {
    return fmt::format("found no frozen weights: {}", to_advice(Need::frozen));
  }
  const std::string calls = calls_note(graph);
  return fmt::format("found no {}{}{}", wanted.what, calls.empty() ? "" : "; ", calls);
}

RowFunction on_graph(std::function<void(GraphPtr&, const PassOptions&)> pass, Wanted wanted) {
  return [pass = std::move(pass), wanted = std::move(wanted)](Unit& unit, const PassContext& context) {
    std::string note = missing(*unit.graph(), wanted);
    GraphPtr graph = unit.graph();
    pass(graph, context.options);
    if (graph != unit.graph()) {
      unit.replace_graph(*graph);
    }
    return note;
  };
}

RowFunction on_graph(std::function<void(GraphPtr&)> pass, Wanted wanted) {
  return on_graph([pass = std::move(pass)](GraphPtr& graph, const PassOptions&) { pass(graph); }, std::move(wanted));
}

std::function<std::string(const PassOptions&)> at_least(const std::string& option, int64_t least) {
  return [=](const PassOptions& options) {
    return options.integer(option) < least ? fmt::format("{} must be at least {}", option, least) : std::string();
  };
}

} // namespace tsir

#include "lib/model/calls.h"

#include "lib/ir/walk.h"

namespace tsir {
namespace {

const jit::Graph* called_graph(const jit::Node& node) {
  jit::GraphFunction* function = callee(node);
  return function == nullptr ? nullptr : function->graph().get();
}

std::string short_name(const c10::QualifiedName& qualified) {
  constexpr std::string_view prefix = "__torch__.";
  const std::string& name = qualified.qualifiedName();
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

void add(uint64_t& to, uint64_t count) {
  to = count > UINT64_MAX - to ? UINT64_MAX : to + count;
}

bool is_silent(const jit::Node& node) {
  return node.kind() == c10::prim::Constant || node.kind() == c10::prim::GetAttr;
}

std::string name_of(const jit::Node& node, OperatorNames names) {
  const c10::FunctionSchema* schema = names == OperatorNames::overloads ? node.maybeSchema() : nullptr;
  return schema != nullptr ? c10::toString(schema->operator_name()) : node.kind().toQualString();
}

} // namespace

std::vector<ReachedGraph> reached_graphs(const jit::Graph& graph) {
  std::vector<ReachedGraph> reached = {{"", &graph}};
  std::unordered_set<const jit::Graph*> seen = {&graph};
  const auto follow = [&](const jit::Node& node) {
    jit::GraphFunction* function = callee(node);
    if (function != nullptr && seen.insert(function->graph().get()).second) {
      reached.push_back({short_name(function->qualname()), function->graph().get()});
    }
  };
  for (size_t i = 0; i < reached.size(); ++i) { // the vector grows during the loop
    walk(*reached[i].graph->block(), follow, /*subgraphs=*/true);
  }
  return reached;
}

const OperatorCounts& CallCounter::count(const jit::Graph& graph) {
  if (const auto known = counts_.find(&graph); known != counts_.end()) {
    return known->second;
  }
  OperatorCounts counts;
  // What names a node, which takes longer to print than to count.
  using Name = std::pair<const c10::FunctionSchema*, uint32_t>;
  std::map<Name, std::pair<uint64_t, const jit::Node*>> by_name;
  walk(
      *graph.block(),
      [&](const jit::Node& node) {
        if (const jit::Graph* called = called_graph(node)) {
          for (const auto& [name, number] : count(*called)) {
            add(counts[name], number);
          }
        } else if (!is_silent(node)) {
          const c10::FunctionSchema* schema = names_ == OperatorNames::overloads ? node.maybeSchema() : nullptr;
          auto& [number, first] = by_name[{schema, static_cast<uint32_t>(node.kind())}];
          ++number;
          first = first == nullptr ? &node : first;
        }
      },
      /*subgraphs=*/true);
  for (const auto& [name, found] : by_name) {
    add(counts[name_of(*found.second, names_)], found.first);
  }
  return counts_.emplace(&graph, std::move(counts)).first->second;
}

GraphPtr InlinedGraphs::of(const jit::Graph& graph) {
  const auto [made, is_new] = made_.emplace(&graph, nullptr);
  if (is_new && (!has_calls(graph, /*subgraphs=*/true) || count_inlined_nodes(graph, most_nodes) < most_nodes)) {
    made->second = inlined_to_read(graph, most_nodes);
  }
  return made->second;
}

OperatorCounts operators_of(const jit::Graph& graph, InlinedGraphs& inlined, OperatorNames names) {
  const GraphPtr whole = inlined.of(graph);
  CallCounter counter(names);
  return counter.count(whole ? *whole : graph);
}

OperatorCounts operators_of(const std::vector<const jit::Graph*>& graphs, InlinedGraphs& inlined, OperatorNames names) {
  OperatorCounts total;
  for (const jit::Graph* graph : graphs) {
    for (const auto& [name, count] : operators_of(*graph, inlined, names)) {
      add(total[name], count);
    }
  }
  return total;
}

} // namespace tsir

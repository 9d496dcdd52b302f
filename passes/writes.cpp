#include "passes/writes.h"

#include "lib/ir/lint.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"

#include <torch/csrc/jit/ir/alias_analysis.h>

namespace tsir {

const jit::Node* find_written_input(const GraphPtr& graph, const std::function<bool(const jit::Node&)>& matches) {
  if (find_node(*graph, matches) == nullptr) {
    return nullptr; // alias analysis is slow, and throws on operators that it does not know
  }
  const jit::AliasDb aliases(graph);
  return find_node(*graph, [&](const jit::Node& node) {
    return matches(node) &&
           std::ranges::any_of(node.inputs(), [&](const jit::Value* input) { return aliases.hasWriters(input); });
  });
}

void run_on_copy(Unit& unit, const std::function<void(GraphPtr&)>& pass, const std::string& why) {
  GraphPtr copy = unit.graph()->copy();
  pass(copy);
  try {
    lint(*copy);
  } catch (const std::exception&) {
    throw Refused(why);
  }
  unit.replace_graph(*copy);
}

c10::Symbol known_operator(const std::string& name) {
  const size_t colons = name.find("::");
  const bool named = colons != std::string::npos && colons > 0 && colons + 2 < name.size();
  const c10::Symbol symbol = named ? c10::Symbol::fromQualString(name) : c10::Symbol();
  if (!named || jit::getAllOperatorsFor(symbol).empty()) {
    throw Refused(fmt::format("this LibTorch has no operator '{}' (a full name is like aten::cat)", name));
  }
  return symbol;
}

std::string untraceable(const jit::Block& block) {
  for (const jit::Node* node : block.nodes()) {
    const bool loop = node->kind() == c10::prim::Loop;
    if (loop && !node->outputs().empty()) {
      return "LibTorch does not trace loops that carry values correctly: run unroll-constant-loops first";
    }
    if (!loop && node->kind() != c10::prim::If && !node->blocks().empty()) {
      return fmt::format("LibTorch traces through prim::If and prim::Loop only, not {}", node->kind().toQualString());
    }
    for (const jit::Block* inner : node->blocks()) {
      if (std::string reason = untraceable(*inner); !reason.empty()) {
        return reason;
      }
    }
  }
  return "";
}

void refuse_where_it_says(std::initializer_list<Message> messages, const std::string& line,
                          const std::function<void()>& run) {
  try {
    run();
  } catch (const std::exception& error) {
    if (std::ranges::none_of(messages, [&](Message message) { return says(error.what(), message); })) {
      throw;
    }
    throw Refused(line);
  }
}

} // namespace tsir

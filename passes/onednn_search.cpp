#include "passes/onednn_search.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/model/effects.h"
#include "lib/pass/refused.h"

#include <torch/csrc/jit/passes/utils/subgraph_utils.h>

namespace tsir {
namespace {

constexpr size_t most_attempts = 120;

void collect_operators(jit::Block& block, std::vector<jit::Node*>& operators) {
  for (jit::Node* node : block.nodes()) {
    // In a prim::FallbackGraph, a write or effect would not count as one, and dead code elimination would remove it.
    if (node->kind().is_aten() && !writes_in_place(*node) && !has_effects(*node)) {
      operators.push_back(node);
    }
    for (jit::Block* inner : node->blocks()) {
      collect_operators(*inner, operators);
    }
  }
}

std::vector<jit::Node*> operators_of(jit::Graph& graph) {
  std::vector<jit::Node*> operators;
  collect_operators(*graph.block(), operators);
  return operators;
}

// What an operator has in common with others on which the fuser is likely to throw for the same reason: its name, and
// the names of the operators that make its first two inputs.
std::string kind_of_operator(const jit::Node& node) {
  std::string kind = node.kind().toQualString();
  for (size_t i = 0; i < node.inputs().size() && i < 2; ++i) {
    kind += fmt::format(" {}", node.input(i)->node()->kind().toQualString());
  }
  return kind;
}

class Search {
public:
  Search(jit::Graph& graph, const std::function<void(GraphPtr&)>& fuse)
      : graph_(graph.copy()), fuse_(fuse), operators_(operators_of(*graph_)), hidden_(operators_.size(), false) {}

  FusedGraph run() {
    GraphPtr fused = attempt(operators_.size());
    while (fused == nullptr) {
      fused = hide_next();
    }
    FusedGraph result{std::move(fused)};
    for (size_t i = 0; i < operators_.size(); ++i) {
      if (hidden_[i]) {
        result.hidden.push_back(with_place(operators_[i]->kind().toQualString(), place_of(*operators_[i])));
      }
    }
    return result;
  }

private:
  // The fused graph if all operators from number `end` on and those already known are hidden; nullptr if `fuse` throws.
  GraphPtr attempt(size_t end) {
    ++attempts_;
    GraphPtr copy = graph_->copy();
    const std::vector<jit::Node*> operators = operators_of(*copy);
    for (size_t i = 0; i < operators.size(); ++i) {
      if (hidden_[i] || i >= end) {
        jit::SubgraphUtils::createSingletonSubgraph(operators[i], c10::prim::FallbackGraph);
      }
    }
    try {
      fuse_(copy);
      return copy;
    } catch (const Error&) {
      throw;
    } catch (const std::exception&) {
      return nullptr;
    }
  }

  // Finds the first operator whose presence makes `fuse` throw, and hides it with all others of its kind. Returns the
  // fused graph if that suffices.
  GraphPtr hide_next() {
    size_t fine = 0, throws = operators_.size(); // numbers of operators shown
    GraphPtr last_fine = attempt(0);
    if (last_fine == nullptr) {
      throw Refused("LibTorch's oneDNN fuser fails on this graph, even if no operator is to be fused");
    }
    while (throws - fine > 1) {
      const size_t middle = fine + (throws - fine) / 2;
      if (GraphPtr fused = attempt(middle)) {
        last_fine = std::move(fused);
        fine = middle;
      } else {
        throws = middle;
      }
    }
    if (attempts_ > most_attempts) {
      std::fill(hidden_.begin() + static_cast<std::ptrdiff_t>(fine), hidden_.end(), true);
      return last_fine;
    }
    const std::string kind = kind_of_operator(*operators_[fine]);
    for (size_t i = fine; i < operators_.size(); ++i) {
      hidden_[i] = hidden_[i] || kind_of_operator(*operators_[i]) == kind;
    }
    return attempt(operators_.size());
  }

  GraphPtr graph_;
  const std::function<void(GraphPtr&)>& fuse_;
  std::vector<jit::Node*> operators_;
  std::vector<bool> hidden_;
  size_t attempts_ = 0;
};

} // namespace

FusedGraph fuse_what_can_be(jit::Graph& graph, const std::function<void(GraphPtr&)>& fuse) {
  return Search(graph, fuse).run();
}

} // namespace tsir

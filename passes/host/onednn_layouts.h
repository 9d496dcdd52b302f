// The groups that LibTorch's oneDNN Graph fuser leaves in a graph, and which of their results may keep oneDNN's own
// memory layout. Each group stands in the first block of a prim::If on the result of a guard, which checks the types of
// the group's inputs; the second block, the fallback, holds the operators unfused. `--emit-cpp` copies this file into
// the header that it writes.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

namespace host_passes::onednn {

namespace jit = torch::jit;

struct OnednnGroup {
  jit::Node* choice; // the prim::If
  jit::Node* guard;  // prim::oneDNNFusionGuard
  jit::Node* group;  // prim::oneDNNFusionGroup
};

// Whether the node is the prim::If of a group.
inline bool is_choice(const jit::Node& node) {
  return node.kind() == c10::prim::If && node.blocks().size() == 2 &&
         node.input()->node()->kind() == c10::prim::oneDNNFusionGuard;
}

inline jit::Node* group_within(jit::Block& block) {
  for (jit::Node* inner : block.nodes()) {
    if (inner->kind() == c10::prim::oneDNNFusionGroup) {
      return inner;
    }
  }
  return nullptr;
}

inline void collect_groups(jit::Block& block, std::vector<OnednnGroup>& groups) {
  for (jit::Node* node : block.nodes()) {
    jit::Node* group = is_choice(*node) ? group_within(*node->blocks()[0]) : nullptr;
    if (group != nullptr) {
      groups.push_back({node, node->input()->node(), group});
      continue;
    }
    for (jit::Block* inner : node->blocks()) {
      collect_groups(*inner, groups);
    }
  }
}

// All groups of the graph, in order, those in nested blocks included.
inline std::vector<OnednnGroup> onednn_groups(jit::Graph& graph) {
  std::vector<OnednnGroup> groups;
  collect_groups(*graph.block(), groups);
  return groups;
}

// Values that guards check.
using Checks = std::set<const jit::Value*>;

struct Settled {
  OnednnGroup parts;
  Checks checks; // its own and those of the groups that it reads from, without constants and without results of groups
  std::vector<int64_t> opaque; // for each result
};

class Layouts {
public:
  explicit Layouts(jit::Graph& graph) : graph_(graph) {
    for (const OnednnGroup& parts : onednn_groups(graph)) {
      by_choice_[parts.choice] = by_guard_[parts.guard] = groups_.size();
      groups_.push_back({parts, checks_of(parts), std::vector<int64_t>(parts.choice->outputs().size(), 0)});
    }
  }

  void settle(bool any_opaque) {
    for (Settled& group : groups_) {
      for (size_t i = 0; any_opaque && i < group.opaque.size(); ++i) {
        group.opaque[i] = may_be_opaque(group, i) ? 1 : 0;
      }
    }
    for (const Settled& group : groups_) {
      group.parts.group->is_(c10::attr::output_layouts, group.opaque);
    }
  }

private:
  const Settled* writer_of(const jit::Value& value) const {
    const auto found = by_choice_.find(value.node());
    return found == by_choice_.end() ? nullptr : &groups_[found->second];
  }

  Checks checks_of(const OnednnGroup& parts) const {
    Checks checks;
    for (const jit::Value* input : parts.guard->inputs()) {
      if (const Settled* writer = writer_of(*input)) {
        checks.insert(writer->checks.begin(), writer->checks.end());
      } else if (input->node()->kind() != c10::prim::Constant) {
        checks.insert(input);
      }
    }
    return checks;
  }

  // The group whose guard or fallback the use is in; nullptr if it is in none.
  const Settled* reader_of(const jit::Use& use) const {
    if (const auto guard = by_guard_.find(use.user); guard != by_guard_.end()) {
      return &groups_[guard->second];
    }
    for (const jit::Block* block = use.user->owningBlock(); block->owningNode() != nullptr;
         block = block->owningNode()->owningBlock()) {
      const auto choice = by_choice_.find(block->owningNode());
      if (choice != by_choice_.end()) {
        return &groups_[choice->second];
      }
    }
    return nullptr;
  }

  bool may_be_opaque(const Settled& writer, size_t output) const {
    const jit::Value& value = *writer.parts.choice->outputs()[output];
    if (writer.parts.choice->owningBlock() != graph_.block() || value.uses().empty()) {
      return false;
    }
    return std::ranges::all_of(value.uses(), [&](const jit::Use& use) {
      const Settled* reader = reader_of(use);
      return reader != nullptr && reader->parts.choice->owningBlock() == graph_.block() &&
             std::ranges::includes(writer.checks, reader->checks);
    });
  }

  jit::Graph& graph_;
  std::vector<Settled> groups_;
  std::unordered_map<const jit::Node*, size_t> by_choice_;
  std::unordered_map<const jit::Node*, size_t> by_guard_;
};

// LibTorch lets a group hand its result to other groups in oneDNN's own layout. No other operator can read such a
// tensor: one that reaches the fallback of a group throws "itensor_from_mkldnn expects MKL-DNN tensor input". That
// happens when the guard of the reading group fails although the guard of the writing group held.
//
// This gives every result the plain layout unless all its readers are groups that start from the same tensors as the
// writer, or from fewer: then the sizes that let the writer run let the readers run, too.
// `any_opaque` false: every result gets the plain layout.
inline void settle_layouts(jit::Graph& graph, bool any_opaque) {
  Layouts(graph).settle(any_opaque);
}

} // namespace host_passes::onednn

#include "passes/onednn_layouts.h"

#include "passes/onednn_groups.h"

namespace tsir {
namespace {

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

} // namespace

void settle_layouts(jit::Graph& graph, bool any_opaque) {
  Layouts(graph).settle(any_opaque);
}

} // namespace tsir

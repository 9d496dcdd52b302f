#include "passes/onednn_layouts.h"

#include "passes/onednn_groups.h"

namespace tsir {
namespace {

// What a guard checks: values and the types that they must have.
using Checks = std::vector<std::pair<jit::Value*, c10::TypePtr>>;

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
    for (Settled& group : groups_) {
      if (std::ranges::count(group.opaque, 1) > 0 || reads_opaque(group)) {
        extend_guard(group);
      }
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
    const auto add = [&](jit::Value* value, const c10::TypePtr& type) {
      if (std::ranges::none_of(checks, [&](const auto& known) { return known.first == value; })) {
        checks.emplace_back(value, type);
      }
    };
    const std::vector<c10::TypePtr>& types = parts.guard->tys(c10::attr::types);
    for (size_t i = 0; i < parts.guard->inputs().size(); ++i) {
      jit::Value* input = parts.guard->input(i);
      if (const Settled* writer = writer_of(*input)) {
        std::ranges::for_each(writer->checks, [&](const auto& check) { add(check.first, check.second); });
      } else if (input->node()->kind() != c10::prim::Constant) {
        add(input, types[i]);
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
             std::ranges::all_of(reader->checks, [&](const auto& check) {
               return std::ranges::any_of(writer.checks, [&](const auto& known) { return known.first == check.first; });
             });
    });
  }

  bool reads_opaque(const Settled& group) const {
    return std::ranges::any_of(group.parts.guard->inputs(), [&](const jit::Value* input) {
      const Settled* writer = writer_of(*input);
      return writer != nullptr && writer->opaque[input->offset()] == 1;
    });
  }

  // Adds the checks that the guard does not make yet. A guard returns what it checks, and then whether all is as it
  // should be; the new outputs have no uses.
  static void extend_guard(const Settled& group) {
    jit::Node* guard = group.parts.guard;
    std::vector<c10::TypePtr> types = guard->tys(c10::attr::types);
    for (const auto& [value, type] : group.checks) {
      const auto inputs = guard->inputs();
      if (std::ranges::find(inputs, value) == inputs.end()) {
        guard->addInput(value);
        guard->insertOutput(types.size())->setType(c10::TensorType::get());
        types.push_back(type);
      }
    }
    guard->tys_(c10::attr::types, types);
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

#include "lib/diff/fresh_names.h"

namespace tsir {
namespace {

class Numbering {
public:
  std::vector<size_t> of(const jit::Graph& graph) {
    block(*const_cast<jit::Graph&>(graph).block()); // nothing is changed
    return std::move(numbers_);
  }

private:
  void block(const jit::Block& block) {
    values(block.inputs());
    for (const jit::Node* node : block.nodes()) {
      values(node->outputs());
      for (const jit::Block* nested : node->blocks()) {
        this->block(*nested);
      }
    }
  }

  void values(at::ArrayRef<const jit::Value*> values) {
    for (const jit::Value* value : values) {
      if (value->unique() >= numbers_.size()) {
        numbers_.resize(std::max(value->unique() + 1, 2 * numbers_.size()));
      }
      numbers_[value->unique()] = next_++;
    }
  }

  std::vector<size_t> numbers_;
  size_t next_ = 0;
};

} // namespace

std::string FreshNames::of(const jit::Value& value) {
  if (value.hasDebugName()) {
    return value.debugName();
  }
  const auto [found, added] = numbers_.try_emplace(value.owningGraph());
  if (added) {
    found->second = Numbering().of(*value.owningGraph());
  }
  return fmt::to_string(found->second.at(value.unique()));
}

} // namespace tsir

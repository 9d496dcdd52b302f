#include "lib/model/branches.h"

namespace tsir {

std::string attribute_path(const jit::Value& value) {
  std::string path;
  for (const jit::Node* node = value.node(); node->kind() == c10::prim::GetAttr; node = node->input()->node()) {
    path = node->s(c10::attr::name) + (path.empty() ? "" : ".") + path;
  }
  return path;
}

std::optional<bool> training_flag(const jit::Module& root, const std::string& path) {
  c10::IValue value = root._ivalue();
  for (size_t start = 0; start <= path.size() && value.isObject();) {
    const size_t end = std::min(path.find('.', start), path.size());
    const auto slot = value.toObjectRef().type()->findAttributeSlot(path.substr(start, end - start));
    value = slot ? value.toObjectRef().slots().at(*slot) : c10::IValue();
    start = end + 1;
  }
  return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
}

Branches Branches::within(const std::string& path) const {
  return path.empty() ? Branches(flag_)
                      : Branches([flag = flag_, path](const std::string& inner) { return flag(path + "." + inner); });
}

std::optional<bool> Branches::known(const jit::Value& value) {
  if (const auto found = known_.find(&value); found != known_.end()) {
    return found->second;
  }
  known_.emplace(&value, std::nullopt); // a value that depends on itself is unknown
  constexpr size_t deepest = 1000;      // code of people nests less
  if (depth_ >= deepest) {
    return std::nullopt;
  }
  ++depth_;
  const std::optional<bool> result = find(value);
  --depth_;
  known_[&value] = result;
  return result;
}

std::optional<bool> Branches::find(const jit::Value& value) {
  const jit::Node& node = *value.node();
  if (node.kind() == c10::prim::Constant) {
    const auto constant = jit::toIValue(&value);
    return constant && constant->isBool() ? std::optional(constant->toBool()) : std::nullopt;
  }
  if (node.kind() == c10::prim::GetAttr && node.s(c10::attr::name) == "training") {
    return flag_(attribute_path(value));
  }
  if (node.kind() == c10::aten::__not__) {
    const std::optional<bool> input = known(*node.input());
    return input ? std::optional(!*input) : std::nullopt;
  }
  if (node.kind() != c10::prim::If) {
    return std::nullopt;
  }
  const std::optional<bool> condition = known(*node.input());
  if (condition) {
    return known(*node.blocks()[*condition ? 0 : 1]->outputs()[value.offset()]);
  }
  const std::optional<bool> first = known(*node.blocks()[0]->outputs()[value.offset()]);
  return first == known(*node.blocks()[1]->outputs()[value.offset()]) ? first : std::nullopt;
}

bool Branches::may_run(const jit::Node& node, const jit::Block& within) {
  const jit::Block* block = node.owningBlock();
  while (block != nullptr && block != &within) {
    const jit::Node* owner = block->owningNode();
    if (owner == nullptr) {
      return true; // a subgraph
    }
    if (owner->kind() == c10::prim::If) {
      const std::optional<bool> condition = known(*owner->input());
      if (condition && owner->blocks()[*condition ? 0 : 1] != block) {
        return false;
      }
    }
    block = owner->owningBlock();
  }
  return true;
}

} // namespace tsir

#include "lib/model/origins.h"

#include "lib/ir/walk.h"
#include "lib/model/branches.h"

namespace tsir {
namespace {

constexpr size_t most_steps = 3'000'000;
constexpr std::string_view attribute_prefix = "the attribute ";

bool holds_values(const jit::Value& value) {
  const c10::TypeKind kind = value.type()->kind();
  return kind == c10::TypeKind::ListType || kind == c10::TypeKind::DictType || kind == c10::TypeKind::TupleType;
}

// Operators without alias information in their schemas that pass values on.
bool takes_out(const jit::Node& node) {
  return node.kind() == c10::prim::ListUnpack || node.kind() == c10::prim::TupleUnpack ||
         node.kind() == c10::prim::TupleIndex || node.kind() == c10::prim::TupleSlice;
}

bool puts_in(const jit::Node& node) {
  return node.kind() == c10::prim::ListConstruct || node.kind() == c10::prim::TupleConstruct ||
         node.kind() == c10::prim::DictConstruct;
}

bool refines(const jit::Node& node) {
  return node.kind() == c10::prim::unchecked_cast || node.kind() == c10::prim::unchecked_unwrap_optional;
}

// The element that prim::TupleUnpack takes out of a tuple that was just made.
const jit::Value* known_element(const jit::Value& value) {
  const jit::Node& node = *value.node();
  const bool known = node.kind() == c10::prim::TupleUnpack && node.input()->node()->kind() == c10::prim::TupleConstruct;
  return known ? node.input()->node()->inputs()[value.offset()] : nullptr;
}

const c10::AliasInfo* alias_of_output(const jit::Node& node, size_t output) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  const bool declared = schema != nullptr && !schema->is_varret() && output < schema->returns().size();
  return declared ? schema->returns()[output].alias_info() : nullptr;
}

bool is_wildcard(const jit::Value& value) {
  const c10::AliasInfo* alias = alias_of_output(*value.node(), value.offset());
  return alias != nullptr && alias->isWildcardBefore();
}

// Whether the output may be the input, or a view of it, according to the schema.
bool may_be_the_same(const jit::Node& node, size_t input, size_t output) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  const c10::AliasInfo* to = alias_of_output(node, output);
  const c10::AliasInfo* from = schema != nullptr && !schema->is_vararg() && input < schema->arguments().size()
                                   ? schema->arguments()[input].alias_info()
                                   : nullptr;
  return to != nullptr && from != nullptr && std::ranges::any_of(to->beforeSets(), [&](const c10::Symbol& set) {
           return from->beforeSets().contains(set);
         });
}

} // namespace

std::optional<std::string> attribute_in(const std::string& origin) {
  return origin.starts_with(attribute_prefix) ? std::optional(origin.substr(attribute_prefix.size())) : std::nullopt;
}

OriginFinder::OriginFinder(const jit::Graph& graph) : graph_(graph), steps_left_(most_steps) {
  walk(
      *const_cast<jit::Graph&>(graph).block(),
      [&](const jit::Node& node) {
        for (const GraphPtr& subgraph : subgraphs_of(node)) {
          owners_.emplace(subgraph->block(), &node);
        }
      },
      /*subgraphs=*/true);
}

std::set<std::string> OriginFinder::of(const jit::Value& value) {
  seen_.clear();
  found_.clear();
  follow(value, false);
  while (!open_.empty() && steps_left_ > 0) {
    --steps_left_;
    const Step step = open_.back();
    open_.pop_back();
    leave(step);
  }
  if (!open_.empty()) {
    open_.clear();
    found_.insert("something that was not followed so far");
  }
  return found_;
}

std::string OriginFinder::path(const jit::Value& value) const {
  const std::string inner = attribute_path(value);
  const jit::Value* first = &value;
  while (first->node()->kind() == c10::prim::GetAttr) {
    first = first->node()->input();
  }
  const jit::Node* outer = first->node()->kind() == c10::prim::Param ? owner(*first->node()->owningBlock()) : nullptr;
  if (outer == nullptr || first->offset() >= outer->inputs().size()) {
    return inner;
  }
  const std::string prefix = path(*outer->inputs()[first->offset()]);
  return prefix.empty() || inner.empty() ? prefix + inner : prefix + "." + inner;
}

const jit::Node* OriginFinder::owner(const jit::Block& block) const {
  const auto found = owners_.find(&block);
  return found == owners_.end() ? nullptr : found->second;
}

void OriginFinder::follow(const jit::Value& value, bool elements) {
  const Step step{&value, elements && holds_values(value)};
  if (seen_.insert(step).second) {
    open_.push_back(step);
  }
}

void OriginFinder::leave(const Step& step) {
  const jit::Node& node = *step.value->node();
  if (step.elements) {
    follow_what_is_put_into(*step.value);
  }
  if (node.kind() == c10::prim::Param) {
    leave_block_input(*step.value, step.elements);
  } else if (node.kind() == c10::prim::GetAttr) {
    found_.insert(std::string(attribute_prefix) + path(*step.value));
  } else if (!node.blocks().empty()) {
    leave_block_outputs(*step.value, step.elements);
  } else if (node.kind() == c10::prim::Constant) {
    found_.insert("a constant");
  } else {
    leave_node(*step.value, step.elements);
  }
}

void OriginFinder::leave_block_input(const jit::Value& value, bool elements) {
  const jit::Block& block = *value.node()->owningBlock();
  if (&block == const_cast<jit::Graph&>(graph_).block()) {
    if (value.type()->kind() != c10::TypeKind::ClassType) {
      found_.insert("its input " + value.debugNameBase());
    }
    return;
  }
  if (const auto owner = owners_.find(&block); owner != owners_.end()) { // a fork, or a group
    if (value.offset() < owner->second->inputs().size()) {
      follow(*owner->second->inputs()[value.offset()], elements);
    }
    return;
  }
  const jit::Node* owner = block.owningNode();
  if (owner != nullptr && owner->kind() == c10::prim::Loop && value.offset() > 0) { // the first is the counter
    follow(*owner->inputs()[value.offset() + 1], elements);
    follow(*block.outputs()[value.offset()], elements);
  }
}

void OriginFinder::leave_block_outputs(const jit::Value& value, bool elements) {
  const jit::Node& node = *value.node();
  const size_t skipped = node.kind() == c10::prim::Loop ? 1 : 0; // the condition
  for (const jit::Block* block : node.blocks()) {
    if (value.offset() + skipped < block->outputs().size()) {
      follow(*block->outputs()[value.offset() + skipped], elements);
    }
  }
  if (node.kind() == c10::prim::Loop) { // it may run zero times
    follow(*node.inputs()[value.offset() + 2], elements);
  }
}

// Through views and in-place operators, and from an element to all that is in its container.
void OriginFinder::leave_node(const jit::Value& value, bool elements) {
  const jit::Node& node = *value.node();
  if (const jit::Value* element = known_element(value)) {
    follow(*element, elements);
    return;
  }
  for (size_t i = 0; i < node.inputs().size(); ++i) {
    const jit::Value& input = *node.inputs()[i];
    if (takes_out(node) || (holds_values(input) && is_wildcard(value)) || (elements && puts_in(node))) {
      follow(input, true);
    } else if (refines(node) || may_be_the_same(node, i, value.offset())) {
      follow(input, elements);
    }
  }
}

// By append, insert, _set_item and the like.
void OriginFinder::follow_what_is_put_into(const jit::Value& container) {
  for (const jit::Use& use : container.uses()) {
    if (use.offset == 0 && writes_in_place(*use.user)) {
      for (size_t i = 1; i < use.user->inputs().size(); ++i) {
        follow(*use.user->inputs()[i], true);
      }
    }
  }
}

} // namespace tsir

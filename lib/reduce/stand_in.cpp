// Values that take the place of removed ones.
#include "lib/reduce/reduction.h"

namespace tsir {
namespace {

c10::TypePtr plain(const c10::TypePtr& type) {
  return c10::unshapedType(type);
}

bool fits(const jit::Value& value, const jit::Value& wanted) {
  return plain(value.type())->isSubtypeOf(*plain(wanted.type()));
}

// Whether both had the same content in a run, so that one can replace the other.
bool alike(const Candidate& candidate, const jit::Value* a, const jit::Value* b) {
  const auto one = candidate.seen.find(a);
  const auto other = candidate.seen.find(b);
  return one != candidate.seen.end() && other != candidate.seen.end() && one->second == other->second;
}

// The values before `node` in its block and in enclosing blocks, nearest first.
std::vector<jit::Value*> in_scope(jit::Node& node, size_t most) {
  std::vector<jit::Value*> values(node.inputs().begin(), node.inputs().end());
  jit::Node* at = &node;
  while (values.size() < most) {
    at = at->prev();
    values.insert(values.end(), at->outputs().begin(), at->outputs().end());
    if (at->kind() != c10::prim::Param) {
      continue;
    }
    at = at->owningBlock()->owningNode();
    if (at == nullptr) {
      break;
    }
  }
  return values;
}

std::optional<c10::IValue> scalar_of(const std::string* text, const c10::TypePtr& type) {
  switch (type->kind()) {
  case c10::TypeKind::IntType:
    return c10::IValue(text != nullptr ? int64_t{std::strtoll(text->c_str(), nullptr, 10)} : int64_t{1});
  case c10::TypeKind::FloatType:
    return c10::IValue(text != nullptr ? std::strtod(text->c_str(), nullptr) : 1.0);
  case c10::TypeKind::BoolType:
    return c10::IValue(text == nullptr || *text == "true");
  case c10::TypeKind::StringType:
    return c10::IValue(std::string());
  case c10::TypeKind::NoneType:
    return c10::IValue();
  default:
    return std::nullopt;
  }
}

// Parses a list of integers: "[2, 3]".
std::optional<c10::IValue> integers_of(const std::string* text, const c10::TypePtr& type) {
  if (text == nullptr || *type != *c10::ListType::ofInts()) {
    return std::nullopt;
  }
  c10::List<int64_t> list;
  const char* at = text->c_str() + 1;
  for (char* end = nullptr; *at != '\0' && *at != ']'; at = *end == ',' ? end + 1 : end) {
    list.push_back(std::strtoll(at, &end, 10));
    if (end == at) {
      return std::nullopt;
    }
  }
  return c10::IValue(list);
}

} // namespace

jit::Value* earlier_value(const Candidate& candidate, jit::Node& node, const jit::Value& output) {
  constexpr size_t far_enough = 200;
  jit::Value* first = nullptr;
  for (jit::Value* value : in_scope(node, far_enough)) {
    if (!fits(*value, output) || value == &output) {
      continue;
    }
    if (alike(candidate, value, &output)) {
      return value;
    }
    first = first == nullptr ? value : first;
  }
  return first;
}

jit::Value* fresh_value(Candidate& candidate, jit::Node& node, const jit::Value& output) {
  const auto found = candidate.seen.find(&output);
  const std::string* text = found != candidate.seen.end() ? &found->second : nullptr;
  const c10::TypePtr type = plain(output.type());
  auto constant = scalar_of(text, type);
  if (!constant) {
    constant = integers_of(text, type);
  }
  if (constant) {
    const jit::WithInsertPoint before(&node);
    return candidate.graph->insertConstant(*constant);
  }
  if (candidate.inputs && text == nullptr) {
    return nullptr;
  }
  jit::Value* input = candidate.graph->addInput()->setType(type);
  if (text != nullptr) {
    const std::string seen = *text;
    candidate.seen.insert_or_assign(input, seen);
    if (candidate.inputs) {
      candidate.inputs->push_back(seen);
    }
  }
  return input;
}

void drop_unread_constants(jit::Graph& graph) {
  const std::vector<jit::Node*> nodes = nodes_of(graph);
  for (jit::Node* node : nodes) {
    if (node->kind() == c10::prim::Constant && !node->hasUses()) {
      node->destroy();
    }
  }
}

} // namespace tsir

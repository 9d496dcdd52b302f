#include "lib/render/dot/scalars.h"

#include "lib/ir/walk.h"
#include "lib/render/dot/text.h"

#include <array>

namespace tsir {
namespace {

constexpr std::array queries = std::to_array<std::string_view>(
    {"size", "dim", "numel", "len", "dtype", "device", "layout", "is_cuda", "is_floating_point", "shape", "ndim"});

constexpr std::array infixes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"add", "+"},
    {"sub", "-"},
    {"mul", "*"},
    {"div", "/"},
    {"floordiv", "//"},
    {"floor_divide", "//"},
    {"remainder", "%"},
    {"eq", "=="},
    {"ne", "!="},
    {"lt", "<"},
    {"le", "<="},
    {"gt", ">"},
    {"ge", ">="},
    {"__and__", "and"},
    {"__or__", "or"},
    {"__is__", "is"},
    {"__isnot__", "is not"},
});

// They give their first input in another form, which the text leaves out.
constexpr std::array passing = std::to_array<std::string_view>(
    {"Int", "IntImplicit", "ScalarImplicit", "NumToTensor", "Float", "FloatImplicit", "Bool", "unchecked_cast"});

std::string_view infix_of(const std::string& name) {
  const auto at =
      std::ranges::find(infixes, std::string_view(name), &std::pair<std::string_view, std::string_view>::first);
  return at == infixes.end() ? "" : at->second;
}

// Whether the bracket or quote that the text begins with closes at its end: "(a + b)", but not "(a) + (b)".
bool is_enclosed(const std::string& text) {
  if (text.size() < 2) {
    return false;
  }
  if (text.front() == '"') {
    return text.find('"', 1) == text.size() - 1;
  }
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' || text[i] == '[' ? 1 : text[i] == ')' || text[i] == ']' ? -1 : 0;
    if (depth == 0) {
      return i + 1 == text.size();
    }
  }
  return false;
}

// A part of a larger expression: in brackets if it is an expression itself.
std::string as_part(const std::string& text) {
  return is_enclosed(text) || text.find(' ') == std::string::npos ? text : "(" + text + ")";
}

// Whether the node only gives its input in another form, without changing the number.
bool passes_on(const jit::Node& node) {
  const std::string_view name = node.kind().toUnqualString();
  if (node.inputs().empty() || std::ranges::find(passing, name) == passing.end()) {
    return false;
  }
  const c10::Type& from = *node.input(0)->type();
  const bool converts = (name == "Int" || name == "Bool") &&
                        (from.kind() == c10::TypeKind::FloatType || from.kind() == c10::TypeKind::IntType ||
                         from.kind() == c10::TypeKind::StringType);
  return !converts && !(name == "Float" && from.kind() == c10::TypeKind::StringType);
}

// Whether the operator is written between its operands: it has two, or a third that changes nothing (alpha).
bool is_infix(const std::string& name, const std::vector<std::string>& inputs) {
  return !infix_of(name).empty() && (inputs.size() == 2 || (inputs.size() == 3 && inputs[2] == "1"));
}

std::string joined(const std::vector<std::string>& texts, size_t first = 0) {
  return fmt::format(
      "{}", fmt::join(texts.begin() + static_cast<ptrdiff_t>(std::min(first, texts.size())), texts.end(), ", "));
}

} // namespace

bool is_scalar(const c10::Type& type) {
  switch (type.kind()) {
  case c10::TypeKind::IntType:
  case c10::TypeKind::FloatType:
  case c10::TypeKind::BoolType:
  case c10::TypeKind::NumberType:
  case c10::TypeKind::StringType:
  case c10::TypeKind::DeviceObjType:
  case c10::TypeKind::LayoutType:
  case c10::TypeKind::ScalarTypeType:
  case c10::TypeKind::NoneType:
    return true;
  case c10::TypeKind::ListType:
  case c10::TypeKind::TupleType:
  case c10::TypeKind::OptionalType:
    return !type.containedTypes().empty() &&
           std::ranges::all_of(type.containedTypes(), [](const c10::TypePtr& inner) { return is_scalar(*inner); });
  default:
    return false;
  }
}

bool computes_scalars(const jit::Node& node) {
  return node.blocks().empty() && !node.outputs().empty() && !has_effects(node) && !writes_in_place(node) &&
         !node.isNondeterministic() && (node.kind().is_aten() || node.kind().is_prim()) &&
         std::ranges::all_of(node.outputs(), [](const jit::Value* value) { return is_scalar(*value->type()); });
}

bool is_written(const jit::Value& value) {
  return std::any_of(value.uses().begin(), value.uses().end(), [&](const jit::Use& use) {
    const c10::FunctionSchema* schema = use.user->maybeSchema();
    const bool known = schema != nullptr && use.offset < schema->arguments().size();
    const auto* alias = known ? schema->arguments()[use.offset].alias_info() : nullptr;
    return alias != nullptr && alias->isWrite();
  });
}

bool queries_shape(const jit::Node& node) {
  return std::ranges::find(queries, std::string_view(node.kind().toUnqualString())) != queries.end();
}

bool may_be_traced_arithmetic(const jit::Node& node) {
  const std::string name = node.kind().toUnqualString();
  return node.kind() == c10::prim::NumToTensor || (node.kind().is_aten() && !infix_of(name).empty());
}

std::string scalar_text(const jit::Node& node, const std::vector<std::string>& inputs, size_t output) {
  constexpr size_t longest = 60;
  const std::string name = node.kind().toUnqualString();
  std::string text;
  if (is_infix(name, inputs)) {
    text = fmt::format("{} {} {}", as_part(inputs[0]), infix_of(name), as_part(inputs[1]));
  } else if (!inputs.empty() && passes_on(node)) {
    text = inputs[0];
  } else if (node.kind() == c10::prim::ListConstruct) {
    text = fmt::format("[{}]", joined(inputs));
  } else if (node.kind() == c10::prim::TupleConstruct) {
    text = fmt::format("({})", joined(inputs));
  } else if ((name == "__getitem__" || node.kind() == c10::prim::TupleIndex) && inputs.size() == 2) {
    text = fmt::format("{}[{}]", as_part(inputs[0]), inputs[1]);
  } else if (node.kind() == c10::prim::ListUnpack || node.kind() == c10::prim::TupleUnpack) {
    text = fmt::format("{}[{}]", as_part(inputs[0]), output);
  } else if (name == "__not__" && inputs.size() == 1) {
    text = "not " + as_part(inputs[0]);
  } else if (queries_shape(node) && name != "len" && !inputs.empty()) {
    text = fmt::format("{}.{}", as_part(inputs[0]), name);
    text += name == "size" || name == "dim" || name == "numel" ? fmt::format("({})", joined(inputs, 1)) : "";
  } else {
    text = fmt::format("{}({})", name, joined(inputs));
  }
  return shortened(text, longest);
}

} // namespace tsir

#include "lib/diff/node_text.h"

#include "lib/analysis/names.h"
#include "lib/ir/value_text.h"

#include <regex>

namespace tsir {
namespace {

std::string names_text(at::ArrayRef<const jit::Value*> values, FreshNames& names) {
  std::string text;
  for (const jit::Value* value : values) {
    text += fmt::format("{}%{}", text.empty() ? "" : ", ", names.of(*value));
  }
  return text;
}

std::string attributes_text(const jit::Node& node) {
  std::string text;
  for (const c10::Symbol name : node.attributeNames()) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name.toUnqualString(), attribute_text(node, name));
  }
  return text.empty() ? "" : "[" + text + "]";
}

} // namespace

std::string plain_type(const c10::Type& type) {
  static const std::regex number("___torch_mangle_[0-9]+\\.");
  std::ostringstream stream;
  stream << type;
  const std::string text = stream.str();
  // A regular expression takes a hundred times longer than printing most types.
  return text.find("___torch_mangle_") == std::string::npos ? text : std::regex_replace(text, number, "");
}

std::string attribute_text(const jit::Node& node, c10::Symbol name) {
  using Kind = jit::AttributeKind;
  switch (node.kindOf(name)) {
  case Kind::i:
    return std::to_string(node.i(name));
  case Kind::f:
    return fmt::format("{}", node.f(name));
  case Kind::s:
    return value_text(node.s(name));
  case Kind::t:
    return value_text(node.t(name));
  case Kind::ival:
    return value_text(node.ival(name));
  case Kind::is:
    return value_text(node.is(name));
  case Kind::fs:
    return value_text(node.fs(name));
  case Kind::ty:
    return plain_type(*node.ty(name));
  case Kind::tys: {
    std::string types;
    for (const c10::TypePtr& type : node.tys(name)) {
      types += (types.empty() ? "" : ", ") + plain_type(*type);
    }
    return "[" + types + "]";
  }
  case Kind::g:
    return "<Graph>";
  case Kind::ss:
    return fmt::format("[{}]", fmt::join(node.ss(name), ", "));
  default:
    return "…";
  }
}

std::string node_line(const jit::Node& node, FreshNames& names) {
  std::string outputs;
  for (const jit::Value* output : node.outputs()) {
    outputs += fmt::format("{}%{} : {}", outputs.empty() ? "" : ", ", names.of(*output), plain_type(*output->type()));
  }
  return fmt::format("{}{}{}{}({})", outputs, outputs.empty() ? "" : " = ", node.kind().toQualString(),
                     attributes_text(node), names_text(node.inputs(), names));
}

std::string node_name(const jit::Node& node, FreshNames& names) {
  const bool named = !node.outputs().empty();
  std::vector<std::string> texts;
  for (const jit::Value* value : named ? node.outputs() : node.inputs()) {
    texts.push_back("%" + names.of(*value));
  }
  const std::string list = listed(texts, 4);
  return named ? fmt::format("{} = {}", list, node.kind().toQualString())
               : fmt::format("{}({})", node.kind().toQualString(), list);
}

} // namespace tsir

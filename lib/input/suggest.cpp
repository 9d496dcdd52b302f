// Prints a schema, and example inputs for it, in messages.
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/inputs.h"
#include "lib/ir/dtype_names.h"

#include <ATen/core/enum_type.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

namespace tsir {
namespace {

// Omits the prefixes that TorchScript adds to copies of a class ("___torch_mangle_3.") and to the root ("__torch__."),
// which do not help a user.
std::string type_text(const c10::Type& type) {
  std::string text = type.annotation_str();
  for (const std::string_view noise : {"__torch__.", "torch."}) {
    for (size_t at; (at = text.find(noise)) != std::string::npos;) {
      text.erase(at, noise.size());
    }
  }
  return text;
}

bool mentions(const std::string& name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// What fits a type that says something of the shape or the dtype, as those of bare graphs do.
std::optional<std::string> fitting_example(const c10::TensorType& type) {
  const auto dtype = type.scalarType();
  if (type.sizes().sizes()) {
    return tensor_title(type, "float32", "1");
  }
  if (!dtype) {
    return std::nullopt;
  }
  return dtype_name(*dtype) + (at::isFloatingType(*dtype) ? "[1,3,224,224]" : "[1,128]");
}

std::string tensor_example(const c10::TensorType& type, const std::string& name) {
  if (const auto fitting = fitting_example(type)) {
    return *fitting;
  }
  if (mentions(name, {"mask"})) {
    return "int64[1,128]=ones";
  }
  if (mentions(name, {"ids", "token", "indices", "index", "seq"})) {
    return "int64[1,128]=randint(0,100)";
  }
  if (mentions(name, {"length", "lens"})) {
    return "int64[1]=full(10)";
  }
  return "float32[1,3,224,224]";
}

std::string example(const c10::TypePtr& type, const std::string& name);

std::string examples(c10::ArrayRef<c10::TypePtr> types, const std::string& name) {
  std::vector<std::string> texts;
  for (const c10::TypePtr& type : types) {
    texts.push_back(example(type, name));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string example(const c10::TypePtr& type, const std::string& name) {
  switch (type->kind()) {
  case c10::TypeKind::TensorType:
    return tensor_example(type->expectRef<c10::TensorType>(), name);
  case c10::TypeKind::IntType:
    return "10";
  case c10::TypeKind::FloatType:
  case c10::TypeKind::NumberType:
    return "0.5";
  case c10::TypeKind::ComplexType:
    return "1+2j";
  case c10::TypeKind::BoolType:
    return "true";
  case c10::TypeKind::StringType:
    return "\"text\"";
  case c10::TypeKind::DeviceObjType:
    return "\"cpu\"";
  case c10::TypeKind::ListType:
    return fmt::format("[{}]", examples(type->containedTypes(), name));
  case c10::TypeKind::TupleType:
    return fmt::format("({}{})", examples(type->containedTypes(), name), type->containedTypes().size() == 1 ? "," : "");
  case c10::TypeKind::DictType: {
    const auto key = type->expectRef<c10::DictType>().getKeyType();
    return fmt::format("{{{}: {}}}", key->kind() == c10::TypeKind::StringType ? "\"key\"" : example(key, name),
                       example(type->expectRef<c10::DictType>().getValueType(), name));
  }
  case c10::TypeKind::EnumType: {
    const auto members = type->expectRef<c10::EnumType>().enumNamesValues();
    return fmt::format("\"{}\"", members.empty() ? "NAME" : members.front().first);
  }
  case c10::TypeKind::UnionType:
    return example(type->containedTypes().front(), name);
  default:
    return "None"; // optionals, and types that cannot be given
  }
}

// Adds single quotes if a shell would change the text.
std::string shell_word(const std::string& text) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,=_+-";
  return text.find_first_not_of(harmless) == std::string::npos ? text : "'" + text + "'";
}

std::string default_text(const c10::IValue& value) {
  if (value.isTensor()) {
    return "<Tensor>";
  }
  return value.isBool() ? (value.toBool() ? "True" : "False") : one_line(fmt::format("{}", fmt::streamed(value)), 40);
}

} // namespace

std::string suggest_inputs(const c10::FunctionSchema& schema) {
  const std::string name = spelled(Setting::input);
  std::vector<std::string> words;
  for (const c10::Argument& argument : schema.arguments()) {
    if (!argument.default_value()) {
      words.push_back(name + " " + shell_word(example(argument.type(), argument.name())));
    }
  }
  return words.empty() ? fmt::format("no {} at all", name) : fmt::format("{}", fmt::join(words, " "));
}

std::string schema_text(const c10::FunctionSchema& schema) {
  std::vector<std::string> arguments;
  for (const c10::Argument& argument : schema.arguments()) {
    std::string text = fmt::format("{}: {}", argument.name(), type_text(*argument.type()));
    if (argument.default_value()) {
      text += " = " + default_text(*argument.default_value());
    }
    arguments.push_back(std::move(text));
  }
  std::vector<std::string> returns;
  for (const c10::Argument& result : schema.returns()) {
    returns.push_back(type_text(*result.type()));
  }
  const std::string results = fmt::format("{}", fmt::join(returns, ", "));
  return fmt::format("{}({}) -> {}", schema.name(), fmt::join(arguments, ", "),
                     returns.size() == 1 ? results : "(" + results + ")");
}

} // namespace tsir

#include "lib/render/dot/text.h"

#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"

#include <sstream>

namespace tsir {
namespace {

constexpr size_t longest_text = 48;

std::string tensor_text(const c10::TensorType& type) {
  std::string text = type.scalarType() ? dtype_name(*type.scalarType()) : "Tensor";
  const auto sizes = type.sizes();
  if (const auto rank = sizes.size()) {
    std::vector<std::string> parts;
    for (size_t i = 0; i < *rank; ++i) {
      parts.push_back(sizes[i] ? std::to_string(*sizes[i]) : "*");
    }
    text += fmt::format("[{}]", fmt::join(parts, ","));
  }
  if (type.device() && !type.device()->is_cpu()) {
    text += " " + type.device()->str();
  }
  return text;
}

std::string last_name(const std::string& qualified) {
  return qualified.substr(qualified.find_last_of('.') + 1);
}

std::string quoted(const std::string& text) {
  return "\"" + shortened(text, longest_text - 2) + "\"";
}

template <typename Items> std::string list_text(const char* open, const Items& items, const char* close) {
  std::string text = open;
  const char* separator = "";
  for (const c10::IValue& item : items) {
    text += separator + constant_text(item);
    separator = ", ";
    if (text.size() > longest_text) {
      break; // the rest would be elided
    }
  }
  return shortened(text + close, longest_text);
}

std::string attribute_text(const jit::Node& node, c10::Symbol name) {
  switch (node.kindOf(name)) {
  case jit::AttributeKind::i:
    return std::to_string(node.i(name));
  case jit::AttributeKind::f:
    return fmt::format("{}", node.f(name));
  case jit::AttributeKind::s:
    return quoted(node.s(name));
  case jit::AttributeKind::is:
    return shortened(fmt::format("[{}]", fmt::join(node.is(name), ", ")), longest_text);
  case jit::AttributeKind::fs:
    return shortened(fmt::format("[{}]", fmt::join(node.fs(name), ", ")), longest_text);
  case jit::AttributeKind::ss:
    return shortened(fmt::format("[{}]", fmt::join(node.ss(name), ", ")), longest_text);
  case jit::AttributeKind::t:
    return tensor_title(node.t(name));
  case jit::AttributeKind::ty:
    return type_text(*node.ty(name));
  case jit::AttributeKind::tys: {
    std::vector<std::string> types;
    for (const c10::TypePtr& type : node.tys(name)) {
      types.push_back(type_text(*type));
    }
    return shortened(fmt::format("[{}]", fmt::join(types, ", ")), longest_text);
  }
  case jit::AttributeKind::ival:
    return constant_text(node.ival(name));
  default:
    return "…";
  }
}

bool is_graph(jit::AttributeKind kind) {
  return kind == jit::AttributeKind::g || kind == jit::AttributeKind::gs;
}

// The source line of a range, without surrounding blanks. Ranges come from the file and may be invalid.
std::string source_line(const jit::SourceRange& range) {
  const auto& source = range.source();
  if (!source || range.start() >= source->size()) {
    return "";
  }
  std::string line = source->get_line(source->lineno_for_offset(range.start())).str();
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

std::string location_text(const jit::Node& node) {
  try {
    jit::SourceRange range = node.sourceRange();
    if (const auto original = range.findSourceRangeThatGenerated()) {
      range = *original;
    }
    const auto place = range.file_line_col();
    if (!place) {
      return "";
    }
    const auto& [file, line, column] = *place;
    return fmt::format("\n{}:{}:{}\n{}", shortened(file, 200), line, column, shortened(source_line(range), 200));
  } catch (const std::exception&) {
    return ""; // damaged debug information must not prevent the drawing
  }
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Size in bytes of the UTF-8 character at the start of `text`; 0 if it is invalid.
size_t character_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  const size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  // Second bytes that would encode an overlong character, a surrogate, or a code point beyond U+10FFFF.
  const bool wrong_second = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) ||
                            (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F);
  if (length == 0 || wrong_second || text.size() < length) {
    return 0;
  }
  const auto rest = text.substr(1, length - 1);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

// Truncates the text so that it fits into `limit` together with "…".
std::string elided(std::string text, size_t limit) {
  constexpr std::string_view dots = "…";
  while (!text.empty() && text.size() + dots.size() > limit) {
    while (is_continuation(text.back())) {
      text.pop_back();
    }
    text.pop_back();
  }
  return text + std::string(dots);
}

} // namespace

std::string type_text(const c10::Type& type) {
  if (const auto* tensor = type.castRaw<c10::TensorType>()) {
    return tensor_text(*tensor);
  }
  if (const auto* named = type.castRaw<c10::NamedType>(); named != nullptr && named->name()) {
    return shortened(last_name(named->name()->name()), longest_text);
  }
  return shortened(type.annotation_str(), longest_text);
}

std::string constant_text(const c10::IValue& value) {
  if (value.isNone()) {
    return "None";
  }
  if (value.isTensor()) {
    return tensor_title(value.toTensor());
  }
  if (value.isBool()) {
    return value.toBool() ? "True" : "False";
  }
  if (value.isInt()) {
    return value.toInt() == std::numeric_limits<int64_t>::max() ? "int64 max" : std::to_string(value.toInt());
  }
  if (value.isDouble()) {
    return fmt::format("{}", value.toDouble());
  }
  if (value.isComplexDouble()) {
    const auto number = value.toComplexDouble();
    return fmt::format("{}{:+}j", number.real(), number.imag());
  }
  if (value.isString()) {
    return quoted(value.toStringRef());
  }
  if (value.isDevice()) {
    return value.toDevice().str();
  }
  if (value.isList()) {
    return list_text("[", value.toListRef(), "]");
  }
  if (value.isTuple()) {
    return list_text("(", value.toTupleRef().elements(), ")");
  }
  return type_text(*value.type());
}

std::vector<std::string> attribute_texts(const jit::Node& node) {
  std::vector<std::string> texts;
  if (node.hasAttributes()) {
    for (c10::Symbol name : node.attributeNames()) {
      if (!is_graph(node.kindOf(name))) {
        texts.push_back(fmt::format("{}={}", name.toUnqualString(), attribute_text(node, name)));
      }
    }
  }
  return texts;
}

std::string tooltip_text(const jit::Node& node) {
  std::ostringstream text;
  std::vector<const jit::Node*> groups; // replacements for subgraphs, which would be printed completely
  node.print(text, 0, &groups, /*print_source_locations=*/false, /*print_attributes=*/true, /*print_scopes=*/false,
             /*print_body=*/false);
  return shortened(text.str(), 300) + location_text(node);
}

std::string shortened(std::string_view text, size_t limit) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t length = character_length(text.substr(at));
    if (result.size() + std::max<size_t>(length, 1) > limit) {
      return elided(std::move(result), limit);
    }
    if (length == 0) {
      result += "?";
    } else if (length == 1 && (text[at] == 0x7F || static_cast<unsigned char>(text[at]) < 0x20)) {
      result += result.empty() || result.back() == ' ' ? "" : " "; // line ends, tabs, control characters
    } else {
      result += text.substr(at, length);
    }
    at += std::max<size_t>(length, 1);
  }
  while (!result.empty() && result.back() == ' ') {
    result.pop_back();
  }
  return result;
}

std::vector<std::string> wrapped(const std::vector<std::string>& items, size_t width) {
  std::vector<std::string> lines;
  for (const std::string& item : items) {
    if (!lines.empty() && lines.back().size() + 2 + item.size() <= width) {
      lines.back() += ", " + item;
    } else {
      if (!lines.empty()) {
        lines.back() += ",";
      }
      lines.push_back(item);
    }
  }
  return lines;
}

} // namespace tsir

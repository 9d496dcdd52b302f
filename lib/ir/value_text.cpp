#include "lib/ir/value_text.h"

#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"

namespace tsir {
namespace {

constexpr size_t most_elements = 8;
constexpr size_t most_characters = 160;
constexpr int most_levels = 3;

std::string quoted(const std::string& text) {
  const std::string start = text.substr(0, most_characters);
  const std::string json = nlohmann::json(start).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return text.size() > start.size() ? json + "…" : json;
}

std::string class_name(const c10::IValue& object) {
  std::string name = object.toObjectRef().type()->name() ? object.toObjectRef().type()->name()->name() : "?";
  return one_line(name, 80);
}

std::string elements_text(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.layout() != c10::kStrided || tensor.is_quantized() || tensor.is_meta()) {
    return "";
  }
  const auto count = std::min<int64_t>(tensor.numel(), most_elements);
  std::vector<std::string> texts;
  const at::Tensor head = tensor.detach().reshape(-1).narrow(0, 0, count);
  for (int64_t i = 0; i < count; ++i) {
    const at::Scalar element = head[i].item();
    texts.push_back(element.isBoolean()         ? std::string(element.toBool() ? "true" : "false")
                    : element.isIntegral(false) ? fmt::format("{}", element.toLong())
                    : element.isComplex()       ? fmt::format("{:.6g}{:+.6g}j", element.toComplexDouble().real(),
                                                              element.toComplexDouble().imag())
                                                : fmt::format("{:.6g}", element.toDouble()));
  }
  return fmt::format(" [{}{}]", fmt::join(texts, ", "), tensor.numel() > count ? ", …" : "");
}

// reshape would copy a large non-contiguous tensor completely, but only its first elements are needed.
at::Tensor first_elements(at::Tensor tensor) {
  for (int64_t dim = 0; dim < tensor.dim(); ++dim) {
    tensor = tensor.narrow(dim, 0, std::min<int64_t>(tensor.size(dim), most_elements));
  }
  return tensor;
}

std::string tensor_text(const at::Tensor& tensor) {
  if (!tensor.defined()) {
    return "undefined tensor";
  }
  std::string title = tensor_title(tensor);
  try {
    const bool narrow = tensor.layout() == c10::kStrided && !tensor.is_contiguous() && tensor.numel() > 0;
    return title + elements_text(narrow ? first_elements(tensor) : tensor);
  } catch (const std::exception&) {
    return title; // a dtype whose elements cannot be read
  }
}

std::string text_at(const c10::IValue& value, int level);

template <class Items> std::string items_text(const Items& items, const char* open, const char* close, int level) {
  if (level >= most_levels && !items.empty()) {
    return fmt::format("{}…{}", open, close);
  }
  std::string text = open;
  size_t shown = 0;
  for (const c10::IValue& item : items) {
    text += shown > 0 ? ", " : "";
    if (shown++ == most_elements || text.size() > most_characters) {
      text += fmt::format("… {} in all", items.size());
      break;
    }
    text += text_at(item, level + 1);
  }
  return text + close;
}

std::string dict_text(const c10::IValue& value, int level) {
  const auto dict = value.toGenericDict();
  if (level >= most_levels && !dict.empty()) {
    return "{…}";
  }
  std::string text = "{";
  size_t shown = 0;
  for (const auto& entry : dict) {
    text += shown > 0 ? ", " : "";
    if (shown++ == most_elements || text.size() > most_characters) {
      text += fmt::format("… {} in all", dict.size());
      break;
    }
    text += text_at(entry.key(), level + 1) + ": " + text_at(entry.value(), level + 1);
  }
  return text + "}";
}

std::string text_at(const c10::IValue& value, int level) {
  if (value.isTensor()) {
    return tensor_text(value.toTensor());
  }
  if (value.isString()) {
    return quoted(value.toStringRef());
  }
  if (value.isBool()) {
    return value.toBool() ? "true" : "false";
  }
  if (value.isInt()) {
    return fmt::format("{}", value.toInt());
  }
  if (value.isDouble()) {
    return fmt::format("{}", value.toDouble());
  }
  if (value.isList()) {
    return items_text(value.toListRef(), "[", "]", level);
  }
  if (value.isTuple()) {
    return items_text(value.toTupleRef().elements(), "(", ")", level);
  }
  if (value.isGenericDict()) {
    return dict_text(value, level);
  }
  return value_title(value);
}

} // namespace

std::string value_title(const c10::IValue& value) {
  if (value.isTensor()) {
    return value.toTensor().defined() ? tensor_title(value.toTensor()) : "undefined tensor";
  }
  if (value.isObject()) {
    return "object of " + class_name(value);
  }
  if (value.isList()) {
    return fmt::format("list of {}", value.toListRef().size());
  }
  if (value.isTuple()) {
    return fmt::format("tuple of {}", value.toTupleRef().elements().size());
  }
  if (value.isGenericDict()) {
    return fmt::format("dict of {}", value.toGenericDict().size());
  }
  if (value.isDevice()) {
    return value.toDevice().str();
  }
  if (value.isEnum()) {
    return one_line(value.toEnumHolder()->name(), 80);
  }
  return value.isNone() ? "None" : value.tagKind();
}

std::string value_text(const c10::IValue& value) {
  return text_at(value, 0);
}

} // namespace tsir

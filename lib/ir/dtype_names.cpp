#include "lib/ir/dtype_names.h"

#include <fmt/ranges.h>

#include <array>

namespace tsir {
namespace {

struct Name {
  at::ScalarType type;
  std::string_view name;
  std::string_view other;
};

constexpr std::array<Name, 22> names = {{
    {at::kFloat, "float32", "float"},
    {at::kDouble, "float64", "double"},
    {at::kHalf, "float16", "half"},
    {at::kBFloat16, "bfloat16", ""},
    {at::kLong, "int64", "long"},
    {at::kInt, "int32", "int"},
    {at::kShort, "int16", "short"},
    {at::kChar, "int8", ""},
    {at::kByte, "uint8", ""},
    {at::kBool, "bool", ""},
    {at::kComplexFloat, "complex64", "cfloat"},
    {at::kComplexDouble, "complex128", "cdouble"},
    {at::kComplexHalf, "complex32", "chalf"},
    {at::kUInt16, "uint16", ""},
    {at::kUInt32, "uint32", ""},
    {at::kUInt64, "uint64", ""},
    {at::kFloat8_e4m3fn, "float8_e4m3fn", ""},
    {at::kFloat8_e5m2, "float8_e5m2", ""},
    {at::kFloat8_e4m3fnuz, "float8_e4m3fnuz", ""},
    {at::kFloat8_e5m2fnuz, "float8_e5m2fnuz", ""},
    {at::kQInt8, "qint8", ""},
    {at::kQUInt8, "quint8", ""},
}};

} // namespace

std::string dtype_name(at::ScalarType type) {
  for (const Name& row : names) {
    if (row.type == type) {
      return std::string(row.name);
    }
  }
  return c10::toString(type);
}

std::optional<at::ScalarType> dtype_by_name(std::string_view name) {
  for (const Name& row : names) {
    if (!name.empty() && (row.name == name || row.other == name)) {
      return row.type;
    }
  }
  return std::nullopt;
}

std::string tensor_title(const at::Tensor& tensor) {
  if (!tensor.defined()) {
    return "an undefined tensor";
  }
  return fmt::format("{}[{}]", dtype_name(tensor.scalar_type()), fmt::join(tensor.sizes(), ","));
}

std::optional<std::string> tensor_title(const c10::TensorType& type) {
  const auto sizes = type.sizes().concrete_sizes();
  if (!sizes || !type.scalarType()) {
    return std::nullopt;
  }
  return fmt::format("{}[{}]", dtype_name(*type.scalarType()), fmt::join(*sizes, ","));
}

std::string tensor_title(const c10::TensorType& type, const std::string& dtype, const std::string& size) {
  std::string text = type.scalarType() ? dtype_name(*type.scalarType()) : dtype;
  const auto sizes = type.sizes().sizes();
  if (!sizes) {
    return text;
  }
  std::vector<std::string> parts;
  for (const std::optional<int64_t>& known : *sizes) {
    parts.push_back(known ? fmt::to_string(*known) : size);
  }
  return fmt::format("{}[{}]", text, fmt::join(parts, ","));
}

std::string known_dtypes() {
  std::vector<std::string_view> all;
  all.reserve(names.size());
  for (const Name& row : names) {
    all.push_back(row.name);
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

} // namespace tsir

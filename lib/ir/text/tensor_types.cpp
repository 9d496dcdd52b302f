#include "lib/ir/text/tensor_types.h"

#include "lib/ir/text/definitions.h"
#include "lib/ir/text/types.h"

#include <numeric>

namespace tsir::ir_text {
namespace {

struct TensorParts {
  std::optional<at::ScalarType> dtype;
  bool ranked = false;
  std::vector<c10::ShapeSymbol> sizes;
  std::vector<int64_t> strides;
  bool has_strides = false;
  std::vector<std::optional<c10::Stride>> properties; // used instead of strides
  std::optional<bool> requires_grad;
  std::optional<c10::Device> device;
};

bool read_flag(Cursor& cursor) {
  return read_integer(cursor) != 0;
}

template <typename Read> auto read_known(Cursor& cursor, Read read) {
  using Value = decltype(read(cursor));
  return cursor.skip("*") ? std::nullopt : std::optional<Value>(read(cursor));
}

// (1, 1, 4): the dimension, whether its stride follows from the previous one, and the stride; * for an unknown part.
std::optional<c10::Stride> read_property(Cursor& cursor) {
  if (cursor.skip("*")) {
    return std::nullopt;
  }
  const auto number = [](Cursor& at) { return static_cast<size_t>(read_integer(at)); };
  c10::Stride property;
  cursor.expect("(");
  property.stride_index_ = read_known(cursor, number);
  cursor.expect(",");
  property.contiguous_ = read_known(cursor, read_flag);
  cursor.expect(",");
  property.stride_ = read_known(cursor, number);
  cursor.expect(")");
  return property;
}

void read_named_part(Cursor& cursor, TensorParts& parts) {
  const Word start = cursor.peek();
  const std::string name = cursor.expect_name("a size, strides, requires_grad or device");
  cursor.expect("=");
  if (name == "strides") {
    cursor.expect("[");
    comma_separated(cursor, "]", [&] { parts.strides.push_back(read_integer(cursor)); });
    parts.has_strides = true;
  } else if (name == "stride_properties") {
    cursor.expect("[");
    comma_separated(cursor, "]", [&] { parts.properties.push_back(read_property(cursor)); });
  } else if (name == "requires_grad") {
    parts.requires_grad = read_flag(cursor);
  } else if (name == "device") {
    parts.device = read_device(cursor);
  } else if (name == "dim" && cursor.peek().text == "0") {
    cursor.next();
    parts.ranked = true;
  } else {
    cursor.fail(start,
                fmt::format("unknown property {} of a tensor type: expected strides, requires_grad or device", name));
  }
}

int64_t read_size(Cursor& cursor) {
  const Word start = cursor.peek();
  const int64_t size = read_integer(cursor);
  if (size < 0) {
    cursor.fail(start, "a size cannot be negative");
  }
  return size;
}

// Each number denotes an unknown size within this text, independently of the numbers that LibTorch has assigned so far.
c10::ShapeSymbol read_symbol(Cursor& cursor) {
  const int64_t number = read_integer(cursor);
  if (number >= 0) {
    return c10::ShapeSymbol::fromStaticSize(number);
  }
  if (cursor.definitions() == nullptr) {
    return c10::ShapeSymbol::newSymbol();
  }
  auto& known = cursor.definitions()->sizes;
  const auto found = known.find(number);
  return found != known.end() ? found->second : known.emplace(number, c10::ShapeSymbol::newSymbol()).first->second;
}

// 2, 2:3 (with its stride), * or SS(-1).
void read_part(Cursor& cursor, TensorParts& parts) {
  if (cursor.skip("*")) {
    parts.sizes.push_back(c10::ShapeSymbol::newSymbol());
  } else if (cursor.at("SS") && cursor.at("(", 1)) {
    cursor.next();
    cursor.next();
    parts.sizes.push_back(read_symbol(cursor));
    cursor.expect(")");
  } else if (cursor.peek().kind == WordKind::name) {
    return read_named_part(cursor, parts);
  } else {
    parts.sizes.push_back(c10::ShapeSymbol::fromStaticSize(read_size(cursor)));
    if (cursor.skip(":")) {
      parts.strides.push_back(read_integer(cursor));
      parts.has_strides = true;
    }
  }
  parts.ranked = true;
}

bool is_contiguous(const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides) {
  if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) {
    return true;
  }
  int64_t expected = 1;
  for (size_t i = sizes.size(); i > 0; --i) {
    if (sizes[i - 1] != 1) {
      if (strides[i - 1] != expected || sizes[i - 1] > INT64_MAX / expected) {
        return false;
      }
      expected *= sizes[i - 1];
    }
  }
  return true;
}

// Ordered from the smallest stride to the largest, as LibTorch stores them. If a size is unknown, it is also unknown
// whether the next stride follows from it.
c10::VaryingShape<c10::Stride> of_unknown_sizes(c10::ArrayRef<c10::ShapeSymbol> sizes, c10::ArrayRef<int64_t> strides) {
  std::vector<size_t> order(strides.size());
  std::iota(order.rbegin(), order.rend(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return strides[a] < strides[b]; });
  std::vector<std::optional<c10::Stride>> properties;
  std::optional<int64_t> expected = 1;
  for (const size_t dimension : order) {
    const int64_t stride = strides[dimension];
    const auto contiguous = expected ? std::optional(stride == *expected) : std::nullopt;
    properties.emplace_back(c10::Stride(dimension, contiguous, static_cast<size_t>(stride)));
    const c10::ShapeSymbol& size = sizes[dimension];
    int64_t next = 0;
    const bool known = size.is_static() && !__builtin_mul_overflow(stride, size.static_size(), &next);
    expected = known ? std::optional(next) : std::nullopt;
  }
  return {std::move(properties)};
}

c10::TypePtr type_of(Cursor& cursor, const Word& start, const TensorParts& parts) {
  c10::VaryingShape<c10::Stride> strides(parts.sizes.size());
  if (!parts.properties.empty()) {
    strides = parts.properties;
  } else if (parts.has_strides && parts.sizes.size() == parts.strides.size()) {
    strides = stride_properties(parts.sizes, parts.strides);
  }
  const size_t given = std::max(parts.properties.size(), parts.strides.size());
  if ((given > 0 || parts.has_strides) && given != parts.sizes.size()) {
    cursor.fail(start, fmt::format("{} sizes and {} strides", parts.sizes.size(), given));
  }
  if (!parts.ranked) {
    return c10::TensorType::create(parts.dtype, parts.device, c10::SymbolicShape(), c10::VaryingShape<c10::Stride>{},
                                   parts.requires_grad);
  }
  return c10::TensorType::create(parts.dtype, parts.device, c10::SymbolicShape(parts.sizes), strides,
                                 parts.requires_grad);
}

// Removes the suffix Tensor from a name such as FloatTensor.
std::string_view dtype_part(std::string_view name) {
  constexpr std::string_view ending = "Tensor";
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : name;
}

} // namespace

c10::VaryingShape<c10::Stride> stride_properties(c10::ArrayRef<c10::ShapeSymbol> sizes,
                                                 c10::ArrayRef<int64_t> strides) {
  std::vector<int64_t> known;
  for (const c10::ShapeSymbol& size : sizes) {
    if (!size.is_static()) {
      return of_unknown_sizes(sizes, strides);
    }
    known.push_back(size.static_size());
  }
  return c10::TensorType::create(std::nullopt, std::nullopt, c10::VaryingShape<int64_t>(known),
                                 c10::VaryingShape<int64_t>(strides.vec()), std::nullopt, false,
                                 is_contiguous(known, strides.vec()))
      ->stride_properties();
}

std::optional<at::ScalarType> scalar_type_by_name(std::string_view name) {
  for (int8_t i = 0; i < static_cast<int8_t>(at::ScalarType::NumOptions); ++i) {
    const auto type = static_cast<at::ScalarType>(i);
    if (type != at::ScalarType::Undefined && name == c10::toString(type)) {
      return type;
    }
  }
  return std::nullopt;
}

c10::Device read_device(Cursor& cursor) {
  const Word start = cursor.peek();
  std::string name = cursor.expect_name("a device, such as cpu or cuda:0");
  if (cursor.skip(":")) {
    name += fmt::format(":{}", read_integer(cursor));
  }
  try {
    return c10::Device(name);
  } catch (const c10::Error&) {
    cursor.fail(start, fmt::format("{} is not a device", name));
  }
}

bool is_tensor_name(std::string_view name) {
  return name == "Tensor" || scalar_type_by_name(dtype_part(name)).has_value();
}

c10::TypePtr read_tensor_type(Cursor& cursor) {
  const Word start = cursor.next();
  if (start.text == "Tensor" && !cursor.at("(")) {
    return c10::TensorType::get();
  }
  TensorParts parts;
  parts.dtype = scalar_type_by_name(dtype_part(start.text));
  parts.ranked = !start.text.ends_with("Tensor");
  if (cursor.skip("(")) {
    parts.ranked = parts.ranked || cursor.at(")"); // Tensor() has rank 0
    comma_separated(cursor, ")", [&] { read_part(cursor, parts); });
  }
  return type_of(cursor, start, parts);
}

} // namespace tsir::ir_text

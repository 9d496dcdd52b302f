#include "lib/input/fill.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/ir/dtype_names.h"

#include <ATen/CPUGeneratorImpl.h>

#include <fstream>

namespace tsir {
namespace {

[[noreturn]] void refuse(const TensorText& text, const std::string& why) {
  throw Error(ErrorKind::usage, fmt::format("input {}: {}", describe(InputValue{text}), why));
}

// Bytes that can be had without swapping; no limit where the system does not say.
uint64_t free_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view key = "MemAvailable:";
    if (line.starts_with(key)) {
      return std::stoull(line.substr(key.size())) * 1024;
    }
  }
  return UINT64_MAX;
}

// The number of elements, once it is known that they can be held.
int64_t checked_count(const TensorText& text, size_t bytes_each) {
  uint64_t bytes = bytes_each;
  bool overflow = false;
  for (const int64_t size : text.sizes) {
    overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(std::max<int64_t>(size, 1)), &bytes);
  }
  overflow |= bytes > INT64_MAX;
  if (overflow || bytes > free_memory()) {
    refuse(text, fmt::format("too large: it needs {}, and {} of memory are free",
                             overflow ? "more than 8 EiB" : human_bytes(bytes), human_bytes(free_memory())));
  }
  return c10::multiply_integers(text.sizes);
}

bool is_float(at::ScalarType type) {
  return c10::isFloatingType(type);
}

// The dtype in which LibTorch's CPU kernels can draw and count; the result is rounded to the one wanted.
at::ScalarType working_type(at::ScalarType type) {
  if (type == at::kDouble || type == at::kComplexDouble || type == at::kComplexFloat || type == at::kByte ||
      type == at::kChar || type == at::kShort || type == at::kInt || type == at::kLong) {
    return type;
  }
  if (c10::isComplexType(type)) {
    return at::kComplexFloat;
  }
  return is_float(type) ? at::kFloat : at::kLong;
}

int64_t integer_at(const TensorText& text, size_t i) {
  if (!text.numbers[i].isIntegral(false)) {
    refuse(text, fmt::format("{} takes integers", text.fill));
  }
  return text.numbers[i].to<int64_t>();
}

void expect_numbers(const TensorText& text, size_t least, size_t most, const char* usage) {
  if (text.numbers.size() < least || text.numbers.size() > most) {
    refuse(text, fmt::format("the fill is written {}", usage));
  }
}

// Whether `number` can be said in `type` without losing its meaning.
void expect_fits(const TensorText& text, const c10::Scalar& number) {
  const bool integral = c10::isIntegralType(text.dtype, true);
  if (integral && text.dtype != at::kBool && number.isFloatingPoint()) {
    refuse(text, "an integer tensor cannot hold fractions");
  }
  const bool fits = !integral || !number.isIntegral(false) || [&] {
    const int64_t value = number.to<int64_t>();
    switch (text.dtype) {
    case at::kBool:
      return value == 0 || value == 1;
    case at::kByte:
      return value >= 0 && value <= UINT8_MAX;
    case at::kChar:
      return value >= INT8_MIN && value <= INT8_MAX;
    case at::kShort:
      return value >= INT16_MIN && value <= INT16_MAX;
    case at::kUInt16:
      return value >= 0 && value <= UINT16_MAX;
    case at::kInt:
      return value >= INT32_MIN && value <= INT32_MAX;
    case at::kUInt32:
      return value >= 0 && value <= UINT32_MAX;
    case at::kUInt64:
      return value >= 0;
    default:
      return true;
    }
  }();
  if (!fits) {
    refuse(text, fmt::format("{} does not fit into {}", number.to<int64_t>(), dtype_name(text.dtype)));
  }
}

at::Tensor random_integers(const TensorText& text, at::Generator& generator, int64_t low, int64_t high) {
  if (low >= high) {
    refuse(text, fmt::format("randint({},{}) holds no integers: the upper end is not included", low, high));
  }
  expect_fits(text, low);
  expect_fits(text, high - 1);
  return at::randint(low, high, text.sizes, generator, at::TensorOptions().dtype(working_type(text.dtype)));
}

at::Tensor given_values(const TensorText& text, int64_t count) {
  if (static_cast<int64_t>(text.numbers.size()) != count) {
    refuse(text, fmt::format("the shape holds {} values, and {} are given", count, text.numbers.size()));
  }
  // Integers go through int64: float64 would round the large ones.
  const bool integral = c10::isIntegralType(text.dtype, true);
  auto values = at::empty({count}, integral ? at::kLong : at::kDouble);
  for (int64_t i = 0; i < count; ++i) {
    const c10::Scalar& number = text.numbers[static_cast<size_t>(i)];
    expect_fits(text, number);
    if (integral) {
      values.mutable_data_ptr<int64_t>()[i] = number.to<int64_t>();
    } else {
      values.mutable_data_ptr<double>()[i] = number.to<double>();
    }
  }
  return values.reshape(text.sizes);
}

at::Tensor filled(const TensorText& text, at::Generator& generator, int64_t count) {
  const auto options = at::TensorOptions().dtype(working_type(text.dtype));
  const bool drawable = is_float(text.dtype) || c10::isComplexType(text.dtype);
  std::string fill = text.fill;
  if (fill.empty()) { // what most models take without complaint
    fill = drawable ? "randn" : "randint";
    if (!drawable) {
      return random_integers(text, generator, 0, text.dtype == at::kBool ? 2 : text.dtype == at::kByte ? 256 : 10);
    }
  }
  if (fill == "randn" || fill == "rand") {
    expect_numbers(text, 0, 0, "randn or rand, without numbers");
    if (!drawable) {
      refuse(text, fmt::format("{} draws fractions; use randint(lo,hi)", fill));
    }
    return fill == "randn" ? at::randn(text.sizes, generator, options) : at::rand(text.sizes, generator, options);
  }
  if (fill == "randint") {
    expect_numbers(text, 1, 2, "randint(hi) or randint(lo,hi), hi not included");
    const bool from_zero = text.numbers.size() == 1;
    return random_integers(text, generator, from_zero ? 0 : integer_at(text, 0), integer_at(text, from_zero ? 0 : 1));
  }
  if (fill == "zeros" || fill == "ones") {
    expect_numbers(text, 0, 0, "zeros or ones, without numbers");
    return fill == "zeros" ? at::zeros(text.sizes, options) : at::ones(text.sizes, options);
  }
  if (fill == "full") {
    expect_numbers(text, 1, 1, "full(value)");
    expect_fits(text, text.numbers[0]);
    return at::full(text.sizes, text.numbers[0], options);
  }
  if (fill == "arange") {
    expect_numbers(text, 0, 0, "arange, which counts from 0");
    expect_fits(text, std::max<int64_t>(count - 1, 0));
    return at::arange(count, options).reshape(text.sizes);
  }
  if (fill == "values") {
    return given_values(text, count);
  }
  refuse(text, fmt::format("no fill \"{}\": use randn, rand, zeros, ones, full(v), arange, randint(lo,hi) or [values]",
                           one_line(fill, 40)));
}

} // namespace

at::Generator make_generator(uint64_t seed, size_t argument) {
  // One step of splitmix64: neighbouring seeds and places give unrelated streams.
  uint64_t mixed = seed + (argument + 1) * 0x9E3779B97F4A7C15ULL;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return at::detail::createCPUGenerator(mixed ^ (mixed >> 31));
}

at::Tensor make_tensor(const TensorText& text, at::Generator& generator) {
  if (c10::isQIntType(text.dtype)) {
    refuse(text, "quantised tensors have no text form: put it into a file for " + spelled(Setting::inputs_file));
  }
  const auto working = text.fill == "values" ? at::kDouble : working_type(text.dtype);
  const bool converts = working != text.dtype;
  const auto width = c10::elementSize(text.dtype) + (converts ? c10::elementSize(working) : 0);
  const int64_t count = checked_count(text, width);
  try {
    return filled(text, generator, count).to(text.dtype);
  } catch (const c10::Error& error) {
    refuse(text, one_line(error));
  }
}

} // namespace tsir

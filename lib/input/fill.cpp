#include "lib/input/fill.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/ir/dtype_names.h"
#include "lib/process/resources.h"

#include <ATen/CPUGeneratorImpl.h>

#include <fmt/ranges.h>

#include <functional>

namespace tsir {
namespace {

[[noreturn]] void refuse(const TensorText& text, const std::string& why) {
  throw Error(ErrorKind::usage, fmt::format("input {}: {}", describe(InputValue{text}), why));
}

// In bytes; no limit if the system does not report it.
uint64_t free_memory() {
  const uint64_t bytes = available_memory();
  return bytes == 0 ? UINT64_MAX : bytes;
}

// Throws if the tensor does not fit into memory. `bytes_each` is the size of one element.
void expect_memory(const TensorText& text, size_t bytes_each) {
  uint64_t bytes = bytes_each;
  bool overflow = false;
  for (const int64_t size : text.sizes) {
    overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(std::max<int64_t>(size, 1)), &bytes);
  }
  overflow |= bytes > INT64_MAX;
  if (overflow || bytes > free_memory()) {
    refuse(text, fmt::format("too large: it needs {}, but only {} of memory are free",
                             overflow ? "more than 8 EiB" : human_bytes(bytes), human_bytes(free_memory())));
  }
}

// Whether the type is floating point or complex.
bool is_fractional(at::ScalarType type) {
  return c10::isFloatingType(type) || c10::isComplexType(type);
}

// A dtype for which LibTorch's CPU kernels can generate values; the result is converted to the requested one.
at::ScalarType working_type(at::ScalarType type) {
  if (type == at::kDouble || type == at::kComplexDouble || type == at::kComplexFloat || type == at::kByte ||
      type == at::kChar || type == at::kShort || type == at::kInt || type == at::kLong) {
    return type;
  }
  if (c10::isComplexType(type)) {
    return at::kComplexFloat;
  }
  return is_fractional(type) ? at::kFloat : at::kLong;
}

at::TensorOptions working_options(const TensorText& text) {
  return at::TensorOptions().dtype(working_type(text.dtype));
}

// Throws if the dtype cannot represent the number.
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
    refuse(text, fmt::format("randint({},{}) is empty: the upper bound is excluded", low, high));
  }
  expect_fits(text, low);
  expect_fits(text, high - 1);
  return at::randint(low, high, text.sizes, generator, working_options(text));
}

int64_t integer_at(const TensorText& text, size_t i) {
  if (!text.numbers[i].isIntegral(false)) {
    refuse(text, fmt::format("{} requires integers", text.fill->name));
  }
  return text.numbers[i].to<int64_t>();
}

at::Tensor fill_randn(const TensorText& text, at::Generator& generator) {
  return at::randn(text.sizes, generator, working_options(text));
}

at::Tensor fill_rand(const TensorText& text, at::Generator& generator) {
  return at::rand(text.sizes, generator, working_options(text));
}

at::Tensor fill_zeros(const TensorText& text, at::Generator&) {
  return at::zeros(text.sizes, working_options(text));
}

at::Tensor fill_ones(const TensorText& text, at::Generator&) {
  return at::ones(text.sizes, working_options(text));
}

at::Tensor fill_full(const TensorText& text, at::Generator&) {
  expect_fits(text, text.numbers[0]);
  return at::full(text.sizes, text.numbers[0], working_options(text));
}

at::Tensor fill_arange(const TensorText& text, at::Generator&) {
  const int64_t count = c10::multiply_integers(text.sizes);
  expect_fits(text, std::max<int64_t>(count - 1, 0));
  return at::arange(count, working_options(text)).reshape(text.sizes);
}

at::Tensor fill_randint_below(const TensorText& text, at::Generator& generator) {
  return random_integers(text, generator, 0, integer_at(text, 0));
}

at::Tensor fill_randint(const TensorText& text, at::Generator& generator) {
  return random_integers(text, generator, integer_at(text, 0), integer_at(text, 1));
}

at::Tensor fill_values(const TensorText& text, at::Generator&) {
  const int64_t count = c10::multiply_integers(text.sizes);
  if (static_cast<int64_t>(text.numbers.size()) != count) {
    refuse(text, fmt::format("the shape has {} values, but {} are given", count, text.numbers.size()));
  }
  // Integers are converted through int64, because float64 would round large ones.
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

// The default without a fill: values that suit most models.
at::Tensor fill_by_dtype(const TensorText& text, at::Generator& generator) {
  if (is_fractional(text.dtype)) {
    return fill_randn(text, generator);
  }
  return random_integers(text, generator, 0, text.dtype == at::kBool ? 2 : text.dtype == at::kByte ? 256 : 10);
}

void expect_suitable(const TensorText& text) {
  const Fill& fill = *text.fill;
  if (fill.dtypes == FillDtypes::fractional && !is_fractional(text.dtype)) {
    refuse(text, fmt::format("{} generates fractions; use randint(lo,hi)", fill.name));
  }
  if (fill.dtypes == FillDtypes::real && c10::isComplexType(text.dtype)) {
    refuse(text, fmt::format("{} generates real numbers; use randn or rand for complex ones", fill.name));
  }
}

std::string joined_forms(const std::vector<std::string_view>& forms) {
  const std::string last(forms.back());
  return forms.size() == 1 ? last
                           : fmt::format("{} or {}", fmt::join(forms.begin(), std::prev(forms.end()), ", "), last);
}

} // namespace

at::Generator make_generator(uint64_t seed, size_t argument) {
  // One step of splitmix64: neighbouring seeds and positions give unrelated streams.
  uint64_t mixed = seed + (argument + 1) * 0x9E3779B97F4A7C15ULL;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return at::detail::createCPUGenerator(mixed ^ (mixed >> 31));
}

std::string_view to_string(FillDtypes dtypes) {
  switch (dtypes) {
  case FillDtypes::any:
    return "any";
  case FillDtypes::real:
    return "all but complex";
  case FillDtypes::fractional:
    return "floating point and complex";
  }
  return "?";
}

const std::vector<Fill>& fills() {
  static const std::vector<Fill> table = {
      {"randn", "randn", "random numbers of the standard normal distribution", FillDtypes::fractional,
       "float32[1,3,224,224]=randn", 0, fill_randn},
      {"rand", "rand", "random numbers from 0 up to, but not including, 1", FillDtypes::fractional,
       "float32[1,3,224,224]=rand", 0, fill_rand},
      {"zeros", "zeros", "0 everywhere", FillDtypes::any, "float32[2,5]=zeros", 0, fill_zeros},
      {"ones", "ones", "1 everywhere", FillDtypes::any, "int64[1,128]=ones", 0, fill_ones},
      {"full", "full(v)", "v everywhere", FillDtypes::any, "float32[2,5]=full(0.5)", 1, fill_full},
      {"arange", "arange", "0, 1, 2, … in row-major order", FillDtypes::real, "int64[1,128]=arange", 0, fill_arange},
      {"randint", "randint(hi)", "random integers from 0 up to, but not including, hi", FillDtypes::real,
       "uint8[1,3,64,64]=randint(256)", 1, fill_randint_below},
      {"randint", "randint(lo,hi)", "random integers from lo up to, but not including, hi", FillDtypes::real,
       "int64[1,128]=randint(0,30522)", 2, fill_randint},
      {"", "[v,…]", "these values in row-major order; inner brackets are optional, and so are all for a single value",
       FillDtypes::any, "int64[2]=[100,80]", 0, fill_values},
  };
  return table;
}

const Fill& find_fill(std::string_view name, size_t arguments) {
  std::vector<std::string_view> forms;
  for (const Fill& fill : fills()) {
    if (fill.is_values() || fill.name != name) {
      continue;
    }
    if (fill.arguments == arguments) {
      return fill;
    }
    forms.push_back(fill.form);
  }
  if (forms.empty()) {
    throw Error(ErrorKind::usage, fmt::format("unknown fill \"{}\" (known: {})", one_line(name, 40), fill_forms()));
  }
  throw Error(ErrorKind::usage, fmt::format("the fill must be written as {}", joined_forms(forms)));
}

const Fill& values_fill() {
  return *std::find_if(fills().begin(), fills().end(), std::mem_fn(&Fill::is_values));
}

std::string fill_forms() {
  std::vector<std::string_view> forms;
  for (const Fill& fill : fills()) {
    forms.push_back(fill.form);
  }
  return joined_forms(forms);
}

at::Tensor make_tensor(const TensorText& text, at::Generator& generator) {
  if (c10::isQIntType(text.dtype)) {
    refuse(text, fmt::format("quantised tensors cannot be written as text; give them in a file with {}",
                             spelled(Setting::inputs_file)));
  }
  if (text.fill != nullptr) {
    expect_suitable(text);
  }
  const bool values = text.fill != nullptr && text.fill->is_values();
  const auto working = values ? at::kDouble : working_type(text.dtype);
  const bool converts = working != text.dtype;
  expect_memory(text, c10::elementSize(text.dtype) + (converts ? c10::elementSize(working) : 0));
  const auto make = text.fill != nullptr ? text.fill->make : fill_by_dtype;
  try {
    return make(text, generator).to(text.dtype);
  } catch (const c10::Error& error) {
    refuse(text, one_line(error));
  }
}

} // namespace tsir

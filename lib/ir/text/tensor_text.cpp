#include "lib/ir/text/tensor_text.h"

#include "lib/ir/text/numbers.h"

#include <cerrno>
#include <cstring>

namespace tsir::ir_text {
namespace {

constexpr int64_t most_numbers = 10; // LibTorch prints this many

bool is_floating(at::ScalarType dtype) {
  return at::isFloatingType(dtype) || at::isComplexType(dtype);
}

std::optional<int64_t> count_of(at::IntArrayRef sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes) {
    if (size < 0 || (size > 0 && count > INT64_MAX / size)) {
      return std::nullopt;
    }
    count *= size;
  }
  return count;
}

// The upper half of uint64 wraps around, as in the conversion from int64.
std::optional<int64_t> wrapped_integer(const std::string& text) {
  if (const auto number = integer_of(text)) {
    return number;
  }
  errno = 0;
  char* end = nullptr;
  const uint64_t number = std::strtoull(text.c_str(), &end, 10);
  const bool whole = errno == 0 && *end == '\0' && !text.empty() && text[0] != '-';
  return whole ? std::optional(static_cast<int64_t>(number)) : std::nullopt;
}

template <class Number, class Read>
std::optional<std::vector<Number>> all_of(const std::vector<std::string>& texts, const Read& read) {
  std::vector<Number> numbers;
  numbers.reserve(texts.size());
  for (const std::string& text : texts) {
    const auto number = read(text);
    if (!number) {
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<at::Tensor> plain_tensor_of(at::ScalarType dtype, const std::vector<std::string>& texts) {
  if (!is_floating(dtype)) {
    const auto numbers = all_of<int64_t>(texts, wrapped_integer);
    return numbers ? std::optional(at::tensor(*numbers, at::kLong)) : std::nullopt;
  }
  const auto numbers = all_of<double>(texts, double_of);
  if (!numbers) {
    return std::nullopt;
  }
  const at::Tensor tensor = at::tensor(*numbers, at::kDouble);
  return at::isComplexType(dtype) ? at::view_as_complex(tensor.reshape({-1, 2})) : tensor;
}

// The shortest text that is read back as the same number in the tensor's dtype.
std::string shortest(double number, at::ScalarType dtype) {
  if (std::isnan(number)) {
    return double_text(number);
  }
  return dtype == at::kDouble || dtype == at::kComplexDouble ? fmt::format("{}", number)
                                                             : fmt::format("{}", static_cast<float>(number));
}

std::vector<std::string> number_texts(const at::Tensor& tensor) {
  const at::ScalarType dtype = tensor.scalar_type();
  std::vector<std::string> texts;
  if (is_floating(dtype)) {
    const at::Tensor plain = at::isComplexType(dtype) ? at::view_as_real(tensor.to(at::kComplexDouble)).contiguous()
                                                      : tensor.to(at::kDouble).contiguous();
    for (int64_t i = 0; i < plain.numel(); ++i) {
      texts.push_back(shortest(plain.const_data_ptr<double>()[i], dtype));
    }
    return texts;
  }
  const at::Tensor plain = tensor.to(at::kLong).contiguous();
  for (int64_t i = 0; i < plain.numel(); ++i) {
    const int64_t number = plain.const_data_ptr<int64_t>()[i];
    texts.push_back(dtype == at::kUInt64 ? fmt::format("{}", static_cast<uint64_t>(number))
                                         : fmt::format("{}", number));
  }
  return texts;
}

bool is_same(const at::Tensor& tensor, const std::optional<at::Tensor>& other) {
  return other && tensor.scalar_type() == other->scalar_type() && tensor.sizes() == other->sizes() &&
         (tensor.numel() == 0 || std::memcmp(tensor.const_data_ptr(), other->const_data_ptr(), tensor.nbytes()) == 0);
}

// A tensor that autograd computed (such as a folded bias) is read back as a leaf, because a constant does not have a
// history.
bool is_plain(const at::Tensor& tensor) {
  return tensor.defined() && tensor.layout() == at::kStrided && tensor.device().is_cpu() && !tensor.is_quantized() &&
         tensor.has_storage() && tensor.is_contiguous() && !tensor.is_conj() && !tensor.is_neg() &&
         !tensor.unsafeGetTensorImpl()->is_wrapped_number();
}

// The number alone, as LibTorch prints it. Six digits are usually enough.
std::string braced(const at::Tensor& tensor) {
  std::ostringstream text;
  if (is_floating(tensor.scalar_type())) {
    text << tensor.to(at::kDouble).item<double>();
  } else {
    text << tensor.to(at::kLong).item<int64_t>();
  }
  return text.str();
}

std::string written_out(const at::Tensor& tensor) {
  std::string type = fmt::format("{}", fmt::join(tensor.sizes(), ", "));
  if (tensor.requires_grad()) {
    type += type.empty() ? "requires_grad=1" : ", requires_grad=1";
  }
  return fmt::format("tensor({}({}), [{}])", c10::toString(tensor.scalar_type()), type,
                     fmt::join(number_texts(tensor), ", "));
}

} // namespace

std::optional<at::Tensor> tensor_of_numbers(at::ScalarType dtype, at::IntArrayRef sizes,
                                            const std::vector<std::string>& numbers) {
  const auto count = count_of(sizes);
  const size_t of_one = at::isComplexType(dtype) ? 2 : 1;
  if (!count || static_cast<uint64_t>(*count) != numbers.size() / of_one || numbers.size() % of_one != 0) {
    return std::nullopt;
  }
  const auto plain = plain_tensor_of(dtype, numbers);
  return plain ? std::optional(plain->to(dtype).reshape(sizes).clone()) : std::nullopt;
}

std::optional<at::Tensor> tensor_of_number(const std::string& number, const c10::TypePtr& type) {
  const auto tensor_type = type ? type->cast<c10::TensorType>() : nullptr;
  const auto dtype = tensor_type ? tensor_type->scalarType() : std::nullopt;
  const auto sizes = tensor_type ? tensor_type->sizes().concrete_sizes() : std::nullopt;
  return tensor_of_numbers(dtype.value_or(is_integer_text(number) ? at::kLong : at::kFloat),
                           sizes.value_or(std::vector<int64_t>{}), {number});
}

std::optional<std::string> small_tensor_text(const at::Tensor& tensor, const c10::TypePtr& type) {
  if (!is_plain(tensor) || tensor.numel() > most_numbers) {
    return std::nullopt;
  }
  const at::NoGradGuard no_grad;
  try {
    if (tensor.numel() == 1 && !at::isComplexType(tensor.scalar_type()) && !tensor.requires_grad()) {
      const std::string number = braced(tensor);
      if (is_same(tensor, tensor_of_number(number, type))) {
        return fmt::format("{{{}}}", number);
      }
    }
    if (is_same(tensor, tensor_of_numbers(tensor.scalar_type(), tensor.sizes(), number_texts(tensor)))) {
      return written_out(tensor);
    }
  } catch (const c10::Error&) { // a dtype that cannot be converted
  }
  return std::nullopt;
}

} // namespace tsir::ir_text

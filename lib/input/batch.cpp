#include "lib/input/batch.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/fill.h"
#include "lib/input/fit.h"

#include <charconv>

namespace tsir {
namespace {

[[noreturn]] void refuse_batch(const std::string& text, std::string_view part) {
  throw Error(ErrorKind::usage, fmt::format("{} {}: '{}' is not a dimension (0 or more), NAME=DIMENSION "
                                            "or NAME=none",
                                            spelled(Setting::batch_dim), text, part));
}

std::optional<int64_t> parse_dimension(std::string_view text) {
  int64_t dimension = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), dimension);
  const bool good = failed == std::errc() && end == text.data() + text.size() && dimension >= 0 && dimension < 64;
  return good ? std::optional(dimension) : std::nullopt;
}

void check_size(const InputValue& value, const std::vector<int64_t>& sizes, int64_t dimension, bool filled) {
  const auto index = static_cast<size_t>(dimension);
  if (index >= sizes.size()) {
    throw InputMismatch{fmt::format("{} has no dimension {}", describe(value), dimension)};
  }
  if (!filled && sizes[index] == 0) {
    throw InputMismatch{fmt::format("{} has nothing to repeat in dimension {}", describe(value), dimension)};
  }
}

at::Tensor repeated(const at::Tensor& tensor, int64_t dimension, int64_t size) {
  const at::Tensor places = at::arange(size, at::kLong).remainder(tensor.size(dimension));
  return tensor.index_select(dimension, places.to(tensor.device()));
}

// Whether there is a value for each element of the shape. If not, filling the tensor reports the error.
bool complete(const TensorText& text) {
  size_t count = 1;
  for (const int64_t part : text.sizes) {
    count *= static_cast<size_t>(part);
    if (count > text.numbers.size()) {
      return false;
    }
  }
  return count == text.numbers.size();
}

// The values of a text that lists them, repeated like the elements of a tensor in `repeated`.
std::vector<c10::Scalar> repeated(const TensorText& text, int64_t dimension, int64_t size) {
  const at::Tensor places = at::arange(static_cast<int64_t>(text.numbers.size()), at::kLong).reshape(text.sizes);
  const at::Tensor chosen = repeated(places, dimension, size).reshape({-1});
  std::vector<c10::Scalar> numbers;
  for (int64_t i = 0; i < chosen.numel(); ++i) {
    numbers.push_back(text.numbers[static_cast<size_t>(chosen[i].item<int64_t>())]);
  }
  return numbers;
}

} // namespace

std::optional<int64_t> BatchDimensions::of(const std::string& argument) const {
  const auto found = by_name.find(argument);
  return found == by_name.end() ? std::optional(others) : found->second;
}

BatchDimensions parse_batch_dimensions(const std::string& text) {
  BatchDimensions dimensions;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const size_t equals = part.find('=');
    const std::string value = equals == std::string::npos ? part : part.substr(equals + 1);
    const auto dimension = parse_dimension(value);
    const bool none = value == "none" && equals != std::string::npos;
    if ((!dimension && !none) || equals == 0) {
      refuse_batch(text, part);
    }
    if (equals == std::string::npos) {
      dimensions.others = *dimension;
    } else {
      dimensions.by_name[part.substr(0, equals)] = dimension;
    }
    begin = end + 1;
  }
  return dimensions;
}

size_t resize_tensors(InputValue& value, int64_t dimension, int64_t size) {
  size_t found = 0;
  const auto all = [&](std::vector<InputValue>& elements) {
    for (InputValue& element : elements) {
      found += resize_tensors(element, dimension, size);
    }
  };
  if (auto* text = std::get_if<TensorText>(&value.value); text != nullptr && !text->sizes.empty()) {
    const bool values = text->fill != nullptr && text->fill->is_values();
    check_size(value, text->sizes, dimension, !values);
    if (values) {
      if (!complete(*text)) {
        return 1;
      }
      text->numbers = repeated(*text, dimension, size);
    }
    text->sizes[static_cast<size_t>(dimension)] = size;
    return 1;
  }
  if (auto* tensor = std::get_if<at::Tensor>(&value.value); tensor != nullptr && tensor->dim() > 0) {
    check_size(value, tensor->sizes().vec(), dimension, false);
    *tensor = repeated(*tensor, dimension, size);
    return 1;
  }
  if (auto* list = std::get_if<InputList>(&value.value)) {
    all(list->elements);
  } else if (auto* tuple = std::get_if<InputTuple>(&value.value)) {
    all(tuple->elements);
  } else if (auto* dict = std::get_if<InputDict>(&value.value)) {
    for (auto& [key, element] : dict->entries) {
      found += resize_tensors(element, dimension, size);
    }
  }
  return found;
}

} // namespace tsir

#include "lib/verify/layout.h"

#include <fmt/ostream.h>

namespace tsir {
namespace {

std::string stride_text(const at::Tensor& tensor) {
  if (tensor.layout() != at::kStrided) {
    return fmt::format("{}", fmt::streamed(tensor.layout()));
  }
  // The stride of a dimension of one element has no meaning.
  std::vector<std::string> strides;
  for (int64_t axis = 0; axis < tensor.dim(); ++axis) {
    strides.push_back(tensor.size(axis) == 1 ? "-" : fmt::to_string(tensor.stride(axis)));
  }
  return fmt::format("[{}]", fmt::join(strides, ","));
}

const void* storage_of(const at::Tensor& tensor) {
  return tensor.has_storage() && tensor.numel() > 0 ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

void visit_elements(const std::string& path, c10::ArrayRef<c10::IValue> elements, const TensorVisitor& visit) {
  for (size_t i = 0; i < elements.size(); ++i) {
    visit_tensors(fmt::format("{}, element {}", path, i), elements[i], visit);
  }
}

} // namespace

void visit_tensors(const std::string& path, const c10::IValue& value, const TensorVisitor& visit) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) {
      visit(path, value.toTensor());
    }
  } else if (value.isTuple()) {
    visit_elements(path, value.toTupleRef().elements(), visit);
  } else if (value.isList()) {
    const auto list = value.toList();
    for (size_t i = 0; i < list.size(); ++i) {
      visit_tensors(fmt::format("{}, element {}", path, i), list.get(i), visit);
    }
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      visit_tensors(fmt::format("{}, key {}", path, fmt::streamed(entry.key())), entry.value(), visit);
    }
  } else if (value.isFuture()) {
    value.toFuture()->waitAndThrow();
    visit_tensors(path, value.toFuture()->value(), visit);
  }
}

void LayoutReader::add(const std::string& path, const c10::IValue& value) {
  visit_tensors(path, value, [&](const std::string& where, const at::Tensor& tensor) {
    if (where.starts_with("output")) {
      strides_[where] = stride_text(tensor);
    }
    if (const void* storage = storage_of(tensor)) {
      by_storage_[storage].push_back(where);
    }
  });
}

Layout LayoutReader::layout() const {
  Layout found{strides_, {}};
  for (const auto& [storage, paths] : by_storage_) {
    for (size_t i = 0; i < paths.size(); ++i) {
      for (size_t j = i + 1; j < paths.size(); ++j) {
        found.shared.insert(std::minmax(paths[i], paths[j]));
      }
    }
  }
  return found;
}

} // namespace tsir

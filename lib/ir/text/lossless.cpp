#include "lib/ir/text/lossless.h"

#include "lib/ir/text/tensor_text.h"

namespace tsir::ir_text {
namespace {

// Whether a value is mutable. A tuple is not, but its elements may be.
bool can_change(const c10::IValue& value) {
  return value.isTensor() || value.isList() || value.isGenericDict() || value.isObject();
}

bool has_plain_storage(const at::Tensor& tensor) {
  return tensor.defined() && tensor.layout() == at::kStrided && tensor.has_storage() && !tensor.is_quantized() &&
         !tensor.is_meta() && tensor.storage().nbytes() % tensor.element_size() == 0;
}

at::Tensor all_of_storage(const at::Tensor& tensor) {
  const at::NoGradGuard no_grad;
  const auto count = static_cast<int64_t>(tensor.storage().nbytes() / tensor.element_size());
  return at::empty({0}, tensor.options().requires_grad(false)).set_(tensor.storage(), 0, {count}, {1});
}

} // namespace

SharedValues::Identity SharedValues::identity(const c10::IValue& value) {
  return c10::IValue::HashIdentityIValue{}(value);
}

bool SharedValues::first_visit(const c10::IValue& value) {
  if (!can_change(value) || (value.isTensor() && !value.toTensor().defined())) {
    return true;
  }
  if (++places_[identity(value)] > 1) {
    return false;
  }
  alive_.push_back(value);
  return true;
}

void SharedValues::add_tensor(const at::Tensor& tensor) {
  if (!has_plain_storage(tensor)) {
    return;
  }
  const void* storage = tensor.storage().unsafeGetStorageImpl();
  if (first_in_storage_.emplace(storage, tensor).second || whole_storages_.contains(storage)) {
    return;
  }
  const at::Tensor whole = all_of_storage(tensor);
  whole_storages_.emplace(storage, whole);
  places_[identity(whole)] = 2;
}

void SharedValues::add(const c10::IValue& value) {
  if (!first_visit(value)) {
    return;
  }
  if (value.isTensor()) {
    add_tensor(value.toTensor());
  } else if (value.isTuple()) {
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      add(element);
    }
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) {
      add(element);
    }
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      add(entry.key());
      add(entry.value());
    }
  } else if (value.isObject()) {
    for (const c10::IValue& slot : value.toObjectRef().slots()) {
      add(slot);
    }
  }
}

void SharedValues::add_constant(const c10::IValue& value) {
  if (value.isTensor() ? !small_tensor_text(value.toTensor(), nullptr) : value.isObject()) {
    add(value);
  } else if (value.isTuple()) {
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      add_constant(element);
    }
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) {
      add_constant(element);
    }
  }
}

std::string SharedValues::reference(const c10::IValue& value) const {
  const auto found = can_change(value) ? numbers_.find(identity(value)) : numbers_.end();
  return found == numbers_.end() ? "" : fmt::format("*{}", found->second);
}

std::string SharedValues::mark(const c10::IValue& value) {
  const auto found = can_change(value) ? places_.find(identity(value)) : places_.end();
  if (found == places_.end() || found->second < 2) {
    return "";
  }
  const size_t number = numbers_.size() + 1;
  numbers_.emplace(found->first, number);
  return fmt::format("&{} ", number);
}

std::optional<at::Tensor> SharedValues::whole_storage(const at::Tensor& tensor) const {
  if (!has_plain_storage(tensor)) {
    return std::nullopt;
  }
  const auto found = whole_storages_.find(tensor.storage().unsafeGetStorageImpl());
  return found == whole_storages_.end() || found->second.is_same(tensor) ? std::nullopt : std::optional(found->second);
}

void SharedSizes::add(const c10::TensorType& type) {
  const auto sizes = type.symbolic_sizes().sizes();
  for (const c10::ShapeSymbol& size : sizes ? *sizes : std::vector<c10::ShapeSymbol>()) {
    if (!size.is_static()) {
      ++places_[size.value()];
    }
  }
}

std::string SharedSizes::text(const c10::ShapeSymbol& size) {
  if (size.is_static()) {
    return fmt::format("{}", size.static_size());
  }
  const auto found = places_.find(size.value());
  if (found == places_.end() || found->second < 2) {
    return "*";
  }
  return fmt::format("SS(-{})", numbers_.emplace(size.value(), numbers_.size() + 1).first->second);
}

} // namespace tsir::ir_text

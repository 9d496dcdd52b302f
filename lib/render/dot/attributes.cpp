#include "lib/render/dot/attributes.h"

#include "lib/render/dot/text.h"

namespace tsir {
namespace {

// Objects whose __setstate__ was not run may have unset slots, or fewer slots than their class declares.
std::optional<c10::IValue> slot(const c10::IValue& value, const std::string& name) {
  if (!value.isObject()) {
    return std::nullopt;
  }
  const auto& object = value.toObjectRef();
  const auto index = object.type()->findAttributeSlot(name);
  if (!index || *index >= object.slots().size()) {
    return std::nullopt;
  }
  return object.slots()[*index];
}

class ParameterCount {
public:
  uint64_t of(const c10::ivalue::Object& object) {
    if (!seen_.insert(&object).second) {
      return 0;
    }
    uint64_t count = 0;
    const auto type = object.type();
    const size_t slots = std::min(object.slots().size(), type->numAttributes());
    for (size_t i = 0; i < slots; ++i) {
      const c10::IValue& value = object.slots()[i];
      if (value.isObject()) {
        count += of(value.toObjectRef());
      } else if (value.isTensor() && type->is_parameter(i) &&
                 seen_.insert(value.toTensor().unsafeGetTensorImpl()).second) {
        count += static_cast<uint64_t>(value.toTensor().numel());
      }
    }
    return count;
  }

private:
  std::unordered_set<const void*> seen_;
};

} // namespace

std::string AttributeAt::path_text() const {
  return fmt::format("{}", fmt::join(path, "."));
}

std::string AttributeAt::owner_text() const {
  return path.empty() ? "" : fmt::format("{}", fmt::join(path.begin(), path.end() - 1, "."));
}

bool AttributeAt::is_module() const {
  const auto class_type = type->cast<c10::ClassType>();
  return class_type != nullptr && (class_type->is_module() || class_type->numAttributes() > 0 || path.empty());
}

AttributeAt AttributeAt::member(const std::string& name, const c10::TypePtr& type_of_member) const {
  AttributeAt result{path, value ? slot(*value, name) : std::nullopt, type_of_member, nullptr};
  result.path.push_back(name);
  return result;
}

std::string describe(const AttributeAt& attribute) {
  if (!attribute.value || attribute.value->isObject()) {
    return type_text(*attribute.type);
  }
  if (attribute.value->isTensor()) {
    return attribute.value->toTensor().defined() ? constant_text(*attribute.value) : "Tensor";
  }
  return shortened(type_text(*attribute.type) + " = " + constant_text(*attribute.value), 60);
}

uint64_t elements_of(const AttributeAt& attribute) {
  const bool is_tensor = attribute.value && attribute.value->isTensor() && attribute.value->toTensor().defined();
  return is_tensor ? static_cast<uint64_t>(attribute.value->toTensor().numel()) : 0;
}

uint64_t parameters_of(const AttributeAt& module) {
  return module.value && module.value->isObject() ? ParameterCount().of(module.value->toObjectRef()) : 0;
}

} // namespace tsir

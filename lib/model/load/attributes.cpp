#include "lib/model/load/attributes.h"

#include "lib/base/error.h"

namespace tsir {
namespace {

class Walk {
public:
  explicit Walk(const InspectedModule& inspected) : inspected_(inspected) {
    for (const auto& unset : inspected.unset_objects) {
      states_.emplace(unset.object.get(), &unset.state);
    }
  }

  std::vector<Attribute> run() {
    const auto& root = *inspected_.module._ivalue();
    paths_.emplace(&root, "the module itself");
    if (const auto state = states_.find(&root); state != states_.end()) {
      unset(*state->second, "");
    } else {
      object(root, "");
    }
    return std::move(found_);
  }

private:
  void object(const c10::ivalue::Object& holder, const std::string& prefix) {
    const auto type = holder.type();
    const auto& slots = holder.slots();
    for (size_t i = 0; i < type->numAttributes() && i < slots.size(); ++i) {
      attribute(*type, i, slots[i], prefix);
    }
  }

  void attribute(const c10::ClassType& holder, size_t slot, const c10::IValue& value, const std::string& prefix) {
    Attribute attribute{.path = prefix + holder.getAttributeName(slot),
                        .type = holder.getAttribute(slot)->repr_str(),
                        .kind = AttributeKind::attribute,
                        .value = value,
                        .shared_with = ""};
    if (value.isTensor()) {
      attribute.kind = holder.is_parameter(slot) ? AttributeKind::parameter : AttributeKind::buffer;
    }
    if (!value.isObject()) {
      found_.push_back(std::move(attribute));
      return;
    }
    nested(std::move(attribute));
  }

  // Adds a submodule, or an object of another class.
  void nested(Attribute attribute) {
    const auto& inner = attribute.value.toObjectRef();
    attribute.type = short_class(*inner.type());
    attribute.kind = inner.type()->is_module() ? AttributeKind::module : AttributeKind::attribute;
    const auto [first, is_new] = paths_.emplace(&inner, attribute.path);
    attribute.shared_with = is_new ? "" : first->second;
    const auto state = states_.find(&inner);
    const std::string path = attribute.path;
    found_.push_back(std::move(attribute));
    if (is_new && state != states_.end()) {
      unset(*state->second, path);
    } else if (is_new) {
      object(inner, path + ".");
    }
  }

  void unset(const c10::IValue& state, const std::string& path) {
    found_.push_back(
        {path.empty() ? "<state>" : path + ".<state>", "for __setstate__", AttributeKind::unset, state, ""});
    nested_in_state(state, path);
  }

  // Objects within a state, such as LibTorch's packed weights, have states too.
  void nested_in_state(const c10::IValue& value, const std::string& path) {
    if (value.isObject()) {
      nested({path.empty() ? "<state>" : path + ".<state>", "", AttributeKind::attribute, value, ""});
    } else if (value.isTuple()) {
      for (const auto& item : value.toTupleRef().elements()) {
        nested_in_state(item, path);
      }
    }
  }

  const InspectedModule& inspected_;
  std::unordered_map<const c10::ivalue::Object*, const c10::IValue*> states_;
  std::unordered_map<const c10::ivalue::Object*, std::string> paths_;
  std::vector<Attribute> found_;
};

// Pushes the values inside a value onto the caller's stack.
void add_items(const c10::IValue& value, std::vector<c10::IValue>& pending) {
  if (value.isList()) {
    for (const c10::IValue& item : value.toListRef()) {
      pending.push_back(item);
    }
  } else if (value.isTuple()) {
    const auto& items = value.toTupleRef().elements();
    pending.insert(pending.end(), items.begin(), items.end());
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      pending.push_back(entry.value());
    }
  } else if (value.isObject()) {
    const auto& slots = value.toObjectRef().slots();
    pending.insert(pending.end(), slots.begin(), slots.end());
  }
}

} // namespace

std::string_view to_string(AttributeKind kind) {
  switch (kind) {
  case AttributeKind::parameter:
    return "parameter";
  case AttributeKind::buffer:
    return "buffer";
  case AttributeKind::attribute:
    return "attribute";
  case AttributeKind::module:
    return "module";
  case AttributeKind::unset:
    return "unset";
  }
  return "";
}

std::vector<Attribute> attributes_of(const InspectedModule& inspected) {
  return Walk(inspected).run();
}

std::vector<at::Tensor> tensors_in(const c10::IValue& value) {
  std::vector<at::Tensor> tensors;
  std::vector<c10::IValue> pending = {value};
  // Malicious files share lists so often that visiting every path would not finish.
  std::unordered_set<const void*> seen;
  while (!pending.empty()) {
    const c10::IValue item = std::move(pending.back());
    pending.pop_back();
    if (item.isPtrType() && !item.isTensor() && !seen.insert(item.internalToPointer()).second) {
      continue;
    }
    if (item.isTensor()) {
      if (item.toTensor().defined() && seen.insert(item.toTensor().unsafeGetTensorImpl()).second) {
        tensors.push_back(item.toTensor());
      }
    } else {
      add_items(item, pending);
    }
  }
  return tensors;
}

std::string saved_device(const InspectedModule& inspected, const at::Tensor& tensor) {
  if (!tensor.has_storage()) {
    return "cpu";
  }
  const auto found = inspected.saved_devices.find(tensor.storage().data());
  return found == inspected.saved_devices.end() ? "cpu" : one_line(found->second, 40);
}

uint64_t tensor_bytes(const at::Tensor& tensor) {
  if (tensor.layout() == c10::kStrided) {
    const uint64_t elements = static_cast<uint64_t>(tensor.numel()) * tensor.itemsize();
    return tensor.has_storage() ? std::min<uint64_t>(elements, tensor.storage().nbytes()) : elements;
  }
  if (tensor.layout() == c10::kSparse) {
    return tensor_bytes(tensor._indices()) + tensor_bytes(tensor._values());
  }
  if (tensor.layout() == c10::kSparseCsr) {
    return tensor_bytes(tensor.crow_indices()) + tensor_bytes(tensor.col_indices()) + tensor_bytes(tensor.values());
  }
  return 0;
}

std::string short_class(const c10::Type& type) {
  const auto* named = type.castRaw<c10::NamedType>();
  std::string name = named && named->name() ? named->name()->qualifiedName() : type.repr_str();
  constexpr std::string_view prefix = "__torch__.";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

} // namespace tsir

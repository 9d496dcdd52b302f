#include "lib/run/state_writes.h"

#include "lib/run/compare.h"
#include "lib/run/state.h"

namespace tsir {
namespace {

struct Attribute {
  std::string path;
  c10::intrusive_ptr<c10::ivalue::Object> owner;
  size_t slot;
  c10::IValue value; // before the call: a tensor itself, a copy of anything else
  uint32_t version;  // LibTorch counts the writes to a tensor
};

bool counts_writes(const c10::IValue& value) {
  return value.isTensor() && value.toTensor().defined() && !value.toTensor().is_inference();
}

std::vector<Attribute> attributes_of(const jit::Module& module) {
  std::vector<Attribute> attributes;
  for (const auto& part : module.named_modules()) {
    const auto owner = part.value._ivalue();
    for (size_t slot = 0; slot < owner->type()->numAttributes(); ++slot) {
      const c10::IValue value = owner->getSlot(slot);
      if (owner->type()->getAttribute(slot)->is_module() || value.isCapsule() || value.isObject()) {
        continue;
      }
      const std::string path = part.name.empty() ? "" : part.name + ".";
      const bool counted = counts_writes(value);
      attributes.push_back({path + owner->type()->getAttributeName(slot), owner, slot,
                            counted ? value : deep_copy(value),
                            counted ? static_cast<uint32_t>(value.toTensor()._version()) : 0});
    }
  }
  return attributes;
}

bool changed(const Attribute& attribute) {
  const c10::IValue now = attribute.owner->getSlot(attribute.slot);
  if (counts_writes(attribute.value)) {
    return !now.is(attribute.value) || static_cast<uint32_t>(now.toTensor()._version()) != attribute.version;
  }
  return !compare({attribute.value}, {now}).identical;
}

} // namespace

std::string changed_attribute(const Unit& unit, const std::function<void()>& call) {
  const std::vector<Attribute> attributes = unit.has_module() ? attributes_of(unit.module()) : std::vector<Attribute>();
  const ConstantState constants(*unit.graph());
  call();
  const auto found = std::ranges::find_if(attributes, changed);
  return found != attributes.end() ? found->path : constants.written() ? "a constant" : "";
}

} // namespace tsir

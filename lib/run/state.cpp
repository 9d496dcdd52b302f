#include "lib/run/state.h"

#include "lib/run/compare.h"

#include <ATen/Context.h>

namespace tsir {

ModuleState::ModuleState(const jit::Module& module) {
  for (const jit::Module& part : module.modules()) {
    const auto object = part._ivalue();
    const auto type = object->type();
    for (size_t i = 0; i < type->numAttributes(); ++i) {
      const c10::IValue value = object->getSlot(i);
      if (!type->is_parameter(i) && !type->getAttribute(i)->is_module() && !value.isCapsule()) {
        slots_.push_back({object, i, value, deep_copy(value)});
      }
    }
  }
}

void ModuleState::restore() const {
  const at::NoGradGuard no_grad;
  for (const Slot& slot : slots_) {
    if (slot.original.isTensor() && slot.original.toTensor().defined()) {
      const at::Tensor tensor = slot.original.toTensor();
      const at::Tensor copy = slot.copy.toTensor();
      // A mutation of the shape leaves nothing to copy into: then the copy takes the tensor's place.
      if (tensor.sizes() == copy.sizes() && tensor.scalar_type() == copy.scalar_type()) {
        tensor.copy_(copy);
        slot.owner->setSlot(slot.index, slot.original);
        continue;
      }
    }
    slot.owner->setSlot(slot.index, deep_copy(slot.copy));
  }
}

void seed_generators(uint64_t seed) {
  at::manual_seed(seed);
}

} // namespace tsir

#include "lib/run/state.h"

#include "lib/ir/walk.h"
#include "lib/run/compare.h"

#include <ATen/Context.h>

namespace tsir {
namespace {

// Called functions may write to their arguments.
bool may_write(const jit::Graph& graph) {
  return has_calls(graph) || find_node(graph, writes_in_place, /*subgraphs=*/true) != nullptr;
}

} // namespace

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
      // If the shape was changed, the values cannot be copied back; the copy replaces the tensor instead.
      if (tensor.sizes() == copy.sizes() && tensor.scalar_type() == copy.scalar_type()) {
        tensor.copy_(copy);
        slot.owner->setSlot(slot.index, slot.original);
        continue;
      }
    }
    slot.owner->setSlot(slot.index, deep_copy(slot.copy));
  }
}

ConstantState::ConstantState(const jit::Graph& graph) {
  if (!may_write(graph)) {
    return;
  }
  const at::NoGradGuard no_grad;
  const auto add = [&](const at::Tensor& tensor) {
    if (tensor.defined() && tensor.layout() == at::kStrided && !tensor.is_inference()) {
      constants_.push_back({tensor, tensor.clone(), tensor._version()});
    }
  };
  walk(
      *graph.block(),
      [&](const jit::Node& node) {
        const auto value = node.kind() == c10::prim::Constant ? jit::toIValue(node.output()) : std::nullopt;
        if (value && value->isTensor()) {
          add(value->toTensor());
        } else if (value && value->isTensorList()) {
          for (const at::Tensor& tensor : value->toTensorVector()) {
            add(tensor);
          }
        }
      },
      /*subgraphs=*/true);
}

bool ConstantState::written() const {
  return std::any_of(constants_.begin(), constants_.end(),
                     [](const Constant& constant) { return constant.tensor._version() != constant.version; });
}

void ConstantState::restore() {
  const at::NoGradGuard no_grad;
  for (Constant& constant : constants_) {
    if (constant.tensor._version() != constant.version && constant.tensor.sizes() == constant.copy.sizes()) {
      constant.tensor.copy_(constant.copy);
      constant.version = constant.tensor._version();
    }
  }
}

void seed_generators(uint64_t seed) {
  at::manual_seed(seed);
}

} // namespace tsir

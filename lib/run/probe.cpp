#include "lib/run/probe.h"

namespace tsir {

void add_probe(jit::Value* value, std::function<void(const c10::IValue&)> on_value) {
  jit::Node* maker = value->node();
  auto* probe =
      new jit::ProfileIValueOp(maker->owningGraph(), [on_value = std::move(on_value)](std::vector<c10::IValue>& stack) {
        stack.pop_back(); // the frame's number
        const c10::IValue seen = std::move(stack.back());
        stack.pop_back();
        on_value(seen);
      });
  probe->addInput(value);
  if (maker->kind() == c10::prim::Param) {
    maker->owningBlock()->prependNode(probe);
  } else {
    probe->insertAfter(maker);
  }
}

} // namespace tsir

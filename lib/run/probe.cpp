#include "lib/run/probe.h"

namespace tsir {

void add_probe(jit::Value* value, std::function<void(const c10::IValue&)> see) {
  jit::Node* maker = value->node();
  auto* probe = new jit::ProfileIValueOp(maker->owningGraph(), [see = std::move(see)](std::vector<c10::IValue>& stack) {
    stack.pop_back(); // the frame's number
    const c10::IValue seen = std::move(stack.back());
    stack.pop_back();
    see(seen);
  });
  probe->addInput(value);
  if (maker->kind() == c10::prim::Param) {
    maker->owningBlock()->prependNode(probe);
  } else {
    probe->insertAfter(maker);
  }
}

} // namespace tsir

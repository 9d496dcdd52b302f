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

void add_probe_before(jit::Node* node, const std::vector<jit::Value*>& values,
                      std::function<void(std::vector<c10::IValue>)> on_values) {
  const size_t count = values.size();
  auto* probe = new jit::ProfileIValueOp(
      node->owningGraph(), [count, on_values = std::move(on_values)](std::vector<c10::IValue>& stack) {
        stack.pop_back(); // the frame's number
        std::vector<c10::IValue> seen(std::make_move_iterator(stack.end() - static_cast<std::ptrdiff_t>(count)),
                                      std::make_move_iterator(stack.end()));
        stack.resize(stack.size() - count);
        on_values(std::move(seen));
      });
  for (jit::Value* value : values) {
    probe->addInput(value);
  }
  probe->insertBefore(node);
}

} // namespace tsir

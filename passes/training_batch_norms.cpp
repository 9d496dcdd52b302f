#include "passes/training_batch_norms.h"

#include "lib/base/units.h"
#include "lib/ir/walk.h"

namespace tsir {
namespace {

// Marks the nodes that stand between a batch norm and its input while it is hidden.
const c10::Symbol hides_batch_norm = c10::Symbol::attr("tsir_hides_batch_norm");

std::vector<jit::Node*> nodes_where(const jit::Graph& graph, const std::function<bool(const jit::Node&)>& wanted) {
  std::vector<jit::Node*> found;
  walk(*const_cast<jit::Graph&>(graph).block(), [&](const jit::Node& node) {
    if (wanted(node)) {
      found.push_back(const_cast<jit::Node*>(&node));
    }
  });
  return found;
}

// Hides the batch norms that train while it exists: a fold looks for one that reads the layer's output directly.
class Hidden {
public:
  explicit Hidden(GraphPtr graph) : graph_(std::move(graph)) {
    for (jit::Node* node : nodes_where(*graph_, normalises_by_batch)) {
      jit::Node* between = graph_->create(c10::aten::alias, {node->input(0)});
      between->i_(hides_batch_norm, 1);
      between->insertBefore(node);
      between->output()->setType(node->input(0)->type());
      node->replaceInput(0, between->output());
      ++count_;
    }
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  // A fold may have replaced the nodes by copies.
  ~Hidden() {
    const auto hides = [](const jit::Node& node) { return node.hasAttribute(hides_batch_norm); };
    for (jit::Node* node : nodes_where(*graph_, hides)) {
      node->output()->replaceAllUsesWith(node->input());
      node->destroy();
    }
  }
  size_t count() const { return count_; }

private:
  GraphPtr graph_;
  size_t count_ = 0;
};

} // namespace

bool normalises_by_batch(const jit::Node& node) {
  if (node.kind() != c10::aten::batch_norm) {
    return false;
  }
  const auto training = jit::toIValue(const_cast<jit::Node&>(node).namedInput("training"));
  return training && training->isBool() && training->toBool();
}

RowFunction sparing_training_batch_norms(RowFunction fold) {
  return [fold = std::move(fold)](Unit& unit, const PassContext& context) {
    const Hidden hidden(unit.graph());
    PassResult result = fold(unit, context);
    if (hidden.count() > 0) {
      result.note = fmt::format("left alone: {} in training mode", plural(hidden.count(), "batch norm"));
      result.beyond_host = fmt::format("it left {} in training mode alone", plural(hidden.count(), "batch norm"));
    }
    return result;
  };
}

} // namespace tsir

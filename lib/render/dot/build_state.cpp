// Edges from the writes of the module's state to the reads that see them.
#include "lib/render/dot/builder.h"
#include "lib/render/dot/merge.h"

namespace tsir {

void Builder::find_state(const jit::Graph& graph) {
  flows_ = state_flows_of(graph, branches_);
  for (const StateFlow& flow : flows_) {
    state_.insert(flow.read->output());
  }
}

bool Builder::is_state(const AttributeAt& attribute) const {
  return attribute.read != nullptr && state_.contains(attribute.read);
}

void Builder::state_edges() {
  EdgeMerger merger(drawing_, EdgeMerger::Labels::first);
  for (const StateFlow& flow : flows_) {
    const auto write = boxes_.find(flow.write);
    const auto readers = readers_.find(flow.read->output());
    if (write == boxes_.end() || readers == readers_.end()) {
      continue; // in a part that is not drawn, or what is read is not used
    }
    Edge edge;
    edge.kind = flow.next_call ? EdgeKind::next_call : EdgeKind::state;
    edge.label = flow.attribute;
    edge.tooltip = fmt::format("{} is written, and read {}", flow.attribute,
                               flow.next_call ? "in the next call" : "afterwards in this call");
    for (const size_t reader : readers->second) {
      merger.add(edge, write->second, reader);
    }
  }
}

} // namespace tsir

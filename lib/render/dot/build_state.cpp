// Edges from the writes of the module's state to the reads that see them.
#include "lib/render/dot/builder.h"
#include "lib/render/dot/merge.h"

namespace tsir {

void Builder::find_state(const jit::Graph& graph) {
  flows_ = state_flows_of(graph, branches_);
  for (const StateFlow& flow : flows_) {
    if (flow.read->kind() == c10::prim::GetAttr) {
      state_.insert(flow.read->output());
    }
  }
}

bool Builder::is_state(const AttributeAt& attribute) const {
  return attribute.read != nullptr && state_.contains(attribute.read);
}

// Those that show what is read, or the call that reads it.
std::set<size_t> Builder::boxes_that_read(const jit::Node& read) const {
  if (read.kind() == c10::prim::GetAttr) {
    const auto known = readers_.find(read.output());
    return known == readers_.end() ? std::set<size_t>() : known->second;
  }
  const auto call = boxes_.find(&read);
  return call == boxes_.end() ? std::set<size_t>() : std::set{call->second};
}

void Builder::state_edges() {
  EdgeMerger merger(drawing_, EdgeMerger::Labels::first);
  for (const StateFlow& flow : flows_) {
    const auto write = boxes_.find(flow.write);
    const std::set<size_t> readers = boxes_that_read(*flow.read);
    if (write == boxes_.end() || readers.empty()) {
      continue; // in a part that is not drawn, or what is read is not used
    }
    Edge edge;
    edge.kind = flow.next_call ? EdgeKind::next_call : EdgeKind::state;
    edge.label = flow.attribute;
    edge.tooltip = fmt::format("{} is written, and read {}", flow.attribute,
                               flow.next_call ? "in the next call" : "afterwards in this call");
    for (const size_t reader : readers) {
      merger.add(edge, write->second, reader);
    }
  }
}

} // namespace tsir

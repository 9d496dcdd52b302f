#include "lib/diff/use_hashes.h"

namespace tsir {
namespace {

class UseHashes {
public:
  explicit UseHashes(const std::function<uint64_t(const jit::Node&)>& node_hash_of) : node_hash_of_(node_hash_of) {}

  // From the end to the start, because users follow after what they use, and a node with blocks follows after their
  // returns.
  void add(const jit::Block& block) {
    for (const jit::Node* node : block.nodes().reverse()) {
      known_[node] = hash_of_uses(*node);
      for (const jit::Block* nested : node->blocks()) {
        add(*nested);
      }
    }
  }
  std::unordered_map<const jit::Node*, uint64_t> take() { return std::move(known_); }

private:
  uint64_t hash_of_uses(const jit::Node& node) const {
    uint64_t sum = 0; // the order of uses does not matter
    for (const jit::Value* output : node.outputs()) {
      for (const jit::Use& use : output->uses()) {
        sum += mixed(mixed(use_hash(use)) ^ (output->offset() + 1));
      }
    }
    return sum;
  }

  uint64_t use_hash(const jit::Use& use) const {
    const jit::Node& user = *use.user;
    const jit::Node* holder = user.kind() == c10::prim::Return ? user.owningBlock()->owningNode() : &user;
    const uint64_t itself = holder == nullptr ? 1 : node_hash_of_(*holder);
    const auto found = known_.find(holder);
    return mixed(itself + 3 * use.offset) ^ mixed(found == known_.end() ? 2 : found->second);
  }

  const std::function<uint64_t(const jit::Node&)>& node_hash_of_;
  std::unordered_map<const jit::Node*, uint64_t> known_;
};

} // namespace

std::unordered_map<const jit::Node*, uint64_t>
use_hashes_of(const jit::Graph& graph, const std::function<uint64_t(const jit::Node&)>& node_hash_of) {
  UseHashes hashes(node_hash_of);
  hashes.add(*const_cast<jit::Graph&>(graph).block());
  return hashes.take();
}

} // namespace tsir

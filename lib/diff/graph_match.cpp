#include "lib/diff/graph_match.h"

#include "lib/base/text_diff.h"
#include "lib/diff/use_hashes.h"
#include "lib/ir/hash.h"

namespace tsir {
namespace {

using Nodes = std::vector<const jit::Node*>;
using Label = std::function<uint64_t(const jit::Node&)>;

Nodes nodes_of(const jit::Block& block) {
  const auto nodes = block.nodes();
  return {nodes.begin(), nodes.end()};
}

// A constant with another type is a different constant, not a changed one.
uint64_t operator_label(const jit::Node& node) {
  const auto type = node.kind() == c10::prim::Constant ? static_cast<uint64_t>(node.output()->type()->kind()) : 0;
  return (static_cast<uint64_t>(static_cast<c10::unique_t>(node.kind())) << 8) + type;
}

class Matcher {
public:
  GraphMatch match(const jit::Graph& before, const jit::Graph& after);

private:
  void blocks(const jit::Block& before, const jit::Block& after);
  void pair_inputs(const jit::Block& before, const jit::Block& after);
  void by_inputs(const Nodes& before, const Nodes& after);
  void by_place(const Nodes& before, const Nodes& after, const Label& label);
  bool same_inputs(const jit::Node& before, const jit::Node& after) const;
  void pair(const jit::Value& before, const jit::Value& after);
  void pair(const jit::Node& before, const jit::Node& after);
  bool free(const jit::Node& node) const { return match_.partner(node) == nullptr; }
  uint64_t hash(const jit::Node& node);
  const jit::Node* equal_node(const jit::Node& node, const Nodes& candidates,
                              const std::unordered_multiset<uint64_t>& wanted) const;

  GraphMatch match_;
  std::unordered_map<const jit::Node*, uint64_t> hashes_;     // for a constant: the hash of all its numbers
  std::unordered_map<const jit::Node*, uint64_t> use_hashes_; // hashes of the uses, for both graphs
};

GraphMatch Matcher::match(const jit::Graph& before, const jit::Graph& after) {
  const auto hash_of = [this](const jit::Node& node) { return hash(node); };
  use_hashes_ = use_hashes_of(before, hash_of);
  use_hashes_.merge(use_hashes_of(after, hash_of));
  blocks(*const_cast<jit::Graph&>(before).block(), *const_cast<jit::Graph&>(after).block());
  return std::move(match_);
}

uint64_t Matcher::hash(const jit::Node& node) {
  const auto [found, is_new] = hashes_.emplace(&node, 0);
  if (is_new) {
    found->second = node_hash(node);
  }
  return found->second;
}

void Matcher::pair(const jit::Value& before, const jit::Value& after) {
  match_.values[&before] = &after;
  match_.values[&after] = &before;
}

void Matcher::pair(const jit::Node& before, const jit::Node& after) {
  match_.nodes[&before] = &after;
  match_.nodes[&after] = &before;
  for (size_t i = 0; i < std::min(before.outputs().size(), after.outputs().size()); ++i) {
    pair(*before.outputs()[i], *after.outputs()[i]);
  }
}

void Matcher::blocks(const jit::Block& before, const jit::Block& after) {
  pair_inputs(before, after);
  const Nodes a = nodes_of(before);
  const Nodes b = nodes_of(after);
  by_inputs(a, b);
  by_place(a, b, [this](const jit::Node& node) { return hash(node); });
  by_inputs(a, b);
  by_place(a, b, operator_label);
  by_inputs(a, b);
  for (const jit::Node* node : a) {
    const jit::Node* partner = match_.partner(*node);
    const size_t count = partner == nullptr ? 0 : std::min(node->blocks().size(), partner->blocks().size());
    for (size_t i = 0; i < count; ++i) {
      blocks(*node->blocks()[i], *partner->blocks()[i]);
    }
  }
}

// Pairs inputs by user-given names, then by position.
void Matcher::pair_inputs(const jit::Block& before, const jit::Block& after) {
  std::map<std::string, const jit::Value*> named;
  for (const jit::Value* input : after.inputs()) {
    if (input->hasDebugName()) {
      named.emplace(input->debugName(), input);
    }
  }
  for (const jit::Value* input : before.inputs()) {
    const auto found = input->hasDebugName() ? named.find(input->debugName()) : named.end();
    if (found != named.end()) {
      pair(*input, *found->second);
    }
  }
  std::vector<const jit::Value*> left;
  std::ranges::copy_if(after.inputs(), std::back_inserter(left),
                       [&](const jit::Value* input) { return match_.partner(*input) == nullptr; });
  size_t next = 0;
  for (const jit::Value* input : before.inputs()) {
    if (match_.partner(*input) == nullptr && next < left.size()) {
      pair(*input, *left[next++]);
    }
  }
}

bool Matcher::same_inputs(const jit::Node& before, const jit::Node& after) const {
  if (before.inputs().size() != after.inputs().size()) {
    return false;
  }
  for (size_t i = 0; i < before.inputs().size(); ++i) {
    if (match_.partner(*before.inputs()[i]) != after.inputs()[i]) {
      return false;
    }
  }
  return true;
}

// Of the nodes that compute the same value from the same inputs, the one whose results are used in the same way;
// otherwise one that does not match another node better.
const jit::Node* Matcher::equal_node(const jit::Node& node, const Nodes& candidates,
                                     const std::unordered_multiset<uint64_t>& wanted) const {
  const jit::Node* best = nullptr;
  int best_rank = 3;
  for (const jit::Node* candidate : candidates) {
    if (!free(*candidate) || !same_inputs(node, *candidate)) {
      continue;
    }
    const uint64_t uses = use_hashes_.at(candidate);
    const int rank = uses == use_hashes_.at(&node) ? 0 : wanted.contains(uses) ? 2 : 1;
    if (rank < best_rank) {
      best = candidate;
      best_rank = rank;
    }
    if (rank == 0) {
      break;
    }
  }
  return best;
}

// One pass is enough, because a node follows after its inputs.
void Matcher::by_inputs(const Nodes& before, const Nodes& after) {
  std::unordered_map<uint64_t, Nodes> candidates;
  // by hash: use hashes that still lack a partner
  std::unordered_map<uint64_t, std::unordered_multiset<uint64_t>> wanted;
  for (const jit::Node* node : after) {
    if (free(*node)) {
      candidates[hash(*node)].push_back(node);
    }
  }
  for (const jit::Node* node : before) {
    if (free(*node)) {
      wanted[hash(*node)].insert(use_hashes_.at(node));
    }
  }
  for (const jit::Node* node : before) {
    const auto found = free(*node) ? candidates.find(hash(*node)) : candidates.end();
    if (found == candidates.end()) {
      continue;
    }
    auto& others = wanted[hash(*node)];
    if (const jit::Node* partner = equal_node(*node, found->second, others)) {
      pair(*node, *partner);
      std::erase(found->second, partner);
    }
    if (const auto own = others.find(use_hashes_.at(node)); own != others.end()) {
      others.erase(own);
    }
  }
}

// Aligns the nodes in order. Nodes that already have a partner are fixed points.
void Matcher::by_place(const Nodes& before, const Nodes& after, const Label& label) {
  std::map<std::pair<bool, uint64_t>, int> numbers;
  const auto number = [&](bool matched, uint64_t key) {
    return numbers.emplace(std::pair(matched, key), static_cast<int>(numbers.size())).first->second;
  };
  std::vector<int> a;
  std::vector<int> b;
  for (const jit::Node* node : before) {
    const jit::Node* partner = match_.partner(*node);
    a.push_back(partner != nullptr ? number(true, reinterpret_cast<uintptr_t>(partner)) : number(false, label(*node)));
  }
  for (const jit::Node* node : after) {
    b.push_back(free(*node) ? number(false, label(*node)) : number(true, reinterpret_cast<uintptr_t>(node)));
  }
  for (const auto& [at_a, at_b] : unchanged_positions(a, b)) {
    if (free(*before[at_a]) && free(*after[at_b])) {
      pair(*before[at_a], *after[at_b]);
    }
  }
}

} // namespace

const jit::Node* GraphMatch::partner(const jit::Node& node) const {
  const auto found = nodes.find(&node);
  return found == nodes.end() ? nullptr : found->second;
}

const jit::Value* GraphMatch::partner(const jit::Value& value) const {
  const auto found = values.find(&value);
  return found == values.end() ? nullptr : found->second;
}

GraphMatch match_graphs(const jit::Graph& before, const jit::Graph& after) {
  return Matcher().match(before, after);
}

} // namespace tsir

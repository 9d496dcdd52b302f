#include "lib/diff/graph_match.h"

#include "lib/base/text_diff.h"
#include "lib/diff/candidates.h"
#include "lib/diff/use_hashes.h"
#include "lib/ir/hash.h"
#include "lib/ir/walk.h"

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
  using Looks = std::vector<Candidates::Looks>; // of nodes, in their order
  void by_inputs(const Nodes& before, const Looks& looks_before, const Nodes& after, const Looks& looks_after);
  void by_place(const Nodes& before, const Nodes& after, const Label& label);
  template <class PartnerOf>
  static std::optional<uint64_t> key(uint64_t hash, const jit::Node& node, const PartnerOf& partner_of);
  void pair(const jit::Value& before, const jit::Value& after);
  void pair(const jit::Node& before, const jit::Node& after);
  bool free(const jit::Node& node) const { return match_.partner(node) == nullptr; }
  uint64_t hash(const jit::Node& node) { return hashes_.of(node); }
  Looks looks(const Nodes& nodes);

  GraphMatch match_;
  NodeHashes hashes_;                                         // for a constant: the hash of all its numbers
  std::unordered_map<const jit::Node*, uint64_t> use_hashes_; // hashes of the uses, for both graphs
};

GraphMatch Matcher::match(const jit::Graph& before, const jit::Graph& after) {
  const size_t nodes = count_nodes(before) + count_nodes(after);
  hashes_.reserve(nodes);
  match_.nodes.reserve(nodes);
  match_.values.reserve(nodes);
  const auto hash_of = [this](const jit::Node& node) { return hash(node); };
  use_hashes_ = use_hashes_of(before, hash_of);
  use_hashes_.merge(use_hashes_of(after, hash_of));
  blocks(*const_cast<jit::Graph&>(before).block(), *const_cast<jit::Graph&>(after).block());
  return std::move(match_);
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
  const auto left = [this](const Nodes& nodes) {
    return std::ranges::any_of(nodes, [this](const jit::Node* node) { return free(*node); });
  };
  const Looks looks_a = looks(a);
  const Looks looks_b = looks(b);
  by_inputs(a, looks_a, b, looks_b);
  if (left(a) && left(b)) {
    by_place(a, b, [this](const jit::Node& node) { return hash(node); });
    by_inputs(a, looks_a, b, looks_b);
    by_place(a, b, operator_label);
    by_inputs(a, looks_a, b, looks_b);
  }
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

// Combines a node's hash with its inputs as the second graph has them; nothing if an input does not have a partner.
template <class PartnerOf>
std::optional<uint64_t> Matcher::key(uint64_t hash, const jit::Node& node, const PartnerOf& partner_of) {
  for (const jit::Value* input : node.inputs()) {
    const jit::Value* partner = partner_of(*input);
    if (partner == nullptr) {
      return std::nullopt;
    }
    hash = mixed(hash ^ reinterpret_cast<uintptr_t>(partner));
  }
  return hash;
}

Matcher::Looks Matcher::looks(const Nodes& nodes) {
  Looks looks;
  looks.reserve(nodes.size());
  for (const jit::Node* node : nodes) {
    looks.push_back({hash(*node), use_hashes_.at(node)});
  }
  return looks;
}

// Pairs nodes that compute the same value from the same inputs. One pass is enough, because a node follows after its
// inputs.
void Matcher::by_inputs(const Nodes& before, const Looks& looks_before, const Nodes& after, const Looks& looks_after) {
  Candidates candidates;
  for (size_t i = 0; i < after.size(); ++i) {
    if (free(*after[i])) {
      const auto itself = [](const jit::Value& value) { return &value; };
      candidates.add(*after[i], *key(looks_after[i].itself, *after[i], itself), looks_after[i]);
    }
  }
  for (size_t i = 0; i < before.size(); ++i) {
    if (free(*before[i])) {
      candidates.want(looks_before[i]);
    }
  }
  for (size_t i = 0; i < before.size(); ++i) {
    if (!free(*before[i])) {
      continue;
    }
    const auto wanted =
        key(looks_before[i].itself, *before[i], [this](const jit::Value& value) { return match_.partner(value); });
    if (const jit::Node* partner = wanted ? candidates.take(*wanted, looks_before[i]) : nullptr) {
      pair(*before[i], *partner);
    }
    candidates.done(looks_before[i]);
  }
}

// Aligns the nodes in order. Nodes that already have a partner are fixed points.
void Matcher::by_place(const Nodes& before, const Nodes& after, const Label& label) {
  std::unordered_map<uint64_t, int> of_labels;
  std::unordered_map<uint64_t, int> of_partners;
  int next = 0;
  const auto number = [&](bool matched, uint64_t key) {
    const auto [found, added] = (matched ? of_partners : of_labels).try_emplace(key, next);
    next += added ? 1 : 0;
    return found->second;
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

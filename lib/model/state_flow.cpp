#include "lib/model/state_flow.h"

#include "lib/ir/walk.h"
#include "lib/model/origins.h"
#include "lib/model/state_effects.h"

namespace tsir {
namespace {

// A write or read of one attribute.
struct Access {
  const jit::Node* node;
  size_t position; // in graph order
};

struct Accesses {
  std::vector<Access> writes;
  std::vector<Access> replacing; // those of them that set the attribute
  std::vector<Access> reads;
};

// The blocks around a node, innermost first.
std::vector<const jit::Block*> blocks_around(const jit::Node& node) {
  std::vector<const jit::Block*> blocks;
  for (const jit::Block* block = node.owningBlock(); block != nullptr;) {
    blocks.push_back(block);
    const jit::Node* owner = block->owningNode();
    block = owner != nullptr ? owner->owningBlock() : nullptr;
  }
  return blocks;
}

// Whether `node` lies in the block in which `outer` stands, or in a block of that: where it runs, `outer` runs too.
bool lies_where_runs(const jit::Node& node, const jit::Node& outer) {
  const auto blocks = blocks_around(node);
  return std::ranges::find(blocks, outer.owningBlock()) != blocks.end();
}

bool share_a_loop(const jit::Node& one, const jit::Node& other) {
  const auto blocks = blocks_around(other);
  return std::ranges::any_of(blocks_around(one), [&](const jit::Block* block) {
    const jit::Node* owner = block->owningNode();
    return owner != nullptr && owner->kind() == c10::prim::Loop && std::ranges::find(blocks, block) != blocks.end();
  });
}

// Whether they lie in the two arms of one branch.
bool exclude_each_other(const jit::Node& one, const jit::Node& other) {
  for (const jit::Block* block : blocks_around(one)) {
    const jit::Node* owner = block->owningNode();
    if (owner == nullptr || owner->kind() != c10::prim::If) {
      continue;
    }
    const auto blocks = blocks_around(other);
    const jit::Block* sibling = owner->blocks()[owner->blocks()[0] == block ? 1 : 0];
    if (std::ranges::find(blocks, sibling) != blocks.end()) {
      return true;
    }
  }
  return false;
}

bool between(size_t from, size_t position, size_t to) {
  return from < position && position < to;
}

bool seen_in_this_call(const Accesses& accesses, const Access& write, const Access& read) {
  const bool loops = share_a_loop(*write.node, *read.node);
  if (read.position < write.position) {
    return loops && std::ranges::none_of(accesses.replacing, [&](const Access& set) {
             return set.position < read.position && set.node->owningBlock() == read.node->owningBlock();
           });
  }
  const bool replaced = std::ranges::any_of(accesses.replacing, [&](const Access& set) {
    return between(write.position, set.position, read.position) && lies_where_runs(*read.node, *set.node);
  });
  return !replaced && (loops || !exclude_each_other(*write.node, *read.node));
}

bool seen_in_the_next_call(const Accesses& accesses, const Access& write, const Access& read) {
  const bool replaced_at_the_end = std::ranges::any_of(accesses.replacing, [&](const Access& set) {
    return set.position > write.position && lies_where_runs(*write.node, *set.node);
  });
  const bool replaced_at_the_beginning = std::ranges::any_of(accesses.replacing, [&](const Access& set) {
    return set.position < read.position && lies_where_runs(*read.node, *set.node);
  });
  return !replaced_at_the_end && !replaced_at_the_beginning;
}

std::string attribute_that_is_set(const jit::Node& set) {
  const std::string owner = attribute_path(*set.input(0));
  return owner.empty() ? set.s(c10::attr::name) : owner + "." + set.s(c10::attr::name);
}

// By the path of the attribute.
std::map<std::string, Accesses> accesses_of(const jit::Graph& graph, Branches& branches) {
  std::map<std::string, Accesses> all;
  std::unordered_map<const jit::Node*, size_t> positions;
  const jit::Block& whole = *const_cast<jit::Graph&>(graph).block();
  const auto visit = [&](const jit::Node& node) {
    const size_t position = positions.size();
    positions.emplace(&node, position);
    if (!branches.may_run(node, whole)) {
      return;
    }
    if (node.kind() == c10::prim::SetAttr) {
      Accesses& accesses = all[attribute_that_is_set(node)];
      accesses.writes.push_back({&node, position});
      accesses.replacing.push_back({&node, position});
    } else if (node.kind() == c10::prim::GetAttr) {
      all[attribute_path(*node.output())].reads.push_back({&node, position});
    }
  };
  walk(whole, visit);
  for (const StateWrite& write : state_writes_of(graph, branches)) {
    const auto position = positions.find(write.node);
    const auto attribute = attribute_in(write.origin);
    if (attribute && position != positions.end()) {
      all[*attribute].writes.push_back({write.node, position->second});
    }
  }
  return all;
}

} // namespace

std::vector<StateFlow> state_flows_of(const jit::Graph& graph, Branches branches) {
  std::vector<std::pair<size_t, StateFlow>> flows;
  for (const auto& [attribute, accesses] : accesses_of(graph, branches)) {
    for (const Access& write : accesses.writes) {
      for (const Access& read : accesses.reads) {
        const bool now = seen_in_this_call(accesses, write, read);
        if (now || seen_in_the_next_call(accesses, write, read)) {
          flows.push_back({write.position, {write.node, read.node, attribute, !now}});
        }
      }
    }
  }
  std::ranges::stable_sort(flows, std::less<>(), &std::pair<size_t, StateFlow>::first);
  std::vector<StateFlow> result;
  std::ranges::transform(flows, std::back_inserter(result), &std::pair<size_t, StateFlow>::second);
  return result;
}

} // namespace tsir

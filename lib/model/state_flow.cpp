#include "lib/model/state_flow.h"

#include "lib/ir/walk.h"
#include "lib/model/origins.h"
#include "lib/model/state_effects.h"

#include <ranges>

namespace tsir {
namespace {

// A write or read of one attribute.
struct Access {
  const jit::Node* node;
  size_t position;                     // in graph order
  std::optional<size_t> last_set = {}; // position of the last SetAttr before it that runs whenever it runs
  bool set_before_in_block = false;    // a SetAttr comes before it in its block
  bool set_after = false;              // a SetAttr that runs whenever it runs comes after it
};

struct Accesses {
  std::vector<Access> writes;
  std::vector<Access> replacing; // those of them that set the attribute
  std::vector<Access> reads;
};

// The blocks around nodes, innermost first. Nodes are asked for many times.
class Blocks {
public:
  const std::vector<const jit::Block*>& around(const jit::Node& node) {
    const auto [at, is_new] = known_.try_emplace(&node);
    for (const jit::Block* block = is_new ? node.owningBlock() : nullptr; block != nullptr;) {
      at->second.push_back(block);
      const jit::Node* owner = block->owningNode();
      block = owner != nullptr ? owner->owningBlock() : nullptr;
    }
    return at->second;
  }

  bool lies_in(const jit::Node& node, const jit::Block* block) {
    const auto& blocks = around(node);
    return std::ranges::find(blocks, block) != blocks.end();
  }

  // Whether `node` lies in the block in which `outer` stands, or in a block of that: where it runs, `outer` runs too.
  bool lies_where_runs(const jit::Node& node, const jit::Node& outer) { return lies_in(node, outer.owningBlock()); }

  bool share_a_loop(const jit::Node& one, const jit::Node& other) {
    return std::ranges::any_of(around(one), [&](const jit::Block* block) {
      const jit::Node* owner = block->owningNode();
      return owner != nullptr && owner->kind() == c10::prim::Loop && lies_in(other, block);
    });
  }

  // Whether they lie in the two arms of one branch.
  bool exclude_each_other(const jit::Node& one, const jit::Node& other) {
    return std::ranges::any_of(around(one), [&](const jit::Block* block) {
      const jit::Node* owner = block->owningNode();
      return owner != nullptr && owner->kind() == c10::prim::If &&
             lies_in(other, owner->blocks()[owner->blocks()[0] == block ? 1 : 0]);
    });
  }

private:
  std::unordered_map<const jit::Node*, std::vector<const jit::Block*>> known_;
};

// Relates writes and reads to the places where the attribute is set. From the nearest one on, so that a long sequence
// of them takes one step for each access.
void find_sets(Accesses& accesses, Blocks& blocks) {
  for (Access& read : accesses.reads) {
    for (const Access& set : std::views::reverse(accesses.replacing)) {
      if (set.position < read.position) {
        read.set_before_in_block |= set.node->owningBlock() == read.node->owningBlock();
        if (blocks.lies_where_runs(*read.node, *set.node)) {
          read.last_set = set.position;
          break; // a set further up in the block of the read would not matter any more
        }
      }
    }
  }
  for (Access& write : accesses.writes) {
    for (const Access& set : std::views::reverse(accesses.replacing)) {
      if (set.position <= write.position || write.set_after) {
        break;
      }
      write.set_after = blocks.lies_where_runs(*write.node, *set.node);
    }
  }
}

bool seen_in_this_call(const Access& write, const Access& read, Blocks& blocks) {
  if (read.position < write.position) {
    return !read.set_before_in_block && blocks.share_a_loop(*write.node, *read.node);
  }
  const bool replaced = read.last_set && *read.last_set > write.position;
  return !replaced &&
         (blocks.share_a_loop(*write.node, *read.node) || !blocks.exclude_each_other(*write.node, *read.node));
}

bool seen_in_the_next_call(const Access& write, const Access& read) {
  return !write.set_after && !read.last_set;
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
      accesses.writes.push_back({.node = &node, .position = position});
      accesses.replacing.push_back({.node = &node, .position = position});
    } else if (node.kind() == c10::prim::GetAttr) {
      all[attribute_path(*node.output())].reads.push_back({.node = &node, .position = position});
    }
  };
  walk(whole, visit);
  for (const StateWrite& write : state_writes_of(graph, branches)) {
    const auto position = positions.find(write.node);
    const auto attribute = attribute_in(write.origin);
    if (attribute && position != positions.end()) {
      all[*attribute].writes.push_back({.node = write.node, .position = position->second});
    }
  }
  return all;
}

} // namespace

std::vector<StateFlow> state_flows_of(const jit::Graph& graph, Branches branches) {
  std::vector<std::pair<size_t, StateFlow>> flows;
  Blocks blocks;
  auto all = accesses_of(graph, branches);
  for (auto& [attribute, accesses] : all) {
    find_sets(accesses, blocks);
    for (const Access& write : accesses.writes) {
      for (const Access& read : accesses.reads) {
        const bool now = seen_in_this_call(write, read, blocks);
        if (now || seen_in_the_next_call(write, read)) {
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

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
  explicit Blocks(const OriginFinder& finder) : finder_(finder) {}

  const std::vector<const jit::Block*>& around(const jit::Node& node) {
    const auto [at, is_new] = known_.try_emplace(&node);
    for (const jit::Block* block = is_new ? node.owningBlock() : nullptr; block != nullptr;) {
      at->second.push_back(block);
      const jit::Node* owner = block->owningNode() != nullptr ? block->owningNode() : finder_.owner(*block);
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
  const OriginFinder& finder_; // knows the owners of subgraphs
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
  if (read.position <= write.position) { // the same one is a call, which reads before it writes
    return !read.set_before_in_block && blocks.share_a_loop(*write.node, *read.node);
  }
  const bool replaced = read.last_set && *read.last_set > write.position;
  return !replaced &&
         (blocks.share_a_loop(*write.node, *read.node) || !blocks.exclude_each_other(*write.node, *read.node));
}

bool seen_in_the_next_call(const Access& write, const Access& read) {
  return !write.set_after && !read.last_set;
}

std::string joined_path(const std::string& outer, const std::string& inner) {
  return outer.empty() ? inner : outer + "." + inner;
}

// By the path of the attribute.
using AccessesByPath = std::map<std::string, Accesses>;

// What a function does to attributes of its first argument, and to its arguments.
struct Summary {
  std::set<std::string> reads; // of what was there before the call
  std::set<std::string> writes;
  std::set<std::string> replaces; // always
  std::set<size_t> written_arguments;
};

class AccessFinder {
public:
  AccessFinder(const jit::Graph& graph, Branches& branches)
      : graph_(graph), branches_(branches), finder_(graph), blocks_(finder_) {}

  AccessesByPath run() {
    jit::Block& whole = *const_cast<jit::Graph&>(graph_).block();
    walk(
        whole, [&](const jit::Node& node) { visit(node, whole); }, /*subgraphs=*/true);
    for (const StateWrite& write : state_writes_of(graph_, branches_)) {
      const auto position = positions_.find(write.node);
      const auto attribute = attribute_in(write.origin);
      if (attribute && position != positions_.end()) {
        all_[*attribute].writes.push_back({.node = write.node, .position = position->second});
      }
    }
    for (auto& [path, accesses] : all_) {
      find_sets(accesses, blocks_);
    }
    return std::move(all_);
  }

  Blocks& blocks() { return blocks_; }

private:
  void visit(const jit::Node& node, const jit::Block& whole) {
    const Access access{.node = &node, .position = positions_.size()};
    positions_.emplace(&node, access.position);
    if (!branches_.may_run(node, whole)) {
      return;
    }
    if (node.kind() == c10::prim::SetAttr) {
      Accesses& accesses = all_[joined_path(finder_.path(*node.input(0)), node.s(c10::attr::name))];
      accesses.writes.push_back(access);
      accesses.replacing.push_back(access);
    } else if (node.kind() == c10::prim::GetAttr) {
      all_[finder_.path(*node.output())].reads.push_back(access);
    } else if (callee(node) != nullptr) {
      add_call(access);
    }
  }

  void add_call(const Access& call) {
    const bool method = call.node->kind() == c10::prim::CallMethod;
    const std::string path = method ? finder_.path(*call.node->input(0)) : "";
    const Summary summary = summary_of(*callee(*call.node), path);
    for (const std::string& attribute : summary.reads) {
      all_[joined_path(path, attribute)].reads.push_back(call);
    }
    for (const std::string& attribute : summary.writes) {
      all_[joined_path(path, attribute)].writes.push_back(call);
    }
    for (const std::string& attribute : summary.replaces) {
      all_[joined_path(path, attribute)].replacing.push_back(call);
    }
    for (const size_t argument : summary.written_arguments) {
      const size_t input = argument + (method ? 0 : 1); // the first input of a call of a function is the function
      for (const std::string& origin : finder_.of(*call.node->input(input))) {
        if (const auto attribute = attribute_in(origin)) {
          all_[*attribute].writes.push_back(call);
        }
      }
    }
  }

  Summary summary_of(const jit::GraphFunction& function, const std::string& path) const;

  const jit::Graph& graph_;
  Branches& branches_;
  OriginFinder finder_;
  Blocks blocks_;
  std::unordered_map<const jit::Node*, size_t> positions_;
  AccessesByPath all_;
};

Summary AccessFinder::summary_of(const jit::GraphFunction& function, const std::string& path) const {
  constexpr size_t most_nodes = 100'000; // larger ones are not looked into
  Summary summary;
  if (!inlines_within(*function.graph(), most_nodes)) {
    return summary;
  }
  const GraphPtr graph = inlined(*function.graph());
  Branches branches = branches_.within(path);
  for (const auto& [attribute, accesses] : AccessFinder(*graph, branches).run()) {
    const auto always_runs = [&](const Access& access) { return access.node->owningBlock() == graph->block(); };
    if (std::ranges::any_of(accesses.reads, [](const Access& read) { return !read.last_set; })) {
      summary.reads.insert(attribute);
    }
    if (!accesses.writes.empty()) {
      summary.writes.insert(attribute);
    }
    if (std::ranges::any_of(accesses.replacing, always_runs)) {
      summary.replaces.insert(attribute);
    }
  }
  for (const StateWrite& write : state_writes_of(*graph, branches)) {
    for (size_t i = 0; i < graph->inputs().size(); ++i) {
      if (write.origin == "its input " + graph->inputs()[i]->debugNameBase()) {
        summary.written_arguments.insert(i);
      }
    }
  }
  return summary;
}

} // namespace

std::vector<StateFlow> state_flows_of(const jit::Graph& graph, Branches branches) {
  std::vector<std::pair<size_t, StateFlow>> flows;
  AccessFinder finder(graph, branches);
  for (const auto& [attribute, accesses] : finder.run()) {
    for (const Access& write : accesses.writes) {
      for (const Access& read : accesses.reads) {
        const bool now = seen_in_this_call(write, read, finder.blocks());
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

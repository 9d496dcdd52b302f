// Reductions of nested blocks and fusion groups: replaces an if by one branch and a loop by one iteration, and drops
// results of ifs and loops.
#include "lib/reduce/reduction.h"

#include <torch/csrc/jit/passes/utils/subgraph_utils.h>

namespace tsir {
namespace {

std::vector<jit::Node*> nodes_of_kind(jit::Graph& graph, const std::function<bool(const jit::Node&)>& wanted) {
  std::vector<jit::Node*> nodes = nodes_of(graph);
  std::erase_if(nodes, [&](const jit::Node* node) { return !wanted(*node); });
  return nodes;
}

bool is_control_flow(const jit::Node& node) {
  return (node.kind() == c10::prim::If && node.blocks().size() == 2) ||
         (node.kind() == c10::prim::Loop && node.blocks().size() == 1); // text may hold others
}

bool is_group(const jit::Node& node) {
  return node.hasAttribute(c10::attr::Subgraph);
}

void move_out(jit::Block& block, jit::Node& before) {
  const std::vector<jit::Node*> nodes(block.nodes().begin(), block.nodes().end());
  for (jit::Node* node : nodes) {
    node->moveBefore(&before);
  }
}

void inline_branch(jit::Node& node, size_t branch) {
  jit::Block& block = *node.blocks().at(branch);
  move_out(block, node);
  for (size_t i = 0; i < node.outputs().size(); ++i) {
    node.outputs()[i]->replaceAllUsesWith(block.outputs()[i]);
  }
  node.destroy();
}

// Replaces a loop by its first iteration.
void inline_body(jit::Node& node) {
  jit::Block& block = *node.blocks().at(0);
  {
    const jit::WithInsertPoint before(&node);
    block.inputs()[0]->replaceAllUsesWith(node.owningGraph()->insertConstant(int64_t{0}));
  }
  for (size_t i = 1; i < block.inputs().size(); ++i) {
    block.inputs()[i]->replaceAllUsesWith(node.input(i + 1));
  }
  move_out(block, node);
  for (size_t i = 0; i < node.outputs().size(); ++i) {
    node.outputs()[i]->replaceAllUsesWith(block.outputs()[i + 1]);
  }
  node.destroy();
}

// A node comes before the nodes in its blocks, so inlining goes from last to first.
bool inline_blocks(Candidate& candidate, size_t begin, size_t end, size_t branch) {
  const auto nodes = nodes_of_kind(*candidate.graph, is_control_flow);
  for (size_t i = end; i > begin; --i) {
    jit::Node& node = *nodes[i - 1];
    if (node.kind() == c10::prim::If) {
      inline_branch(node, branch);
    } else {
      inline_body(node);
    }
  }
  drop_unread_constants(*candidate.graph);
  return end > begin;
}

// The waits for a fork; empty if its future has other uses too.
std::optional<std::vector<jit::Node*>> waits_for(const jit::Node& fork) {
  std::vector<jit::Node*> waits;
  for (const jit::Use& use : fork.output()->uses()) {
    if (use.user->kind() != c10::aten::wait) {
      return std::nullopt;
    }
    waits.push_back(use.user);
  }
  return waits;
}

// Inlines a group. The result of a fork's body replaces the results of its waits.
bool inline_group(jit::Node& node) {
  const auto waits = node.kind() == c10::prim::fork ? waits_for(node) : std::vector<jit::Node*>();
  if (!waits) {
    return false;
  }
  jit::SubgraphUtils::unmergeSubgraph(&node);
  for (jit::Node* wait : *waits) {
    wait->output()->replaceAllUsesWith(wait->input());
    wait->destroy();
  }
  return true;
}

bool inline_groups(Candidate& candidate, size_t begin, size_t end) {
  const auto nodes = nodes_of_kind(*candidate.graph, is_group);
  bool changed = false;
  for (size_t i = end; i > begin; --i) {
    changed |= inline_group(*nodes[i - 1]);
  }
  return changed;
}

// One result of an if or a loop.
struct Carried {
  jit::Node* node;
  size_t index;
};

std::vector<Carried> all_carried(jit::Graph& graph) {
  std::vector<Carried> all;
  for (jit::Node* node : nodes_of_kind(graph, is_control_flow)) {
    for (size_t i = 0; i < node->outputs().size(); ++i) {
      all.push_back({node, i});
    }
  }
  return all;
}

bool drop_result(Candidate& candidate, jit::Node& node, size_t index) {
  jit::Value* output = node.outputs()[index];
  const bool loop = node.kind() == c10::prim::Loop;
  if (output->hasUses()) {
    jit::Value* replacement = loop ? node.input(index + 2) : earlier_value(candidate, node, *output);
    if (replacement == nullptr) {
      return false;
    }
    output->replaceAllUsesWith(replacement);
  }
  if (loop) {
    jit::Block& body = *node.blocks()[0];
    body.inputs()[index + 1]->replaceAllUsesWith(node.input(index + 2));
    body.eraseOutput(index + 1);
    body.eraseInput(index + 1);
    node.removeInput(index + 2);
  } else {
    for (jit::Block* block : node.blocks()) {
      block->eraseOutput(index);
    }
  }
  node.eraseOutput(index);
  return true;
}

bool drop_results(Candidate& candidate, size_t begin, size_t end) {
  const std::vector<Carried> all = all_carried(*candidate.graph);
  bool changed = false;
  for (size_t i = end; i > begin; --i) {
    changed |= drop_result(candidate, *all[i - 1].node, all[i - 1].index);
  }
  return changed;
}

} // namespace

std::vector<Reduction> block_reductions() {
  const auto branch = [](size_t which) {
    return Reduction::Apply([which](Candidate& candidate, size_t begin, size_t end) {
      return inline_blocks(candidate, begin, end, which);
    });
  };
  const auto count = [](bool (*wanted)(const jit::Node&)) {
    return [wanted](const Candidate& candidate) { return nodes_of_kind(*candidate.graph, wanted).size(); };
  };
  return {{"inline groups", count(is_group), {inline_groups}},
          {"inline blocks", count(is_control_flow), {branch(0), branch(1)}},
          {"drop results of blocks",
           [](const Candidate& candidate) { return all_carried(*candidate.graph).size(); },
           {drop_results}}};
}

} // namespace tsir

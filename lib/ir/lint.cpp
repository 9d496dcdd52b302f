#include "lib/ir/lint.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"

namespace tsir {

using NodeSet = std::unordered_set<const jit::Node*>;

// The nodes that a graph owns, whether or not they are in a block. LibTorch does not have an accessor, but an explicit
// instantiation may name a private member.
const NodeSet& nodes_owned_by(const jit::Graph& graph);

template <NodeSet jit::Graph::*member> struct PrivateMember {
  friend const NodeSet& nodes_owned_by(const jit::Graph& graph) { return graph.*member; }
};
template struct PrivateMember<&jit::Graph::all_nodes>;

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::check, what);
}

std::string name_of(const jit::Node& node) {
  return node.kind().toQualString();
}

std::string name_of(const jit::Value& value) {
  return "%" + value.debugName();
}

// Which uses of a value were met as inputs of nodes. Lists of uses are nearly always in the order of the nodes, so the
// next use is compared first, and a set is made only if the order is another one.
class UsesOfValue {
public:
  // Whether the value's list has the use of `user` at `offset`, which must not be asked for twice.
  bool take(const jit::Value& value, const jit::Node& user, size_t offset) {
    const jit::use_list& uses = value.uses();
    if (!rest_ && next_ < uses.size() && uses[next_].user == &user && uses[next_].offset == offset) {
      ++next_;
      return true;
    }
    if (!rest_) {
      rest_ = std::make_unique<Rest>();
      for (size_t i = next_; i < uses.size(); ++i) {
        rest_->emplace(uses[i].user, uses[i].offset);
      }
    }
    return rest_->erase({&user, offset}) == 1;
  }

private:
  using Place = std::pair<const jit::Node*, size_t>;
  struct Hash {
    size_t operator()(const Place& place) const {
      return std::hash<const void*>()(place.first) ^ (place.second * 0x9E3779B97F4A7C15);
    }
  };
  using Rest = std::unordered_set<Place, Hash>;
  size_t next_ = 0;
  std::unique_ptr<Rest> rest_; // the uses from `next_` on that were not yet taken
};

// One pass over the graph. Each use in the lists of the values must be the input of one visited node, and each input
// must be in the list of its value. So it is enough to look up each input, and to count: if every input takes a use of
// its own and the numbers are equal, no use is left.
class Checker {
public:
  explicit Checker(const jit::Graph& graph) : graph_(graph) {}

  void check() {
    block(*graph_.block());
    if (uses_ != inputs_) {
      fail(fmt::format("the values have {} uses, but the nodes have {} inputs", uses_, inputs_));
    }
    if (visited_ != nodes_owned_by(graph_).size()) {
      fail(fmt::format("{} nodes of the graph are not in any block", nodes_owned_by(graph_).size() - visited_));
    }
  }

private:
  struct Known {
    const jit::Value* visible = nullptr; // the value, as long as nodes may use it
    bool defined = false;
    UsesOfValue uses;
  };

  void block(const jit::Block& block) {
    check_order(block);
    visited_ += 2; // the nodes that hold the block's inputs and outputs
    for (const jit::Value* input : block.inputs()) {
      define(*input);
      if (input->node()->kind() != c10::prim::Param) {
        fail(fmt::format("the input {} of a block belongs to {}", name_of(*input), name_of(*input->node())));
      }
    }
    for (const jit::Node* node : block.nodes()) {
      if (node->kind() == c10::prim::Param || node->kind() == c10::prim::Return) {
        fail(fmt::format("{} is among the nodes of a block", name_of(*node)));
      }
      ++visited_;
      this->node(*node);
    }
    if (block.return_node()->kind() != c10::prim::Return) {
      fail(fmt::format("a block ends in {}", name_of(*block.return_node())));
    }
    node(*block.return_node());
    hide(block);
  }

  static void check_order(const jit::Block& block) {
    for (const jit::Node* node = block.param_node(); node != block.return_node(); node = node->next()) {
      if (!node->isBefore(node->next())) {
        fail(fmt::format("{} is before {}, but its position is not", name_of(*node), name_of(*node->next())));
      }
    }
  }

  // The values of a block end with it.
  void hide(const jit::Block& block) {
    for (const jit::Value* input : block.inputs()) {
      known_[input->unique()].visible = nullptr;
    }
    for (const jit::Node* node : block.nodes()) {
      for (const jit::Value* output : node->outputs()) {
        known_[output->unique()].visible = nullptr;
      }
    }
  }

  void node(const jit::Node& node) {
    const auto inputs = node.inputs();
    for (size_t i = 0; i < inputs.size(); ++i) {
      use(node, *inputs[i], i);
    }
    for (const jit::Block* nested : node.blocks()) {
      block(*nested);
    }
    const auto outputs = node.outputs();
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i]->node() != &node || outputs[i]->offset() != i) {
        fail(fmt::format("output {} of {} says that it is output {} of {}", i, name_of(node), outputs[i]->offset(),
                         name_of(*outputs[i]->node())));
      }
      define(*outputs[i]);
    }
    check_kind(node);
  }

  void use(const jit::Node& node, const jit::Value& value, size_t offset) {
    const size_t number = value.unique();
    if (number >= known_.size() || known_[number].visible != &value) {
      fail(fmt::format("{} uses {}, which is not defined before it or is not visible to it", name_of(node),
                       name_of(value)));
    }
    if (!known_[number].uses.take(value, node, offset)) {
      fail(fmt::format("input {} of {} is not among the uses of {}", offset, name_of(node), name_of(value)));
    }
    ++inputs_;
  }

  void define(const jit::Value& value) {
    const size_t number = value.unique();
    if (number >= known_.size()) {
      known_.resize(std::max(number + 1, 2 * known_.size()));
    }
    if (std::exchange(known_[number].defined, true)) {
      fail(fmt::format("two values have the number {}", number));
    }
    known_[number].visible = &value;
    uses_ += value.uses().size();
  }

  // LibTorch also checks prim::PythonOp, which only Python can make.
  static void check_kind(const jit::Node& node) {
    switch (node.kind()) {
    case c10::prim::Constant:
      if (!node.inputs().empty()) {
        fail("a constant has inputs");
      }
      break;
    case c10::prim::Return:
      if (!node.outputs().empty()) {
        fail("prim::Return has outputs");
      }
      break;
    case c10::prim::FusionGroup:
    case c10::prim::CudaFusionGroup:
    case c10::prim::oneDNNFusionGroup:
      check_same_device(node);
      Checker(*node.g(c10::attr::Subgraph)).check();
      break;
    default:
      break;
    }
  }

  // As in LibTorch: once a tensor's device is known, each further tensor must have it.
  static void check_same_device(const jit::Node& group) {
    std::optional<c10::Device> device;
    const auto check = [&](const jit::Value& value) {
      const auto tensor = value.type()->cast<c10::TensorType>();
      if (!tensor) {
        return;
      }
      if (tensor->device() && !device) {
        device = tensor->device();
      } else if (device != tensor->device()) {
        fail(fmt::format("the tensors of {} are on different devices", name_of(group)));
      }
    };
    for (const jit::Value* input : group.inputs()) {
      check(*input);
    }
    for (const jit::Value* output : group.outputs()) {
      check(*output);
    }
  }

  const jit::Graph& graph_;
  std::vector<Known> known_; // by the number that LibTorch gives each value
  size_t visited_ = 0;       // nodes
  size_t inputs_ = 0;        // of all nodes
  size_t uses_ = 0;          // in the lists of all values
};

// graph.block() is not const, but nothing is changed.
const jit::Block& block_of(const jit::Graph& graph) {
  return *const_cast<jit::Graph&>(graph).block();
}

} // namespace

void check_graph(const jit::Graph& graph) {
  Checker(graph).check();
}

size_t lint_steps(const jit::Graph& graph) {
  const size_t nodes = nodes_owned_by(graph).size();
  size_t steps = nodes;
  const auto add = [&](at::ArrayRef<const jit::Value*> values) {
    for (const jit::Value* value : values) {
      steps += value->uses().size() * value->uses().size();
    }
  };
  const auto add_block = [&](const jit::Block& block) {
    steps += nodes;
    add(block.inputs());
  };
  add_block(block_of(graph));
  walk(block_of(graph), [&](const jit::Node& node) {
    add(node.outputs());
    for (const jit::Block* block : node.blocks()) {
      add_block(*block);
    }
  });
  return steps;
}

void lint(const jit::Graph& graph) {
  // LibTorch keeps the nodes in ordered sets, so a node is worth several steps.
  if (nodes_owned_by(graph).size() <= most_lint_steps / 10 && lint_steps(graph) <= most_lint_steps) {
    graph.lint();
  } else {
    check_graph(graph);
  }
}

} // namespace tsir

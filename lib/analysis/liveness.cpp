#include "lib/analysis/liveness.h"

#include "lib/analysis/names.h"
#include "lib/analysis/storage.h"

#include <torch/csrc/jit/passes/liveness.h>

namespace tsir {
namespace {

using Ids = std::set<size_t>;
using Node = const jit::Node;
using Value = const jit::Value;

bool has_tensors(const c10::Type& type) {
  return type.kind() == c10::TypeKind::TensorType ||
         std::ranges::any_of(type.containedTypes(), [](const c10::TypePtr& inner) { return has_tensors(*inner); });
}

// Which memory blocks each value holds.
class Memory {
public:
  struct Piece {
    Value* owner = nullptr;
    std::optional<uint64_t> bytes;
    size_t made = 0; // position of the node that allocated it
  };

  explicit Memory(const AnalysisInput& subject) : subject_(subject) { visit(*subject.graph->block()); }

  const Ids& held_by(Value* value) const {
    static const Ids none;
    const auto found = held_.find(value);
    return found == held_.end() ? none : found->second;
  }
  const Piece& piece(size_t id) const { return pieces_[id]; }
  const std::vector<Piece>& pieces() const { return pieces_; }
  size_t position(Node* node) const { return positions_.at(node); }

private:
  void make(Value* value) {
    held_[value] = {pieces_.size()};
    pieces_.push_back({value, bytes_of(*value), now_});
  }
  void hold(Value* value, Value* from) {
    const Ids ids = held_by(from);
    held_[value].insert(ids.begin(), ids.end());
  }
  void hold_inputs(Value* value, Node& node) {
    for (Value* input : node.inputs()) {
      hold(value, input);
    }
  }

  void visit(const jit::Block& block) {
    for (Node* node : block.nodes()) {
      ++now_;
      if (node->kind() == c10::prim::Loop) {
        visit_loop(*node);
      } else if (!node->blocks().empty()) {
        visit_branches(*node);
      } else {
        visit_plain(*node);
      }
      positions_[node] = now_; // position of the end of the node, when everything that its blocks allocate exists
    }
  }

  void visit_branches(Node& node) {
    for (const jit::Block* block : node.blocks()) {
      visit(*block);
      for (size_t i = 0; i < std::min(block->outputs().size(), node.outputs().size()); ++i) {
        hold(node.output(i), block->outputs()[i]);
      }
    }
  }

  // Values carried between iterations get a separate memory block: the old one is alive while the next is computed.
  void visit_loop(Node& node) {
    const jit::Block& body = *node.blocks().at(0);
    for (Value* carried : body.inputs()) {
      if (is_tensor(*carried)) {
        make(carried);
      } else if (has_tensors(*carried->type())) {
        hold(carried, node.input(carried->offset() + 1));
      }
    }
    visit(body);
    for (size_t i = 0; i < node.outputs().size(); ++i) {
      hold(node.output(i), body.outputs()[i + 1]); // the first output is the condition
    }
  }

  void visit_plain(Node& node) {
    static const std::set<std::string> passing{"prim::ListConstruct",
                                               "prim::TupleConstruct",
                                               "prim::DictConstruct",
                                               "prim::ListUnpack",
                                               "prim::TupleIndex",
                                               "prim::TupleUnpack",
                                               "prim::TupleSlice",
                                               "aten::__getitem__",
                                               "prim::unchecked_cast",
                                               "prim::CreateObject",
                                               "aten::list",
                                               "aten::values",
                                               "prim::unchecked_unwrap_optional",
                                               "aten::pop",
                                               "aten::dict"};
    static const std::set<std::string> filling{"aten::append", "aten::_set_item", "aten::insert", "aten::extend"};
    const std::string kind = node.kind().toQualString();
    if (node.kind() == c10::prim::Constant || node.kind() == c10::prim::GetAttr) {
      return; // weights
    }
    if (filling.contains(kind)) {
      hold_inputs(node.input(0), node);
    }
    if (node.kind() == c10::prim::TupleUnpack && unpack(node)) {
      return;
    }
    for (Value* output : node.outputs()) {
      Value* from = memory_from(node, *output);
      if (passing.contains(kind) || filling.contains(kind)) {
        hold_inputs(output, node);
      } else if (from != nullptr) {
        hold(output, from);
      } else if (has_tensors(*output->type())) {
        make(output);
      }
    }
  }

  // Unpacking a tuple that the graph constructed returns the same values.
  bool unpack(Node& node) {
    Node* maker = node.input()->node();
    if (maker->kind() != c10::prim::TupleConstruct || maker->inputs().size() != node.outputs().size()) {
      return false;
    }
    for (size_t i = 0; i < node.outputs().size(); ++i) {
      hold(node.output(i), maker->input(i));
    }
    return true;
  }

  const AnalysisInput& subject_;
  std::unordered_map<Value*, Ids> held_;
  std::vector<Piece> pieces_;
  std::unordered_map<Node*, size_t> positions_;
  size_t now_ = 0;
};

// What is alive between nodes. LibTorch's sets give what is alive before each node.
class Lifetimes {
public:
  explicit Lifetimes(const GraphPtr& graph) : before_(jit::BuildLivenessSets(graph)) {}

  std::vector<Value*> before(Node* node) const {
    const auto found = before_.find(const_cast<jit::Node*>(node));
    return found == before_.end() ? std::vector<Value*>{}
                                  : std::vector<Value*>(found->second.begin(), found->second.end());
  }

  std::vector<Value*> after(Node* node) const {
    return node->next()->kind() == c10::prim::Return ? at_end(*node->owningBlock()) : before(node->next());
  }

private:
  std::vector<Value*> at_end(const jit::Block& block) const {
    const auto outputs = block.outputs();
    std::vector<Value*> alive(outputs.begin(), outputs.end());
    Node* owner = block.owningNode();
    if (owner == nullptr || owner->kind() == c10::prim::Param || owner->kind() == c10::prim::Return) {
      return alive; // the top-level block of the graph
    }
    const auto add = [&](const std::vector<Value*>& more) { alive.insert(alive.end(), more.begin(), more.end()); };
    add(after(owner));
    if (owner->kind() == c10::prim::Loop) { // used in the next iteration
      add(before(*block.nodes().begin()));
      std::erase_if(alive, [&](const Value* value) {
        return value->node()->kind() == c10::prim::Param && value->node()->owningBlock() == &block &&
               std::find(outputs.begin(), outputs.end(), value) == outputs.end();
      });
    }
    std::erase_if(alive, [&](const Value* value) { return value->node() == owner; });
    return alive;
  }

  std::unordered_map<jit::Node*, std::vector<jit::Value*>> before_;
};

class Report {
public:
  explicit Report(const AnalysisInput& subject) : subject_(subject), memory_(subject), lifetimes_(subject.graph) {}

  Liveness result() {
    count_residents();
    for (Node* node : nodes_in_order(*subject_.graph)) {
      if (subject_.runs_of(*node->owningBlock()) > 0) {
        add(node);
      }
    }
    for (const Memory::Piece& piece : memory_.pieces()) {
      if (!piece.bytes && subject_.runs_of(*piece.owner->node()->owningBlock()) > 0) {
        liveness_.unknown_size.push_back(piece.owner);
      }
    }
    return std::move(liveness_);
  }

private:
  void count_residents() {
    for (Value* input : subject_.graph->inputs()) {
      liveness_.input_bytes += bytes_of(*input).value_or(0);
    }
    std::set<const void*> seen;
    for (Node* node : nodes_in_order(*subject_.graph)) {
      if (node->outputs().size() != 1 || !is_tensor(*node->output())) {
        continue;
      }
      const auto weight = subject_.known(*node->output());
      if (weight && weight->isTensor() && weight->toTensor().defined() &&
          seen.insert(weight->toTensor().unsafeGetTensorImpl()).second) {
        liveness_.weight_bytes += weight->toTensor().nbytes();
      }
    }
  }

  // The memory blocks held by `alive` after `node`.
  Ids pieces(const std::vector<Value*>& alive, Node* node) const {
    Ids ids;
    for (Value* value : alive) {
      for (const size_t id : memory_.held_by(value)) {
        if (memory_.piece(id).made <= memory_.position(node)) {
          ids.insert(id);
        }
      }
    }
    return ids;
  }
  uint64_t sum(const Ids& ids) const {
    uint64_t bytes = 0;
    for (const size_t id : ids) {
      bytes += memory_.piece(id).bytes.value_or(0);
    }
    return bytes;
  }

  void add(Node* node) {
    const std::vector<Value*> after = lifetimes_.after(node);
    const Ids kept = pieces(after, node);
    Ids during = kept;
    if (node->blocks().empty()) { // nested nodes are counted separately
      std::vector<Value*> used = lifetimes_.before(node);
      used.insert(used.end(), node->outputs().begin(), node->outputs().end());
      during.merge(pieces(used, node));
    }
    const bool matters = during != kept || std::ranges::any_of(node->outputs(), [&](Value* output) {
                           return !memory_.held_by(output).empty();
                         });
    if (!matters) {
      return;
    }
    Live live{.node = node, .tensors = {}, .bytes_after = sum(kept), .bytes_during = sum(during)};
    std::set<Value*> seen;
    for (Value* value : after) {
      if (!pieces({value}, node).empty() && seen.insert(value).second) {
        live.tensors.push_back(value);
      }
    }
    std::ranges::sort(live.tensors, {}, [](Value* value) { return value->unique(); });
    if (live.bytes_during > liveness_.peak_bytes) {
      liveness_.peak_bytes = live.bytes_during;
      liveness_.peak = node;
      set_parts(during);
    }
    liveness_.nodes.push_back(std::move(live));
  }

  void set_parts(const Ids& ids) {
    liveness_.peak_parts.clear();
    for (const size_t id : ids) {
      if (memory_.piece(id).bytes.value_or(0) > 0) {
        liveness_.peak_parts.push_back({memory_.piece(id).owner, *memory_.piece(id).bytes});
      }
    }
    std::ranges::stable_sort(liveness_.peak_parts, std::greater{}, &Liveness::Part::bytes);
  }

  const AnalysisInput& subject_;
  Memory memory_;
  Lifetimes lifetimes_;
  Liveness liveness_;
};

} // namespace

Liveness liveness_of(const AnalysisInput& subject) {
  return Report(subject).result();
}

} // namespace tsir

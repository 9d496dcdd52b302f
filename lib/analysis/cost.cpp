#include "lib/analysis/cost.h"

#include "lib/analysis/names.h"
#include "lib/analysis/storage.h"
#include "lib/ir/walk.h"

namespace tsir {
namespace {

bool holds_tensors(const jit::Value& value) {
  const auto is = [](const c10::Type& type) { return type.kind() == c10::TypeKind::TensorType; };
  return is(*value.type()) ||
         std::ranges::any_of(value.type()->containedTypes(), [&](const c10::TypePtr& type) { return is(*type); });
}

// Operators that create, modify or read tensors. Nodes of prim, except views and groups, do not work on tensors.
bool works_on_tensors(const jit::Node& node) {
  if (node.kind().is_prim() && node.kind() != c10::prim::ConstantChunk && !node.hasAttribute(c10::attr::Subgraph)) {
    return false;
  }
  const FlopRow* row = find_flops(node);
  const bool makes = std::ranges::any_of(node.outputs(), [](const jit::Value* value) { return holds_tensors(*value); });
  const bool changes = writes_in_place(node) &&
                       std::ranges::any_of(node.inputs(), [](const jit::Value* value) { return is_tensor(*value); });
  const bool container = row != nullptr && row->formula.starts_with("0: containers");
  return (makes || changes) && !container;
}

class Bytes {
public:
  explicit Bytes(const AnalysisInput& subject) : subject_(subject) {}

  void add_to(NodeCost& cost) const {
    const jit::Node& node = *cost.node;
    if (is_view(node)) {
      return;
    }
    for (const jit::Value* output : node.outputs()) {
      cost.written += of(*output, cost);
    }
    cost.read += read(node, cost);
  }

private:
  // An embedding reads only the selected rows of the table, as many as it writes, and the indices.
  double read(const jit::Node& node, NodeCost& cost) const {
    static const std::set<std::string> lookups{"aten::embedding", "aten::index_select", "aten::gather", "aten::index"};
    const bool lookup = lookups.contains(node.kind().toQualString());
    double sum = lookup ? cost.written : 0;
    std::set<const jit::Value*> seen;
    for (const jit::Value* input : node.inputs().slice(lookup ? 1 : 0)) {
      if (seen.insert(input).second) {
        sum += of(*input, cost);
      }
    }
    return sum;
  }

  double of(const jit::Value& value, NodeCost& cost) const {
    if (!holds_tensors(value)) {
      return 0;
    }
    if (const auto bytes = bytes_of(value)) {
      return static_cast<double>(*bytes);
    }
    const auto weight = subject_.known(value);
    if (weight && weight->isTensor()) {
      return weight->toTensor().defined() ? static_cast<double>(weight->toTensor().nbytes()) : 0;
    }
    if (weight && (weight->isNone() || weight->isTensorList())) {
      return weight->isNone() ? 0 : of_list(weight->toTensorVector());
    }
    if (value.node()->kind() == c10::prim::ListConstruct) {
      double sum = 0;
      for (const jit::Value* element : elements_of(value)) {
        sum += of(*element, cost);
      }
      return sum;
    }
    // An unused result does not have an observed type, but that of an in-place operator is known from its input.
    cost.bytes_known = cost.bytes_known && value.uses().empty();
    return 0;
  }

  static double of_list(const std::vector<at::Tensor>& tensors) {
    double sum = 0;
    for (const at::Tensor& tensor : tensors) {
      sum += static_cast<double>(tensor.nbytes());
    }
    return sum;
  }

  const AnalysisInput& subject_;
};

void count_flops(const AnalysisInput& subject, NodeCost& cost) {
  const FlopRow* row = find_flops(*cost.node);
  if (row == nullptr) {
    cost.uncounted =
        cost.node->hasAttribute(c10::attr::Subgraph) ? "a subgraph, which is not looked into" : "no formula";
    return;
  }
  Operands operands(subject, *cost.node);
  const double flops = row->flops(operands);
  cost.kind = row->kind;
  if (operands.all_known()) {
    cost.flops = flops;
  } else {
    cost.uncounted = "a size or flag is unknown";
  }
}

NodeCost node_cost(const AnalysisInput& subject, const jit::Node& node) {
  NodeCost cost{.node = &node, .runs = subject.runs_of(*node.owningBlock()), .uncounted = {}};
  count_flops(subject, cost);
  Bytes(subject).add_to(cost);
  const auto runs = static_cast<double>(cost.runs);
  cost.flops *= runs;
  cost.read *= runs;
  cost.written *= runs;
  return cost;
}

void add_by_operator(Cost& cost) {
  std::map<std::string, OperatorCost> by_name;
  for (const NodeCost& node : cost.nodes) {
    OperatorCost& sum = by_name[node.node->kind().toQualString()];
    sum.name = node.node->kind().toQualString();
    ++sum.nodes;
    sum.flops += node.flops;
    sum.read += node.read;
    sum.written += node.written;
    sum.uncounted += node.uncounted.empty() ? 0 : 1;
  }
  for (auto& [name, sum] : by_name) {
    cost.operators.push_back(std::move(sum));
  }
  std::ranges::stable_sort(cost.operators, [](const OperatorCost& left, const OperatorCost& right) {
    return std::pair(left.flops, left.read + left.written) > std::pair(right.flops, right.read + right.written);
  });
}

} // namespace

Cost cost_of(const AnalysisInput& subject) {
  Cost cost;
  for (const jit::Node* node : nodes_in_order(*subject.graph)) {
    if (!works_on_tensors(*node)) {
      continue;
    }
    if (subject.runs_of(*node->owningBlock()) == 0) {
      ++cost.not_reached;
      continue;
    }
    const NodeCost& each = cost.nodes.emplace_back(node_cost(subject, *node));
    cost.flops += each.flops;
    cost.product_flops += each.kind == FlopClass::product ? each.flops : 0;
    cost.read += each.read;
    cost.written += each.written;
    cost.unknown_bytes += each.bytes_known ? 0 : 1;
  }
  add_by_operator(cost);
  return cost;
}

std::string human_flops(double flops) {
  constexpr const char* units[] = {"", " k", " M", " G", " T", " P"};
  size_t unit = 0;
  while (flops >= 999.5 && unit + 1 < std::size(units)) {
    flops /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f}", flops) : fmt::format("{:.3g}{}", flops, units[unit]);
}

} // namespace tsir

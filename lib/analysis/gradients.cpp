#include "lib/analysis/gradients.h"

#include "lib/analysis/names.h"
#include "lib/analysis/tags.h"
#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"
#include "lib/ir/walk.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/passes/create_autodiff_subgraphs.h>
#include <torch/csrc/jit/runtime/autodiff.h>

namespace tsir {
namespace {

// Whether autograd supports the operator, or it consists of operators that autograd sees.
bool has_backward(const jit::Node& node) {
  const jit::Operator* known = node.maybeOperator();
  if (known == nullptr) {
    return false;
  }
  const auto handle = c10::Dispatcher::singleton().findSchema(known->schema().operator_name());
  return handle && (handle->hasKernelForDispatchKey(c10::DispatchKey::Autograd) ||
                    handle->hasKernelForDispatchKey(c10::DispatchKey::AutogradCPU) ||
                    handle->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd));
}

// Operators whose results are never differentiable. Used if no types were observed.
bool gives_no_floats(const jit::Node& node) {
  static const std::set<std::string> operators{
      "aten::argmax",       "aten::argmin",      "aten::eq",      "aten::ne",      "aten::lt",
      "aten::le",           "aten::gt",          "aten::ge",      "aten::isnan",   "aten::isinf",
      "aten::logical_and",  "aten::logical_or",  "aten::argsort", "aten::nonzero", "aten::bucketize",
      "aten::searchsorted", "aten::logical_not", "aten::one_hot"};
  return operators.contains(node.kind().toQualString());
}

std::string why_cut(const jit::Node& node) {
  static const std::set<std::string> cutting{"aten::detach", "aten::detach_", "aten::data"};
  if (cutting.contains(node.kind().toQualString())) {
    return "it detaches its result";
  }
  std::optional<at::ScalarType> dtype;
  for (const jit::Value* output : node.outputs()) {
    const auto type = output->type()->cast<c10::TensorType>();
    if (!type || !type->scalarType() || c10::isFloatingType(*type->scalarType()) ||
        c10::isComplexType(*type->scalarType())) {
      dtype.reset();
      break;
    }
    dtype = type->scalarType();
  }
  if (dtype) {
    return "it returns " + dtype_name(*dtype);
  }
  return gives_no_floats(node) ? "it returns integers or booleans" : "";
}

// `with torch.no_grad()` becomes prim::Enter and prim::Exit on an object of that class.
bool turns_gradients_off(const jit::Node& node) {
  const std::string type = node.input(0)->type()->str();
  return type.find("no_grad") != std::string::npos || type.find("inference_mode") != std::string::npos;
}

class Facts {
public:
  std::vector<GradientFact> of(const jit::Graph& graph) {
    walk(*graph.block(), [&](const jit::Node& node) { visit(node); });
    return std::move(facts_);
  }

private:
  void visit(const jit::Node& node) {
    if ((node.kind() == c10::prim::Enter || node.kind() == c10::prim::Exit) && turns_gradients_off(node)) {
      off_ += node.kind() == c10::prim::Enter ? 1 : -1;
    }
    const bool gives_tensor =
        std::ranges::any_of(node.outputs(), [](const jit::Value* value) { return is_tensor(*value); });
    if (!gives_tensor || (node.kind().is_prim() && node.kind() != c10::prim::ConstantChunk)) {
      return;
    }
    GradientFact fact{.node = &node, .kind = GradientKind::cut, .why = off_ > 0 ? "under no_grad" : why_cut(node)};
    if (fact.why.empty()) {
      fact.kind = jit::isDifferentiable(&node) ? GradientKind::symbolic
                  : has_backward(node)         ? GradientKind::autograd
                                               : GradientKind::none;
    }
    facts_.push_back(std::move(fact));
  }

  std::vector<GradientFact> facts_;
  int off_ = 0;
};

void find_groups(const GraphPtr& graph, Gradients& gradients) {
  const std::vector<const jit::Node*> nodes = nodes_in_order(*graph);
  const GraphPtr copy = tagged_copy(*graph);
  try {
    for (const jit::Node* group : jit::CreateAutodiffSubgraphs(copy, /*threshold=*/2)) {
      std::vector<const jit::Node*> members;
      for (const size_t tag : tags_in(*group->g(c10::attr::Subgraph))) {
        members.push_back(nodes.at(tag));
      }
      if (!members.empty()) {
        gradients.groups.push_back(std::move(members));
      }
    }
  } catch (const std::exception& error) {
    gradients.groups.clear();
    gradients.no_groups = one_line(error);
  }
  // Largest first; groups of equal size in graph order.
  std::ranges::sort(gradients.groups, {}, [](const auto& group) {
    return std::pair(-static_cast<int64_t>(group.size()), group.front()->output(0)->unique());
  });
}

} // namespace

std::string_view to_string(GradientKind kind) {
  switch (kind) {
  case GradientKind::symbolic:
    return "symbolic";
  case GradientKind::autograd:
    return "autograd";
  case GradientKind::cut:
    return "cut";
  case GradientKind::none:
    return "none";
  }
  return "?";
}

Gradients gradients_of(const AnalysisInput& subject) {
  Gradients gradients;
  gradients.nodes = Facts().of(*subject.graph);
  gradients.whole = jit::isDifferentiable(*subject.graph);
  find_groups(subject.graph, gradients);
  return gradients;
}

} // namespace tsir

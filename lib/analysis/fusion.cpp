#include "lib/analysis/fusion.h"

#include "lib/analysis/names.h"
#include "lib/analysis/storage.h"
#include "lib/ir/dtype_names.h"

#include <torch/csrc/jit/passes/tensorexpr_fuser.h>

namespace tsir {
namespace {

using Node = const jit::Node;
using Value = const jit::Value;
using Kinds = std::set<std::string>;

constexpr std::string_view not_listed = "not in its list of operators";
constexpr std::string_view alone = "no neighbour to fuse with";

// The tensors that a node reads, including those in lists.
std::vector<Value*> tensors_read(Node& node) {
  std::vector<Value*> tensors;
  for (Value* input : node.inputs()) {
    if (is_tensor(*input)) {
      tensors.push_back(input);
    }
    const std::vector<Value*> elements = elements_of(*input);
    std::ranges::copy_if(elements, std::back_inserter(tensors), [](Value* element) { return is_tensor(*element); });
  }
  return tensors;
}

// Weights that are attributes have observed types like all other values.
bool shape_known(Value& value, const AnalysisInput& subject) {
  const auto constant = value.node()->kind() == c10::prim::Constant ? subject.known(value) : std::nullopt;
  return sizes_of(value).has_value() || (constant && (constant->isTensor() || constant->isNone()));
}

std::string unknown_shape(Node& node, const AnalysisInput& subject) {
  if (subject.runs_of(*node.owningBlock()) == 0) {
    return "in a branch that was not taken, so its shapes are unknown";
  }
  std::vector<Value*> values = tensors_read(node);
  const auto outputs = node.outputs();
  std::ranges::copy_if(outputs, std::back_inserter(values), [](Value* output) { return is_tensor(*output); });
  const auto unknown = std::ranges::find_if_not(values, [&](Value* value) { return shape_known(*value, subject); });
  return unknown == values.end() ? "" : fmt::format("the shape of {} is unknown", report_name(**unknown));
}

// The dtype of the first input tensor for which `refused` is true.
std::string refused_dtype(Node& node, const std::function<bool(at::ScalarType)>& refused) {
  for (Value* value : tensors_read(node)) {
    const auto dtype = value->type()->expectRef<c10::TensorType>().scalarType();
    if (dtype && refused(*dtype)) {
      return fmt::format("{} is {}", report_name(*value), dtype_name(*dtype));
    }
  }
  return "";
}

bool in_kinds(Node& node, const Kinds& kinds) {
  return kinds.contains(node.kind().toQualString());
}

std::string why_not_nnc(const AnalysisInput& subject, Node& node) {
  const auto low_precision = [](at::ScalarType type) {
    return type == at::kByte || type == at::kHalf || type == at::kBFloat16 || c10::isComplexType(type) ||
           c10::isQIntType(type);
  };
  // Operators with further conditions on constants, dtypes or shapes.
  static const Kinds conditional{"aten::conv2d",    "aten::matmul", "aten::pow",        "aten::fmod",
                                 "aten::remainder", "aten::to",     "aten::unsqueeze",  "aten::cat",
                                 "aten::erf",       "aten::erfc",   "aten::__lshift__", "aten::__rshift__"};
  if (!jit::tensorexpr::isSupported(const_cast<jit::Node*>(&node))) { // isSupported only reads the node
    return std::string(not_listed);
  }
  if (std::string unknown = unknown_shape(node, subject); !unknown.empty()) {
    return unknown;
  }
  if (std::string dtype = refused_dtype(node, low_precision); !dtype.empty()) {
    return dtype;
  }
  if (node.kind() == c10::aten::batch_norm) {
    const auto training = jit::toIValue(node.input(5));
    return training && training->isBool() && !training->toBool() ? std::string(alone)
                                                                 : "in training, or its training flag is unknown";
  }
  return in_kinds(node, conditional) ? "its shapes, dtypes or arguments, or " + std::string(alone) : std::string(alone);
}

std::string why_not_onednn(const AnalysisInput& subject, Node& node) {
  static const Kinds listed_kinds{"aten::conv2d",
                                  "aten::_convolution",
                                  "aten::convolution",
                                  "aten::batch_norm",
                                  "aten::layer_norm",
                                  "aten::addmm",
                                  "aten::add",
                                  "aten::mul",
                                  "aten::div",
                                  "aten::tanh",
                                  "aten::relu",
                                  "aten::elu",
                                  "aten::sigmoid",
                                  "aten::gelu",
                                  "aten::round",
                                  "aten::exp",
                                  "aten::sqrt",
                                  "aten::abs",
                                  "aten::square",
                                  "aten::clamp",
                                  "aten::hardtanh",
                                  "aten::hardswish",
                                  "aten::log",
                                  "aten::leaky_relu",
                                  "aten::relu6",
                                  "aten::softmax",
                                  "aten::_softmax",
                                  "aten::_log_softmax",
                                  "aten::cat",
                                  "aten::max_pool2d",
                                  "aten::max_pool2d_with_indices",
                                  "aten::avg_pool2d",
                                  "aten::matmul",
                                  "aten::mm",
                                  "aten::bmm",
                                  "aten::linear",
                                  "aten::permute",
                                  "aten::contiguous"};
  static const Kinds taken_alone{"aten::layer_norm", "aten::avg_pool2d", "aten::matmul",
                                 "aten::max_pool2d", "aten::conv2d",     "aten::_convolution",
                                 "aten::mm",         "aten::linear",     "aten::cat"};
  if (!in_kinds(node, listed_kinds)) {
    return std::string(not_listed);
  }
  if (node.owningBlock() != subject.graph->block()) {
    return "inside a branch or loop: the fuser considers only nodes at the top level";
  }
  if (std::string dtype =
          refused_dtype(node, [](at::ScalarType type) { return type != at::kFloat && type != at::kBFloat16; });
      !dtype.empty()) {
    return dtype;
  }
  if (std::string unknown = unknown_shape(node, subject); !unknown.empty()) {
    return unknown;
  }
  return in_kinds(node, taken_alone) ? "its shapes or arguments"
                                     : std::string(alone) + ", and too small to be fused alone";
}

std::string why_not_old(Node& node) {
  static const Kinds listed_kinds{
      "aten::_cast_Float", "aten::abs",        "aten::acos",  "aten::add",       "aten::asin",      "aten::atan",
      "aten::atan2",       "aten::ceil",       "aten::clamp", "aten::cos",       "aten::cosh",      "aten::div",
      "aten::exp",         "aten::expm1",      "aten::erf",   "aten::erfc",      "aten::floor",     "aten::fmod",
      "aten::frac",        "aten::lgamma",     "aten::log",   "aten::log10",     "aten::log1p",     "aten::log2",
      "aten::logit",       "aten::lerp",       "aten::max",   "aten::min",       "aten::mul",       "aten::neg",
      "aten::pow",         "aten::reciprocal", "aten::relu",  "aten::threshold", "aten::remainder", "aten::round",
      "aten::rsqrt",       "aten::sigmoid",    "aten::sin",   "aten::sinh",      "aten::sqrt",      "aten::sub",
      "aten::tan",         "aten::rand_like",  "aten::tanh",  "aten::trunc",     "aten::eq",        "aten::ne",
      "aten::ge",          "aten::gt",         "aten::le",    "aten::lt",        "aten::addcmul",   "aten::where",
      "aten::type_as",     "aten::cat"};
  if (!in_kinds(node, listed_kinds)) {
    return std::string(not_listed);
  }
  for (Value* input : node.inputs()) {
    const bool fits = is_tensor(*input) || input->type()->kind() == c10::TypeKind::FloatType ||
                      input->node()->kind() == c10::prim::Constant || node.kind() == c10::aten::cat;
    if (!fits) {
      return fmt::format("{} is not a constant", report_name(*input));
    }
  }
  return std::string(alone);
}

} // namespace

std::string_view to_string(Fuser fuser) {
  switch (fuser) {
  case Fuser::nnc:
    return "fuse-tensor-exprs";
  case Fuser::onednn:
    return "fuse-onednn-graph";
  case Fuser::old:
    return "fuse-graph";
  }
  return "?";
}

bool is_candidate(Node& node) {
  return (!node.kind().is_prim() || node.kind() == c10::prim::ConstantChunk) &&
         std::ranges::any_of(node.outputs(), [](Value* output) { return is_tensor(*output); });
}

std::string why_not(Fuser fuser, const AnalysisInput& subject, Node& node) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  if (schema == nullptr) {
    return "LibTorch does not know the operator";
  }
  if (schema->is_mutable() && fuser != Fuser::onednn) { // operators are made functional before the oneDNN fuser runs
    return "it writes in place: run remove-tensor-mutation first";
  }
  switch (fuser) {
  case Fuser::nnc:
    return why_not_nnc(subject, node);
  case Fuser::onednn:
    return why_not_onednn(subject, node);
  case Fuser::old:
    return why_not_old(node);
  }
  return "";
}

} // namespace tsir

#include "lib/render/dot/kinds.h"

#include "lib/ir/walk.h"

#include <array>

namespace tsir {
namespace {

struct Rule {
  std::string_view part; // part of the operator's name, in lower case
  BoxKind kind;
};

// The first matching part decides, so special parts come before general ones: batch_norm before norm, and log_softmax
// (an activation) before log.
constexpr std::array rules = std::to_array<Rule>({
    {"batch_norm", BoxKind::normalisation},
    {"layer_norm", BoxKind::normalisation},
    {"group_norm", BoxKind::normalisation},
    {"instance_norm", BoxKind::normalisation},
    {"rms_norm", BoxKind::normalisation},
    {"local_response", BoxKind::normalisation},
    {"dropout", BoxKind::normalisation},
    {"normalize", BoxKind::normalisation},
    {"conv", BoxKind::layer},
    {"linear", BoxKind::layer},
    {"addmm", BoxKind::layer},
    {"matmul", BoxKind::layer},
    {"bmm", BoxKind::layer},
    {"einsum", BoxKind::layer},
    {"attention", BoxKind::layer},
    {"lstm", BoxKind::layer},
    {"gru", BoxKind::layer},
    {"rnn", BoxKind::layer},
    {"embedding", BoxKind::layer},
    {"softmax", BoxKind::activation},
    {"sigmoid", BoxKind::activation},
    {"relu", BoxKind::activation},
    {"gelu", BoxKind::activation},
    {"silu", BoxKind::activation},
    {"mish", BoxKind::activation},
    {"selu", BoxKind::activation},
    {"elu", BoxKind::activation},
    {"celu", BoxKind::activation},
    {"glu", BoxKind::activation},
    {"hardtanh", BoxKind::activation},
    {"hardswish", BoxKind::activation},
    {"softplus", BoxKind::activation},
    {"softsign", BoxKind::activation},
    {"tanh", BoxKind::activation},
    {"threshold", BoxKind::activation},
    {"pool", BoxKind::pooling},
});

constexpr std::array layers = std::to_array<std::string_view>({"mm", "baddbmm", "addmv", "mv", "dot"});

constexpr std::array poolings = std::to_array<std::string_view>({"mean",
                                                                 "sum",
                                                                 "max",
                                                                 "min",
                                                                 "amax",
                                                                 "amin",
                                                                 "argmax",
                                                                 "argmin",
                                                                 "prod",
                                                                 "std",
                                                                 "var",
                                                                 "var_mean",
                                                                 "std_mean",
                                                                 "norm",
                                                                 "any",
                                                                 "all",
                                                                 "cumsum",
                                                                 "cumprod",
                                                                 "topk",
                                                                 "sort",
                                                                 "median",
                                                                 "logsumexp",
                                                                 "linalg_vector_norm",
                                                                 "aminmax",
                                                                 "count_nonzero"});

constexpr std::array shapes = std::to_array<std::string_view>({"view",
                                                               "reshape",
                                                               "flatten",
                                                               "unflatten",
                                                               "permute",
                                                               "transpose",
                                                               "t",
                                                               "squeeze",
                                                               "unsqueeze",
                                                               "expand",
                                                               "expand_as",
                                                               "contiguous",
                                                               "slice",
                                                               "select",
                                                               "narrow",
                                                               "chunk",
                                                               "split",
                                                               "split_with_sizes",
                                                               "tensor_split",
                                                               "unbind",
                                                               "cat",
                                                               "stack",
                                                               "concat",
                                                               "size",
                                                               "numel",
                                                               "dim",
                                                               "len",
                                                               "to",
                                                               "type_as",
                                                               "clone",
                                                               "detach",
                                                               "pad",
                                                               "constant_pad_nd",
                                                               "reflection_pad1d",
                                                               "reflection_pad2d",
                                                               "repeat",
                                                               "repeat_interleave",
                                                               "roll",
                                                               "flip",
                                                               "gather",
                                                               "index",
                                                               "index_select",
                                                               "masked_select",
                                                               "scatter",
                                                               "view_as",
                                                               "movedim",
                                                               "swapaxes",
                                                               "alias",
                                                               "copy",
                                                               "dtype",
                                                               "device",
                                                               "float",
                                                               "half",
                                                               "int",
                                                               "bool",
                                                               "Float",
                                                               "Int",
                                                               "Bool",
                                                               "FloatImplicit",
                                                               "IntImplicit",
                                                               "ScalarImplicit",
                                                               "NumToTensor",
                                                               "item",
                                                               "pixel_shuffle",
                                                               "unfold",
                                                               "fold",
                                                               "as_strided",
                                                               "quantize_per_tensor",
                                                               "dequantize",
                                                               "ConstantChunk",
                                                               "layout",
                                                               "is_cuda",
                                                               "_pack_padded_sequence",
                                                               "_pad_packed_sequence",
                                                               "pad_sequence",
                                                               "cpu",
                                                               "cuda",
                                                               "masked_fill",
                                                               "where",
                                                               "tril",
                                                               "triu"});

constexpr std::array containers =
    std::to_array<std::string_view>({"ListConstruct", "ListUnpack",  "TupleConstruct", "TupleUnpack",
                                     "TupleIndex",    "TupleSlice",  "DictConstruct",  "NamedTupleConstruct",
                                     "CreateObject",  "__getitem__", "_set_item",      "append",
                                     "keys",          "values",      "items",          "list",
                                     "dict",          "extend",      "insert",         "pop",
                                     "__contains__",  "GetAttr"});

constexpr std::array effects =
    std::to_array<std::string_view>({"SetAttr", "Print", "RaiseException", "warn", "save", "Enter", "Exit"});

constexpr std::array fusions =
    std::to_array<std::string_view>({"TensorExprGroup", "TensorExprDynamicGroup", "FusionGroup", "oneDNNFusionGroup",
                                     "CudaFusionGroup", "DifferentiableGraph", "StaticSubgraph", "FunctionalGraph",
                                     "MKLDNNGroup", "fork", "FallbackGraph", "BailOut", "CallFallback"});

template <size_t size> bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Whole names are checked first: parts do not identify names such as "select" and "topk".
std::optional<BoxKind> kind_of_name(std::string_view name) {
  if (is_one_of(fusions, name)) {
    return BoxKind::fused;
  }
  if (is_one_of(effects, name)) {
    return BoxKind::effect;
  }
  if (is_one_of(containers, name)) {
    return BoxKind::container;
  }
  // Names of in-place operators end in an underscore.
  const auto base =
      name.size() > 1 && name.ends_with('_') && !name.ends_with("__") ? name.substr(0, name.size() - 1) : name;
  if (is_one_of(shapes, base)) {
    return BoxKind::shape;
  }
  if (is_one_of(layers, base)) {
    return BoxKind::layer;
  }
  if (is_one_of(poolings, base)) {
    return BoxKind::pooling;
  }
  const std::string text = lower(base);
  for (const Rule& rule : rules) {
    if (text.find(rule.part) != std::string::npos) {
      return rule.kind;
    }
  }
  return std::nullopt;
}

} // namespace

BoxKind kind_of(const jit::Node& node) {
  switch (node.kind()) {
  case c10::prim::If:
  case c10::prim::Loop:
  case c10::prim::Return:
    return BoxKind::control;
  case c10::prim::Constant:
    return BoxKind::constant;
  case c10::prim::CallMethod:
  case c10::prim::CallFunction:
    return BoxKind::call;
  default:
    break;
  }
  if (const auto kind = kind_of_name(node.kind().toUnqualString())) {
    return *kind;
  }
  if (node.outputs().empty() && has_effects(node)) {
    return BoxKind::effect;
  }
  const bool builtin = node.kind().is_aten() || node.kind().is_prim();
  return builtin ? BoxKind::arithmetic : BoxKind::other;
}

} // namespace tsir

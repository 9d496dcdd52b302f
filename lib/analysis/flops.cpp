#include "lib/analysis/flops.h"

namespace tsir {
namespace {

// --- products: a multiplication and an addition are two ------------------------------------------------------------

double matmul(Operands& o) {
  return 2 * o.output_elements() * o.size("self", -1);
}
double mat2(Operands& o) {
  return 2 * o.output_elements() * o.size("mat1", -1);
}
double batch_mat2(Operands& o) {
  return 2 * o.output_elements() * o.size("batch1", -1);
}
double dot(Operands& o) {
  return 2 * o.elements("self");
}
double matvec(Operands& o) {
  return 2 * o.elements("mat");
}
double linear(Operands& o) {
  return 2 * o.output_elements() * o.size("weight", -1);
}
double convolution(Operands& o) {
  const bool transposed = o.present("transposed") && o.flag("transposed");
  const double positions = transposed ? o.elements("input") : o.output_elements();
  return 2 * positions * product(o.sizes("weight"), 1);
}
double transposed_convolution(Operands& o) {
  return 2 * o.elements("input") * product(o.sizes("weight"), 1);
}
double attention(Operands& o) {
  const double keys = o.size("key", -2);
  const double rows = o.elements("query") / std::max(1.0, o.size("query", -1));
  return 2 * rows * keys * (o.size("query", -1) + o.size("value", -1));
}
double recurrent(Operands& o) {
  const std::string_view input = o.present("data") ? "data" : "input";
  return 2 * o.elements(input) / std::max(1.0, o.size(input, -1)) * o.matrix_elements("params");
}
double recurrent_cell(Operands& o) {
  return 2 * o.elements("input") / std::max(1.0, o.size("input", -1)) * (o.elements("w_ih") + o.elements("w_hh"));
}

// --- other operators: per element ----------------------------------------------------------------------------------

double one(Operands& o) {
  return o.output_elements();
}
double two(Operands& o) {
  return 2 * o.output_elements();
}
double three(Operands& o) {
  return 3 * o.output_elements();
}
double reduction(Operands& o) {
  return o.elements("self");
}
double squares(Operands& o) {
  return 2 * o.elements("self");
}
double variance(Operands& o) {
  return 4 * o.elements("self");
}
double softmax(Operands& o) {
  return 5 * o.output_elements();
}
double batch_norm(Operands& o) {
  return (o.flag("training") ? 8 : 2) * o.output_elements();
}
double normalisation(Operands& o) {
  return (o.present("weight") ? 8 : 6) * o.output_elements();
}
double rms_norm(Operands& o) {
  return (o.present("weight") ? 4 : 3) * o.output_elements();
}
double dropout(Operands& o) {
  return o.flag("train") ? 2 * o.output_elements() : 0;
}
double pooling(Operands& o) {
  const std::vector<int64_t> kernel = o.integers("kernel_size");
  const size_t dims = o.output_sizes().size();
  const double window = product(kernel);
  // A single number applies to all spatial dimensions, which do not include batch and channel.
  return o.output_elements() * (kernel.size() == 1 && dims == 4   ? window * window
                                : kernel.size() == 1 && dims == 5 ? window * window * window
                                                                  : window);
}
double nothing(Operands&) {
  return 0;
}

constexpr std::string_view counter = "torch.utils.flop_counter";
constexpr std::string_view arithmetic = "the arithmetic";
constexpr std::string_view custom = "convention: any function of one element counts as one";

const std::vector<FlopRow>& rows() {
  using enum FlopClass;
  static const std::vector<FlopRow> all{
      {{"aten::matmul", "aten::mm", "aten::bmm"},
       product,
       "2 * elements of the result * last size of self",
       counter,
       matmul},
      {{"aten::addmm"},
       product,
       "2 * elements of the result * last size of mat1; the addition is not counted",
       counter,
       mat2},
      {{"aten::baddbmm"},
       product,
       "2 * elements of the result * last size of batch1; the addition is not counted",
       counter,
       batch_mat2},
      {{"aten::mv", "aten::dot"}, product, "2 * elements of self", arithmetic, dot},
      {{"aten::addmv"}, product, "2 * elements of mat; the addition is not counted", arithmetic, matvec},
      {{"aten::linear"},
       product,
       "2 * elements of the result * last size of weight; the bias is not counted",
       counter,
       linear},
      {{"aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::_convolution", "aten::convolution",
        "aten::_convolution_mode", "aten::mkldnn_convolution"},
       product,
       "2 * elements of the result (of the input where transposed) * elements of one filter; bias and padding are "
       "ignored",
       counter,
       convolution},
      {{"aten::conv_transpose1d", "aten::conv_transpose2d", "aten::conv_transpose3d"},
       product,
       "2 * elements of the input * elements of one filter; the bias is not counted",
       counter,
       transposed_convolution},
      {{"aten::scaled_dot_product_attention"},
       product,
       "2 * rows of query * keys * (last size of query + last size of value); masks are ignored",
       counter,
       attention},
      {{"aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu"},
       product,
       "2 * steps * batch * elements of all weight matrices; the gates are not counted",
       arithmetic,
       recurrent},
      {{"aten::lstm_cell", "aten::gru_cell", "aten::rnn_tanh_cell", "aten::rnn_relu_cell"},
       product,
       "2 * batch * elements of both weight matrices",
       arithmetic,
       recurrent_cell},
      {{"aten::add",          "aten::sub",         "aten::rsub",    "aten::mul",        "aten::div",       "aten::neg",
        "aten::abs",          "aten::square",      "aten::sign",    "aten::reciprocal", "aten::remainder", "aten::fmod",
        "aten::floor_divide", "aten::true_divide", "aten::maximum", "aten::minimum",    "aten::floor",     "aten::ceil",
        "aten::round",        "aten::trunc",       "aten::frac"},
       pointwise,
       "1 per element of the result",
       arithmetic,
       one},
      {{"aten::relu",       "aten::relu6",       "aten::sigmoid",   "aten::tanh",      "aten::gelu",
        "aten::silu",       "aten::mish",        "aten::elu",       "aten::selu",      "aten::celu",
        "aten::leaky_relu", "aten::prelu",       "aten::hardtanh",  "aten::hardswish", "aten::hardsigmoid",
        "aten::softplus",   "aten::log_sigmoid", "aten::threshold", "aten::clamp",     "aten::clamp_min",
        "aten::clamp_max",  "aten::exp",         "aten::exp2",      "aten::expm1",     "aten::log",
        "aten::log2",       "aten::log10",       "aten::log1p",     "aten::sqrt",      "aten::rsqrt",
        "aten::pow",        "aten::sin",         "aten::cos",       "aten::tan",       "aten::asin",
        "aten::acos",       "aten::atan",        "aten::atan2",     "aten::sinh",      "aten::cosh",
        "aten::erf",        "aten::erfc",        "aten::erfinv",    "aten::lgamma",    "aten::logit"},
       pointwise,
       "1 per element of the result",
       custom,
       one},
      {{"aten::eq",          "aten::ne",          "aten::lt",          "aten::le",          "aten::gt",
        "aten::ge",          "aten::logical_and", "aten::logical_or",  "aten::logical_not", "aten::logical_xor",
        "aten::isnan",       "aten::isinf",       "aten::bitwise_and", "aten::bitwise_or",  "aten::bitwise_not",
        "aten::bitwise_xor", "aten::__and__",     "aten::__or__",      "aten::__xor__",     "aten::where",
        "aten::masked_fill"},
       pointwise,
       "1 per element of the result",
       "convention: a comparison or selection counts as one",
       one},
      {{"aten::glu"}, pointwise, "2 per element of the result", custom, two},
      {{"aten::addcmul", "aten::addcdiv", "aten::lerp"}, pointwise, "3 per element of the result", arithmetic, three},
      {{"aten::sum", "aten::mean", "aten::prod", "aten::max", "aten::min", "aten::amax", "aten::amin", "aten::argmax",
        "aten::argmin", "aten::all", "aten::any", "aten::cumsum", "aten::cumprod", "aten::adaptive_avg_pool1d",
        "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d", "aten::adaptive_max_pool2d", "aten::logsumexp"},
       pointwise,
       "1 per element of self",
       arithmetic,
       reduction},
      {{"aten::norm", "aten::linalg_vector_norm", "aten::frobenius_norm"},
       pointwise,
       "2 per element of self: square, add",
       arithmetic,
       squares},
      {{"aten::var", "aten::std", "aten::var_mean", "aten::std_mean"},
       pointwise,
       "4 per element of self: mean, difference, square, add",
       arithmetic,
       variance},
      {{"aten::softmax", "aten::log_softmax", "aten::_softmax", "aten::_log_softmax"},
       pointwise,
       "5 per element: maximum, difference, exp, add, and divide or subtract",
       arithmetic,
       softmax},
      {{"aten::batch_norm"},
       pointwise,
       "2 per element: scale, shift; 8 in training, with the statistics",
       arithmetic,
       batch_norm},
      {{"aten::layer_norm", "aten::group_norm", "aten::instance_norm"},
       pointwise,
       "8 per element: mean, variance (3), normalise (2), scale, shift; 6 without weights",
       arithmetic,
       normalisation},
      {{"aten::rms_norm"},
       pointwise,
       "4 per element: square, add, scale by the root and by the weights; 3 without weights",
       arithmetic,
       rms_norm},
      {{"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout"},
       pointwise,
       "2 per element in training: mask, scale; otherwise 0",
       arithmetic,
       dropout},
      {{"aten::max_pool1d", "aten::max_pool2d", "aten::max_pool3d", "aten::avg_pool1d", "aten::avg_pool2d",
        "aten::avg_pool3d", "aten::max_pool2d_with_indices"},
       pointwise,
       "elements of the result * elements of the window",
       arithmetic,
       pooling},
      {{"aten::view",       "aten::reshape",   "aten::flatten",
        "aten::unflatten",  "aten::permute",   "aten::transpose",
        "aten::t",          "aten::numpy_T",   "aten::contiguous",
        "aten::slice",      "aten::select",    "aten::narrow",
        "aten::expand",     "aten::expand_as", "aten::view_as",
        "aten::reshape_as", "aten::squeeze",   "aten::unsqueeze",
        "aten::chunk",      "aten::split",     "aten::split_with_sizes",
        "aten::unbind",     "aten::detach",    "aten::alias",
        "aten::as_strided", "aten::movedim",   "aten::swapaxes",
        "aten::diagonal",   "aten::unfold",    "prim::ConstantChunk"},
       none,
       "0: a view, or a copy",
       "the operator does not compute anything",
       nothing},
      {{"aten::cat",
        "aten::stack",
        "aten::hstack",
        "aten::vstack",
        "aten::clone",
        "aten::copy",
        "aten::to",
        "aten::type_as",
        "aten::float",
        "aten::cpu",
        "aten::repeat",
        "aten::repeat_interleave",
        "aten::roll",
        "aten::flip",
        "aten::pad",
        "aten::constant_pad_nd",
        "aten::embedding",
        "aten::index",
        "aten::index_select",
        "aten::index_put",
        "aten::gather",
        "aten::scatter",
        "aten::masked_select",
        "aten::tril",
        "aten::triu",
        "aten::pixel_shuffle",
        "aten::channel_shuffle",
        "aten::broadcast_tensors",
        "aten::to_dense",
        "aten::to_mkldnn",
        "aten::one_hot"},
       none,
       "0: copies data",
       "the operator does not compute anything",
       nothing},
      {{"aten::zeros",      "aten::ones",
        "aten::full",       "aten::empty",
        "aten::zeros_like", "aten::ones_like",
        "aten::full_like",  "aten::empty_like",
        "aten::new_zeros",  "aten::new_ones",
        "aten::new_full",   "aten::new_empty",
        "aten::zero",       "aten::fill",
        "aten::arange",     "aten::linspace",
        "aten::eye",        "aten::tensor",
        "aten::as_tensor",  "aten::scalar_tensor",
        "aten::rand",       "aten::randn",
        "aten::rand_like",  "aten::randn_like",
        "aten::randint",    "aten::_shape_as_tensor",
        "prim::NumToTensor"},
       none,
       "0: creates data",
       "no arithmetic on tensors",
       nothing},
      {{"aten::__getitem__", "aten::append", "aten::list", "aten::_set_item", "aten::wait", "aten::pop", "aten::insert",
        "aten::extend", "aten::values", "aten::dict", "aten::warn", "aten::_pack_padded_sequence",
        "aten::_pad_packed_sequence", "aten::set_grad_enabled", "aten::requires_grad"},
       none,
       "0: containers and flags",
       "the operator does not compute anything",
       nothing},
  };
  return all;
}

} // namespace

std::string_view to_string(FlopClass kind) {
  switch (kind) {
  case FlopClass::product:
    return "product";
  case FlopClass::pointwise:
    return "pointwise";
  case FlopClass::none:
    return "none";
  }
  return "?";
}

std::span<const FlopRow> flop_table() {
  return rows();
}

const FlopRow* find_flops(const jit::Node& node) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const FlopRow*> found;
    for (const FlopRow& row : rows()) {
      for (const std::string_view name : row.operators) {
        found.emplace(name, &row);
      }
    }
    return found;
  }();
  std::string_view name = node.kind().toQualString();
  auto found = index.find(name);
  if (found == index.end() && name.ends_with('_')) {
    name.remove_suffix(1);
    found = index.find(name);
  }
  return found == index.end() ? nullptr : found->second;
}

} // namespace tsir

#include "lib/run/compare_tensor.h"

#include <fmt/ranges.h>

#include <cstring>
#include <limits>

namespace tsir {
namespace {

// The effect that rounding may have on a network's outputs when operators are fused, folded or reordered: hundreds of
// steps of the dtype for a deep network. An element near zero is often a sum of large terms that cancel, so its error
// depends on the size of its neighbours: `scaled` is a fraction of the tensor's largest magnitude. `floor` is the
// tolerance for an all-zero reference.
struct Defaults {
  double rtol, scaled, floor;
};

Defaults defaults_of(at::ScalarType type) {
  switch (type) {
  case at::kDouble:
  case at::kComplexDouble:
    return {1e-9, 1e-11, 1e-15};
  case at::kFloat:
  case at::kComplexFloat:
    return {1e-4, 2e-5, 1e-7};
  case at::kHalf:
  case at::kComplexHalf:
    return {1e-2, 4e-3, 1e-5};
  case at::kBFloat16:
    return {5e-2, 2e-2, 1e-5};
  default:
    return {0.25, 0.125, 1e-3}; // the 8-bit floats
  }
}

struct Limits {
  double rtol, atol;
};

bool is_exact(const at::Tensor& tensor) {
  return !tensor.is_floating_point() && !tensor.is_complex() && !tensor.is_quantized();
}

double largest_finite(const at::Tensor& flat) {
  const auto finite = flat.masked_select(at::isfinite(flat));
  return finite.numel() == 0 ? 0 : finite.max().item<double>();
}

Limits limits_for(const Tolerance& tolerance, at::ScalarType type, double magnitude, double quantum) {
  const Defaults defaults = defaults_of(type);
  const auto given = tolerance.by_dtype.find(type);
  const Tolerance::Limits wanted =
      given == tolerance.by_dtype.end() ? Tolerance::Limits{tolerance.rtol, tolerance.atol} : given->second;
  const double rtol = wanted.rtol >= 0 ? wanted.rtol : defaults.rtol;
  const double atol = wanted.atol >= 0 ? wanted.atol : std::max(defaults.floor, defaults.scaled * magnitude) + quantum;
  return {rtol, atol};
}

// A quantised value may be rounded to the next step.
double quantum_of(const at::Tensor& tensor) {
  if (!tensor.is_quantized()) {
    return 0;
  }
  const bool per_tensor = tensor.qscheme() == at::kPerTensorAffine || tensor.qscheme() == at::kPerTensorSymmetric;
  return 1.01 * (per_tensor ? tensor.q_scale() : tensor.q_per_channel_scales().max().item<double>());
}

std::string describe(const at::Tensor& tensor) {
  return fmt::format("{}[{}]", c10::toString(tensor.scalar_type()), fmt::join(tensor.sizes(), ","));
}

// Dense, on the host, without history.
at::Tensor plain(at::Tensor tensor) {
  tensor = tensor.detach();
  if (tensor.is_mkldnn() || tensor.layout() != at::kStrided) {
    tensor = tensor.to_dense();
  }
  if (tensor.is_quantized()) {
    tensor = tensor.dequantize();
  }
  return tensor.cpu().resolve_conj().resolve_neg().contiguous();
}

bool same_bytes(const at::Tensor& a, const at::Tensor& b) {
  return a.nbytes() == b.nbytes() &&
         (a.nbytes() == 0 || std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0);
}

// Converts the numbers to float64, complex ones to pairs.
at::Tensor widened(const at::Tensor& tensor) {
  const auto real = tensor.is_complex() ? at::view_as_real(tensor.to(at::kComplexDouble)) : tensor;
  return real.to(at::kDouble);
}

std::string element_at(const at::Tensor& like, int64_t flat_index) {
  std::vector<int64_t> index(static_cast<size_t>(like.dim()));
  for (auto axis = like.dim() - 1; axis >= 0; --axis) {
    index[static_cast<size_t>(axis)] = flat_index % like.size(axis);
    flat_index /= like.size(axis);
  }
  return fmt::format("[{}]", fmt::join(index, ","));
}

TensorDifference mismatch(std::string what) {
  return {false, false, 0, 0, "", std::move(what)};
}

TensorDifference compare_integers(const at::Tensor& reference, const at::Tensor& value) {
  const auto wrong = reference.ne(value).flatten();
  TensorDifference found;
  found.identical = false;
  found.same = false;
  const auto first = wrong.to(at::kByte).argmax().item<int64_t>();
  const auto off = (value.to(at::kDouble) - reference.to(at::kDouble)).abs().flatten();
  found.max_absolute = off.max().item<double>();
  const auto size = reference.to(at::kDouble).abs().flatten();
  const auto relative = off.div(size).masked_select(size.gt(0));
  found.max_relative = relative.numel() == 0 ? 0 : relative.max().item<double>();
  found.element = element_at(reference, first);
  found.what =
      fmt::format("{} of {} elements differ, the first is {} instead of {}", wrong.sum().item<int64_t>(), wrong.numel(),
                  value.flatten()[first].item<int64_t>(), reference.flatten()[first].item<int64_t>());
  return found;
}

TensorDifference compare_floats(const at::Tensor& reference, const at::Tensor& value, const Limits& limits) {
  const auto a = widened(reference), b = widened(value);
  // NaN and infinities must be at the same places; then they count as equal.
  const auto alike = a.eq(b).logical_or(a.isnan().logical_and(b.isnan()));
  const auto finite = at::isfinite(a).logical_and(at::isfinite(b));
  const auto off = at::where(finite, (a - b).abs(), at::zeros({}, a.options()));
  const auto allowed = a.abs().mul(limits.rtol).add(limits.atol);
  const auto wrong = alike.logical_not().logical_and(finite.logical_not().logical_or(off.gt(allowed)));

  TensorDifference found;
  found.identical = false;
  found.max_absolute = off.max().item<double>();
  const auto relative = off.div(a.abs()).masked_select(finite.logical_and(a.ne(0)));
  found.max_relative = relative.numel() == 0 ? 0 : relative.max().item<double>();
  const int64_t parts = reference.is_complex() ? 2 : 1;
  const auto count = wrong.sum().item<int64_t>();
  if (count == 0) {
    found.element = found.max_absolute > 0 ? element_at(reference, off.argmax().item<int64_t>() / parts) : "";
    return found;
  }
  const auto broken = wrong.logical_and(finite.logical_not());
  const bool not_finite = broken.any().item<bool>();
  const auto at = not_finite ? broken.flatten().to(at::kByte).argmax() : off.mul(wrong).argmax();
  const auto worst = at.item<int64_t>();
  if (not_finite) {
    found.max_absolute = std::numeric_limits<double>::infinity();
  }
  found.same = false;
  found.element = element_at(reference, worst / parts);
  found.what = fmt::format("{} of {} elements differ, the worst is {:.9g} instead of {:.9g}", count, wrong.numel(),
                           b.flatten()[worst].item<double>(), a.flatten()[worst].item<double>());
  return found;
}

} // namespace

TensorDifference compare_tensors(const at::Tensor& reference, const at::Tensor& value, const Tolerance& tolerance) {
  if (!reference.defined() || !value.defined()) {
    return reference.defined() == value.defined() ? TensorDifference{} : mismatch("an undefined tensor");
  }
  if (reference.scalar_type() != value.scalar_type() || reference.sizes() != value.sizes()) {
    return mismatch(fmt::format("{} instead of {}", describe(value), describe(reference)));
  }
  const auto a = plain(reference), b = plain(value);
  if (same_bytes(a, b)) {
    return {};
  }
  if (is_exact(reference)) {
    return compare_integers(a, b);
  }
  const double magnitude = largest_finite(widened(a).abs());
  return compare_floats(a, b, limits_for(tolerance, a.scalar_type(), magnitude, quantum_of(reference)));
}

TensorDifference compare_numbers(double reference, double value, const Tolerance& tolerance) {
  const auto options = at::TensorOptions().dtype(at::kDouble);
  const auto a = at::scalar_tensor(reference, options), b = at::scalar_tensor(value, options);
  if (same_bytes(a, b)) {
    return {};
  }
  const double magnitude = std::isfinite(reference) ? std::abs(reference) : 0;
  TensorDifference found = compare_floats(a, b, limits_for(tolerance, at::kFloat, magnitude, 0));
  found.element.clear();
  if (!found.same) {
    found.what = fmt::format("{:.9g} instead of {:.9g}", value, reference);
  }
  return found;
}

} // namespace tsir

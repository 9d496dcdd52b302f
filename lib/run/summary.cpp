#include "lib/run/summary.h"

#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"

#include <ATen/core/enum_type.h>
#include <fmt/ostream.h>

#include <cmath>

namespace tsir {
namespace {

constexpr int64_t shown_values = 8;

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Converts to a dense tensor on the CPU, without quantisation or autograd history.
at::Tensor plain(const at::Tensor& tensor) {
  at::Tensor result = tensor.detach();
  if (result.is_mkldnn() || result.layout() != at::kStrided) {
    result = result.to_dense();
  }
  if (result.is_quantized()) {
    result = result.dequantize();
  }
  return result.cpu().resolve_conj().resolve_neg();
}

std::string number_text(const c10::Scalar& number) {
  if (number.isComplex()) {
    const auto value = number.to<c10::complex<double>>();
    return fmt::format("{:.6g}{:+.6g}j", value.real(), value.imag());
  }
  if (number.isBoolean()) {
    return number.to<bool>() ? "true" : "false";
  }
  return number.isFloatingPoint() ? fmt::format("{:.6g}", number.to<double>())
                                  : fmt::format("{}", number.to<int64_t>());
}

void add_range(TensorSummary& summary, const at::Tensor& tensor) {
  const at::Tensor real = (tensor.is_complex() ? tensor.abs() : tensor).to(at::kDouble).flatten();
  const at::Tensor finite = at::isfinite(real);
  const auto good = finite.sum().item<int64_t>();
  summary.nan = real.isnan().sum().item<int64_t>();
  summary.infinite = real.numel() - good - summary.nan;
  if (good > 0) {
    const at::Tensor values = good == real.numel() ? real : real.masked_select(finite);
    summary.min = values.min().item<double>();
    summary.max = values.max().item<double>();
    summary.mean = values.mean().item<double>();
  }
}

TensorSummary summarize(const at::Tensor& tensor) {
  TensorSummary summary;
  summary.dtype = dtype_name(tensor.scalar_type());
  summary.shape = tensor.sizes().vec();
  summary.device = tensor.device().str();
  if (tensor.layout() != at::kStrided) {
    summary.layout = tensor.is_mkldnn() ? "mkldnn" : fmt::format("{}", fmt::streamed(tensor.layout()));
  }
  if (tensor.numel() == 0) {
    return summary;
  }
  const at::Tensor values = plain(tensor);
  add_range(summary, values);
  if (values.numel() <= shown_values) {
    const at::Tensor flat = values.flatten();
    for (int64_t i = 0; i < flat.numel(); ++i) {
      summary.values.push_back(number_text(flat[i].item()));
    }
  }
  return summary;
}

class Collector {
public:
  explicit Collector(size_t limit) : limit_(limit) {}
  void add(const std::string& path, const c10::IValue& value);
  std::vector<ValueSummary> take() { return std::move(found_); }

private:
  template <typename Elements>
  void add_elements(const std::string& path, const std::string& type, const Elements& elements);
  void add_tuple(const std::string& path, const c10::ivalue::Tuple& tuple);
  void add_dict(const std::string& path, const c10::impl::GenericDict& dict);
  void add_object(const std::string& path, const c10::ivalue::Object& object);
  void add_plain(const std::string& path, const c10::IValue& value);

  size_t limit_;
  std::vector<ValueSummary> found_;
};

template <typename Elements>
void Collector::add_elements(const std::string& path, const std::string& type, const Elements& elements) {
  found_.push_back({path, type, {}, elements.size(), {}});
  for (size_t i = 0; i < std::min(elements.size(), limit_); ++i) {
    add(fmt::format("{}[{}]", path, i), elements[i]);
  }
}

void Collector::add_tuple(const std::string& path, const c10::ivalue::Tuple& tuple) {
  const auto type = tuple.type();
  if (!type->schema()) {
    add_elements(path, "tuple", tuple.elements());
    return;
  }
  const std::string name = type->name() ? type->name()->name() : "NamedTuple";
  found_.push_back({path, name, {}, tuple.elements().size(), {}});
  for (size_t i = 0; i < tuple.elements().size(); ++i) {
    add(path + "." + type->schema()->arguments()[i].name(), tuple.elements()[i]);
  }
}

void Collector::add_dict(const std::string& path, const c10::impl::GenericDict& dict) {
  found_.push_back({path, "dict", {}, dict.size(), {}});
  size_t count = 0;
  for (const auto& entry : dict) {
    if (count++ == limit_) {
      break;
    }
    const std::string key = entry.key().isString() ? quoted(entry.key().toStringRef())
                                                   : one_line(fmt::format("{}", fmt::streamed(entry.key())), 40);
    add(fmt::format("{}[{}]", path, key), entry.value());
  }
}

void Collector::add_object(const std::string& path, const c10::ivalue::Object& object) {
  const auto type = object.type();
  found_.push_back({path, type->name() ? type->name()->name() : "object", {}, {}, {}});
  for (size_t i = 0; i < std::min(type->numAttributes(), limit_); ++i) {
    if (!object.slots()[i].isCapsule()) {
      add(path + "." + type->getAttributeName(i), object.slots()[i]);
    }
  }
}

void Collector::add_plain(const std::string& path, const c10::IValue& value) {
  ValueSummary summary{path, value.tagKind(), {}, {}, {}};
  if (value.isNone()) {
    summary.value = "None";
  } else if (value.isInt() || value.isDouble() || value.isBool() || value.isComplexDouble()) {
    summary.type = value.isInt() ? "int" : value.isDouble() ? "float" : value.isBool() ? "bool" : "complex";
    // A float with all its digits, unlike the values of a tensor.
    summary.value = value.isDouble() ? fmt::format("{}", value.toDouble()) : number_text(value.toScalar());
  } else if (value.isString()) {
    summary.type = "str";
    summary.value = quoted(value.toStringRef());
  } else if (value.isEnum()) {
    summary.type = value.toEnumHolder()->type()->qualifiedClassName().name(); // the short name
    summary.value = value.toEnumHolder()->name();
  } else if (value.isDevice()) {
    summary.value = value.toDevice().str();
  }
  found_.push_back(std::move(summary));
}

void Collector::add(const std::string& path, const c10::IValue& value) {
  if (value.isFuture()) {
    value.toFuture()->waitAndThrow();
    add(path, value.toFuture()->value());
  } else if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    found_.push_back({path, "tensor", {}, {}, {}});
    if (tensor.defined()) {
      found_.back().tensor = summarize(tensor);
    } else {
      found_.back().value = "undefined";
    }
  } else if (value.isList()) {
    add_elements(path, "list", value.toListRef());
  } else if (value.isTuple()) {
    add_tuple(path, value.toTupleRef());
  } else if (value.isGenericDict()) {
    add_dict(path, value.toGenericDict());
  } else if (value.isObject()) {
    add_object(path, value.toObjectRef());
  } else {
    add_plain(path, value);
  }
}

} // namespace

std::vector<ValueSummary> summarize(const std::vector<c10::IValue>& outputs, size_t limit) {
  Collector collector(limit);
  for (size_t i = 0; i < outputs.size(); ++i) {
    collector.add(outputs.size() == 1 ? "output" : fmt::format("output{}", i), outputs[i]);
  }
  return collector.take();
}

} // namespace tsir

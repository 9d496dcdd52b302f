#include "lib/analysis/shapes.h"

#include "lib/analysis/names.h"
#include "lib/ir/dtype_names.h"

namespace tsir {
namespace {

std::string shape_text(const c10::TensorType& type) {
  const auto sizes = type.sizes().sizes();
  if (!sizes) {
    return "?";
  }
  std::vector<std::string> texts;
  for (const auto& size : *sizes) {
    texts.push_back(size ? fmt::to_string(*size) : "*");
  }
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string layout_text(const c10::TensorType& type) {
  const auto sizes = type.sizes().concrete_sizes();
  const auto strides = type.strides().concrete_sizes();
  if (!sizes || !strides) {
    return "?";
  }
  const auto is_like = [&](const std::vector<int64_t>& expected) {
    for (size_t i = 0; i < sizes->size(); ++i) {
      if ((*sizes)[i] != 1 && (*strides)[i] != expected[i]) {
        return false; // strides in dimensions of size one do not matter
      }
    }
    return true;
  };
  if (is_like(c10::TensorType::contiguousStridesOf(*sizes))) {
    return "contiguous";
  }
  if (sizes->size() == 4 && is_like(c10::get_channels_last_strides_2d(*sizes))) {
    return "channels last";
  }
  return fmt::format("strides [{}]", fmt::join(*strides, ", "));
}

std::string reason(const AnalysisInput& subject, const jit::Value& value) {
  if (!subject.ran) {
    return "nothing was run";
  }
  if (subject.runs_of(*value.node()->owningBlock()) == 0) {
    return "not reached in this run";
  }
  return "undefined, or not a dense tensor";
}

} // namespace

std::vector<TensorFacts> tensors_of(const AnalysisInput& subject) {
  std::vector<TensorFacts> all;
  for (const jit::Value* value : values_in_order(*subject.graph)) {
    const auto type = value->type()->cast<c10::TensorType>();
    if (!type) {
      continue;
    }
    TensorFacts facts{.value = value,
                      .dtype = "?",
                      .shape = shape_text(*type),
                      .layout = layout_text(*type),
                      .device = "?",
                      .problem = {}};
    if (type->scalarType()) {
      facts.dtype = dtype_name(*type->scalarType());
    }
    if (type->device()) {
      facts.device = type->device()->str();
    }
    if (facts.dtype == "?" && facts.shape == "?") {
      facts.problem = reason(subject, *value);
    }
    all.push_back(std::move(facts));
  }
  return all;
}

} // namespace tsir

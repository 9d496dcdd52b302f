#include "lib/reduce/candidate.h"

#include "lib/analysis/names.h"
#include "lib/ir/dtype_names.h"

#include <cmath>

namespace tsir {
namespace {

constexpr int64_t most_elements = 16; // of an integer tensor whose elements are written out

std::string number_text(double value) {
  if (!std::isfinite(value)) {
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

// Writes integers so that they stay in their range, as indices (of an embedding, for example) must.
std::string integers_text(const at::Tensor& tensor, const std::string& title) {
  const at::Tensor flat = tensor.to(at::kLong).contiguous().view({-1});
  if (flat.numel() == 0) {
    return title;
  }
  const int64_t* begin = flat.const_data_ptr<int64_t>();
  const std::span<const int64_t> numbers(begin, static_cast<size_t>(flat.numel()));
  if (flat.numel() <= most_elements && tensor.dim() == 1) {
    return fmt::format("{}=[{}]", title, fmt::join(numbers, ","));
  }
  const auto [low, high] = std::ranges::minmax(numbers);
  return low == high ? fmt::format("{}=full({})", title, low) : fmt::format("{}=randint({},{})", title, low, high + 1);
}

std::optional<std::string> tensor_text(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.layout() != at::kStrided || tensor.is_quantized()) {
    return std::nullopt;
  }
  const std::string title = fmt::format("{}[{}]", dtype_name(tensor.scalar_type()), fmt::join(tensor.sizes(), ","));
  return c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/false) && tensor.device().is_cpu()
             ? integers_text(tensor, title)
             : title;
}

template <typename Elements>
std::optional<std::string> joined(const Elements& elements, const char* open, const char* close) {
  std::string text;
  for (const c10::IValue& element : elements) {
    const auto one = input_text_of(element);
    if (!one) {
      return std::nullopt;
    }
    text += (text.empty() ? "" : ", ") + *one;
  }
  return open + text + close;
}

std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return quoted + "\"";
}

} // namespace

std::optional<std::string> input_text_of(const c10::IValue& value) {
  if (value.isTensor()) {
    return tensor_text(value.toTensor());
  }
  if (value.isNone()) {
    return "None";
  }
  if (value.isBool()) {
    return value.toBool() ? "true" : "false";
  }
  if (value.isInt()) {
    return fmt::to_string(value.toInt());
  }
  if (value.isDouble()) {
    return number_text(value.toDouble());
  }
  if (value.isString()) {
    return quoted(value.toStringRef());
  }
  if (value.isList()) {
    return joined(value.toListRef(), "[", "]");
  }
  if (value.isTuple()) {
    const auto& elements = value.toTupleRef().elements();
    return joined(elements, "(", elements.size() == 1 ? ",)" : ")");
  }
  return std::nullopt;
}

// values_in_order returns const values; a candidate's graph may be changed.
std::vector<jit::Value*> Candidate::values_of(jit::Graph& graph) {
  std::vector<jit::Value*> values;
  for (const jit::Value* value : values_in_order(graph)) {
    values.push_back(const_cast<jit::Value*>(value));
  }
  return values;
}

std::vector<jit::Node*> nodes_of(jit::Graph& graph) {
  std::vector<jit::Node*> nodes;
  for (const jit::Node* node : nodes_in_order(graph)) {
    nodes.push_back(const_cast<jit::Node*>(node));
  }
  return nodes;
}

Candidate Candidate::copy() const {
  Candidate made{graph->copy(), inputs, pipeline, sets, calls, {}};
  const std::vector<jit::Value*> from = values_of(*graph);
  const std::vector<jit::Value*> to = values_of(*made.graph);
  for (size_t i = 0; i < from.size() && i < to.size(); ++i) {
    if (const auto found = seen.find(from[i]); found != seen.end()) {
      made.seen.emplace(to[i], found->second);
    }
  }
  return made;
}

} // namespace tsir

// Writes summaries as a table and as JSON.
#include "lib/run/summary.h"

#include "lib/base/table.h"

#include <fmt/ranges.h>

namespace tsir {
namespace {

std::string type_text(const ValueSummary& summary) {
  if (summary.tensor) {
    return fmt::format("{}[{}]", summary.tensor->dtype, fmt::join(summary.tensor->shape, ","));
  }
  return summary.length ? fmt::format("{} of {}", summary.type, *summary.length) : summary.type;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "";
}

std::string notes(const ValueSummary& summary) {
  if (!summary.tensor) {
    return summary.value.value_or("");
  }
  const TensorSummary& tensor = *summary.tensor;
  std::vector<std::string> parts;
  if (!tensor.values.empty()) {
    parts.push_back(fmt::format("= {}", fmt::join(tensor.values, " ")));
  }
  if (tensor.nan > 0) {
    parts.push_back(fmt::format("{} NaN", tensor.nan));
  }
  if (tensor.infinite > 0) {
    parts.push_back(fmt::format("{} infinite", tensor.infinite));
  }
  if (!tensor.layout.empty()) {
    parts.push_back(tensor.layout);
  }
  if (tensor.device != "cpu") {
    parts.push_back("on " + tensor.device);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// JSON has no NaN: null stands for an absent number.
nlohmann::ordered_json optional_json(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

} // namespace

nlohmann::ordered_json to_json(const std::vector<ValueSummary>& summaries) {
  auto all = nlohmann::ordered_json::array();
  for (const ValueSummary& summary : summaries) {
    nlohmann::ordered_json entry = {{"path", summary.path}, {"type", summary.type}};
    if (const auto& tensor = summary.tensor) {
      entry.update({{"dtype", tensor->dtype},
                    {"shape", tensor->shape},
                    {"device", tensor->device},
                    {"layout", tensor->layout.empty() ? "strided" : tensor->layout},
                    {"min", optional_json(tensor->min)},
                    {"mean", optional_json(tensor->mean)},
                    {"max", optional_json(tensor->max)},
                    {"nan", tensor->nan},
                    {"infinite", tensor->infinite}});
      if (!tensor->values.empty()) {
        entry["values"] = tensor->values;
      }
    }
    if (summary.length) {
      entry["length"] = *summary.length;
    }
    if (summary.value) {
      entry["value"] = *summary.value;
    }
    all.push_back(std::move(entry));
  }
  return all;
}

std::string to_text(const std::vector<ValueSummary>& summaries, const std::string& indent) {
  using Align = Table::Align;
  Table table({{"output", Align::left},
               {"type", Align::left},
               {"min", Align::right},
               {"mean", Align::right},
               {"max", Align::right},
               {"value", Align::left}});
  for (const ValueSummary& summary : summaries) {
    const auto range = summary.tensor.value_or(TensorSummary{});
    table.add(
        {summary.path, type_text(summary), number(range.min), number(range.mean), number(range.max), notes(summary)});
  }
  return table.text(indent);
}

} // namespace tsir

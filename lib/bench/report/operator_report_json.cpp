#include "lib/bench/report/operator_report_text.h"
#include "lib/bench/report/report_json_parts.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

Json profile_json(const BenchOutcome& result, const VariantOperators& entry) {
  Json rows = Json::array();
  for (const OperatorShare& row : entry.profile.operators) {
    rows.push_back({{"operator", row.name},
                    {"ns", row.ns},
                    {"low", finite(row.low)},
                    {"high", finite(row.high)},
                    {"calls", row.calls}});
  }
  return {{"variant", result.variants[entry.variant].name},     {"measured_ns", entry.profile.measured_ns},
          {"attributed_ns", entry.profile.attributed_ns},       {"unattributed_ns", entry.profile.unattributed_ns},
          {"profiled_over_plain", entry.profile.profiled_call}, {"operators", rows}};
}

Json attribution_json(const BenchOutcome& result, const ContrastOperators& entry) {
  const Attribution& attribution = entry.attribution;
  Json rows = Json::array();
  for (const OperatorDelta& row : attribution.operators) {
    rows.push_back({{"operator", row.name},
                    {"reference_ns", row.reference_ns},
                    {"ns", row.variant_ns},
                    {"delta_ns", row.delta_ns},
                    {"low", finite(row.low)},
                    {"high", finite(row.high)},
                    {"reference_calls", row.reference_calls},
                    {"calls", row.variant_calls}});
  }
  Json replacements = Json::array();
  for (const Replacement& replacement : attribution.replacements) {
    replacements.push_back({{"groups", replacement.groups},
                            {"groups_delta_ns", replacement.groups_ns},
                            {"operators", replacement.operators},
                            {"operators_delta_ns", replacement.operators_ns}});
  }
  return {{"name", result.variants[entry.variant].name},
          {"reference", result.variants[entry.reference].name},
          {"measured_delta_ns", attribution.measured_ns},
          {"attributed_delta_ns", attribution.attributed_ns},
          {"unattributed_delta_ns", attribution.unattributed_ns},
          {"operators", rows},
          {"replacements", replacements}};
}

} // namespace

Json operators_json(const BenchOutcome& result) {
  const OperatorOutcome& report = *result.operators;
  Json variants = Json::array();
  for (const VariantOperators& entry : report.variants) {
    variants.push_back(profile_json(result, entry));
  }
  Json contrasts = Json::array();
  for (const ContrastOperators& entry : report.contrasts) {
    contrasts.push_back(attribution_json(result, entry));
  }
  return {{"rounds", report.rounds},     {"blocks", report.blocks},
          {"seconds", report.seconds},   {"span_cost_ns", report.span_cost_ns},
          {"failures", report.failures}, {"variants", variants},
          {"contrasts", contrasts}};
}

} // namespace tsir

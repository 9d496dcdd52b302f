#include "lib/bench/export/rows.h"

#include "lib/base/printable.h"

namespace tsir {
namespace {

template <class Decided> std::string verdict(const ExportRow& row, const Decided& decided) {
  if (row.against == nullptr) {
    return "reference";
  }
  if (row.against->identical) {
    return std::string(to_string(Outcome::identical));
  }
  const std::string word = row.against->decision ? decided(*row.against->decision) : "not timed";
  return row.timed_itself() ? word : word + ", same graph as " + row.twin;
}

} // namespace

std::vector<ExportRow> export_rows(const BenchOutcome& result) {
  const std::vector<std::string> names = row_names(result);
  std::vector<ExportRow> rows;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const auto timed = result.timed_arm(i);
    const auto summary = timed ? summarize(timed->group->measurement, timed->arm) : std::nullopt;
    if (summary && has_times(result.variants[i].state)) {
      const size_t variant = timed->group->variants[timed->arm];
      rows.push_back({names[i], printable(result.variants[i].passes), variant == i ? "" : names[variant], timed->group,
                      timed->arm, i == 0 ? nullptr : result.contrast(i, 0), *summary});
    }
  }
  return rows;
}

std::vector<double> counted_samples(const Measurement& measurement, size_t arm) {
  std::vector<double> all;
  for (const Round& round : measurement.rounds) {
    if (round.counts(arm)) {
      const std::vector<double> samples = round_samples(round, arm);
      all.insert(all.end(), samples.begin(), samples.end());
    }
  }
  return all;
}

std::string verdict_word(const ExportRow& row) {
  return verdict(row, [](const Decision& decision) { return std::string(to_string(decision.outcome)); });
}

std::string verdict_line(const ExportRow& row) {
  return verdict(row, [](const Decision& decision) { return describe(decision); });
}

std::string dump_export(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace tsir

#include "lib/measure/export/rows.h"

#include "lib/text/printable.h"

#include <filesystem>
#include <map>

namespace tsir {
namespace {

struct Place {
  const Group* group;
  size_t arm;
};

std::optional<Place> place_of(const BenchResult& result, size_t variant) {
  for (const Group& group : result.groups) {
    const auto found = std::ranges::find(group.variants, variant);
    if (found != group.variants.end()) {
      return Place{&group, static_cast<size_t>(found - group.variants.begin())};
    }
  }
  return std::nullopt;
}

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

std::vector<std::string> export_names(const BenchResult& result, const BenchContext& context) {
  const std::string stem = std::filesystem::path(context.file).stem().string();
  std::vector<std::string> names;
  std::map<std::string, size_t> uses;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    std::string name =
        printable(fmt::format("{}/{}/{}", stem, context.method, i == 0 ? "baseline" : result.variants[i].spec.label()));
    const size_t use = ++uses[name];
    names.push_back(use == 1 ? name : fmt::format("{}#{}", name, use));
  }
  return names;
}

std::vector<ExportRow> export_rows(const BenchResult& result, const BenchContext& context) {
  const std::vector<std::string> names = export_names(result, context);
  std::vector<ExportRow> rows;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const auto own = place_of(result, i); // an identical variant has one where it was timed by force
    const auto place = own ? own : place_of(result, result.timed_as(i));
    const auto summary = place ? summarize(place->group->measurement, place->arm) : std::nullopt;
    if (summary && has_times(result.variants[i].state)) {
      rows.push_back({names[i], printable(result.variants[i].spec.pipeline.text()),
                      own ? "" : names[result.timed_as(i)], place->group, place->arm,
                      i == 0 ? nullptr : result.contrast(i, 0), *summary});
    }
  }
  return rows;
}

bool counted(const Round& round, size_t arm) {
  return std::ranges::find(round.replanned, arm) == round.replanned.end();
}

std::vector<double> counted_samples(const Measurement& measurement, size_t arm) {
  std::vector<double> all;
  for (const Round& round : measurement.rounds) {
    if (counted(round, arm)) {
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

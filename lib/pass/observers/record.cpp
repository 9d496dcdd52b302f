#include "lib/pass/observers/record.h"

#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/pass/pipeline.h"

#include <numeric>

namespace tsir {
namespace {

size_t total(const std::map<std::string, size_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), size_t{0},
                         [](size_t sum, const auto& entry) { return sum + entry.second; });
}

std::map<std::string, int64_t> difference(const std::map<std::string, size_t>& before,
                                          const std::map<std::string, size_t>& after) {
  std::map<std::string, int64_t> change;
  for (const auto& [kind, count] : before) {
    change[kind] -= static_cast<int64_t>(count);
  }
  for (const auto& [kind, count] : after) {
    change[kind] += static_cast<int64_t>(count);
  }
  std::erase_if(change, [](const auto& entry) { return entry.second == 0; });
  return change;
}

std::string change_text(const std::map<std::string, int64_t>& change) {
  std::string text;
  for (const auto& [kind, count] : change) {
    text += fmt::format("{}{:+} {}", text.empty() ? "" : ", ", count, kind);
  }
  return text;
}

} // namespace

void RecordObserver::before_pipeline(Unit& unit) {
  counts_ = count_operators(*unit.graph());
}

void RecordObserver::after_pass(const PassEvent& event, Unit& unit) {
  auto counts = count_operators(*unit.graph());
  records_.push_back({.name = event.use.row->name,
                      .use = event.use.text(),
                      .pipeline_text = event.pipeline_text,
                      .changed = event.changed,
                      .seconds = std::chrono::duration<double>(event.duration).count(),
                      .note = event.note,
                      .data = event.data,
                      .nodes_before = total(counts_),
                      .nodes_after = total(counts),
                      .beyond_host = event.beyond_host,
                      .operators = difference(counts_, counts)});
  counts_ = std::move(counts);
}

std::string time_table(const std::vector<PassRecord>& records) {
  using Align = Table::Align;
  double whole = 0;
  for (const PassRecord& record : records) {
    whole += record.seconds;
  }
  Table table({{"pass", Align::left}, {"time", Align::right}, {"share", Align::right}});
  for (const PassRecord& record : records) {
    table.add({record.use, human_seconds(record.seconds),
               fmt::format("{:.1f} %", whole > 0 ? 100 * record.seconds / whole : 0)});
  }
  table.add({"all passes", human_seconds(whole), ""});
  return table.text();
}

std::string stats_table(const std::vector<PassRecord>& records) {
  using Align = Table::Align;
  Table table({{"pass", Align::left}, {"nodes", Align::right}, {"after", Align::right}, {"operators", Align::left}});
  for (const PassRecord& record : records) {
    table.add({record.use, fmt::to_string(record.nodes_before), fmt::to_string(record.nodes_after),
               !record.operators.empty() ? change_text(record.operators)
               : record.changed          ? "changed, with the same operators"
                                         : "unchanged"});
  }
  return table.text();
}

nlohmann::ordered_json to_json(const std::vector<PassRecord>& records) {
  auto all = nlohmann::ordered_json::array();
  for (const PassRecord& record : records) {
    all.push_back({{"pass", record.name},
                   {"use", record.use},
                   {"passes", record.pipeline_text},
                   {"changed", record.changed},
                   {"seconds", record.seconds},
                   {"note", record.note},
                   {"nodes_before", record.nodes_before},
                   {"nodes_after", record.nodes_after},
                   {"operators", record.operators}});
    if (!record.data.is_null()) {
      all.back()["report"] = record.data;
    }
  }
  return all;
}

} // namespace tsir

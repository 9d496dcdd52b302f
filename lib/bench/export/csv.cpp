#include "lib/bench/export/csv.h"

#include "lib/bench/export/rows.h"

#include <cmath>

namespace tsir {
namespace {

// Quotes a field as in RFC 4180. Names of pipelines contain commas.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

// The lines of one group's rounds.
class SampleLines {
public:
  SampleLines(const Group& group, std::vector<std::string> arms, int64_t origin)
      : measurement_(group.measurement), arms_(std::move(arms)), origin_(origin) {}

  void add(std::string& text, size_t round, size_t number) const {
    const auto& blocks = measurement_.rounds[round].blocks;
    for (size_t block = 0; block < blocks.size(); ++block) {
      const auto& slots = blocks[block].slots;
      for (size_t slot = 0; slot < slots.size(); ++slot) {
        const size_t arm = slots[slot].arm;
        if (measurement_.failures[arm].empty() && measurement_.rounds[round].counts(arm)) {
          add_slot(text, fmt::format("{},{},{},{}", number, block, slot, arms_[arm]), slots[slot]);
        }
      }
    }
  }

private:
  // Samples follow each other without a pause, and only the start of the slot was recorded.
  void add_slot(std::string& text, const std::string& place, const Slot& slot) const {
    const size_t batch = measurement_.plan.slot.calls_per_sample;
    double start = static_cast<double>(slot.start - origin_);
    for (size_t i = 0; i < slot.sample_ns.size(); ++i) {
      fmt::format_to(std::back_inserter(text), "{},{},{},{}\n", place, i * batch, std::llround(start),
                     std::llround(slot.sample_ns[i]));
      start += slot.sample_ns[i] * static_cast<double>(batch);
    }
  }

  const Measurement& measurement_;
  std::vector<std::string> arms_; // their names, as fields
  int64_t origin_;
};

} // namespace

std::string times_csv(const BenchOutcome& result) {
  std::string text = "command,mean,stddev,median,user,system,min,max\n";
  for (const ExportRow& row : export_rows(result)) {
    if (!row.timed_itself()) {
      continue;
    }
    const Summary& times = row.summary;
    const std::string cpu = std::isnan(times.cpu) ? "" : fmt::format("{}", times.cpu * seconds_per_ns);
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},0,{},{}\n", field(row.name), times.mean * seconds_per_ns,
                   standard_deviation(counted_samples(row.group->measurement, row.arm)) * seconds_per_ns,
                   times.median * seconds_per_ns, cpu, times.minimum * seconds_per_ns, times.maximum * seconds_per_ns);
  }
  return text;
}

std::string samples_csv(const BenchOutcome& result) {
  const std::vector<std::string> names = row_names(result);
  std::string text = "round,block,slot,variant,call,t_start_ns,wall_ns\n";
  size_t number = 0;
  for (const Group& group : result.groups) {
    std::vector<std::string> arms;
    for (const size_t variant : group.variants) {
      arms.push_back(field(names[variant]));
    }
    arms.emplace_back("control");
    const SampleLines lines(group, std::move(arms), result.groups.front().measurement.start);
    for (size_t round = 0; round < group.measurement.rounds.size(); ++round) {
      lines.add(text, round, number++);
    }
  }
  return text;
}

} // namespace tsir

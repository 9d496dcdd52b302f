#include "lib/bench/report/report.h"

#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/bench/report/operator_report_text.h"
#include "lib/bench/report/report_cells.h"
#include "lib/bench/report/report_sections.h"

namespace tsir {
namespace {

std::string pass_text(const BenchOutcome& result, size_t variant) {
  const PassTime& time = result.pass_times[variant];
  return time.text.empty() ? "" : human_seconds(time.seconds);
}

std::string measured_text(const Group& group, uint64_t seed) {
  const Measurement& measurement = group.measurement;
  size_t blocks = 0;
  for (const Round& round : measurement.rounds) {
    blocks += round.blocks.size();
  }
  return fmt::format("{}{} timed: {} of {}, {} each, seed {}, {}\n", plural(group.variants.size(), "variant"),
                     group.control ? " and a control" : "", plural(measurement.rounds.size(), "round"),
                     plural(measurement.plan.blocks, "block"),
                     plural(2 * blocks * measurement.plan.slot.calls(), "call"), seed,
                     human_seconds(measurement.seconds));
}

std::string header(const BenchOutcome& result) {
  const BenchContext& context = result.context;
  std::string text =
      fmt::format("{}: {} executor, {}, {}, LibTorch {}\n", subject_text(context), context.executor, context.device,
                  plural(static_cast<size_t>(context.environment.threads), "thread"), context.environment.libtorch);
  for (const Group& group : result.groups) {
    text += measured_text(group, context.settings.protocol.seed);
  }
  return text;
}

std::string times_table(const BenchOutcome& result) {
  const bool each = result.context.settings.each;
  using enum Table::Align;
  std::vector<Table::Column> columns = {{"variant"}, {"median", right}, {"p90", right}};
  if (!each) {
    columns.push_back({"against the one before"});
  }
  columns.insert(columns.end(),
                 {{"against the baseline"}, {"pass took", right}, {result.training ? "losses" : "outputs"}});
  Table table(columns);
  for (size_t i = 0; i < result.variants.size(); ++i) {
    // If all passes are tried, dozens do not change the model: one line below names them all.
    if (each && result.variants[i].state == VariantState::identical && result.timed_as(i) == 0) {
      continue;
    }
    const auto summary = result.summary(i);
    std::vector<std::string> cells = {result.variants[i].name, summary ? time_text(summary->median) : "",
                                      summary ? time_text(summary->p90) : ""};
    if (!each) {
      const bool has_before = i > 0 && !result.variants[i].is_rival();
      cells.push_back(has_before ? contrast_text(result, result.contrast(i, i - 1)) : "");
    }
    cells.insert(cells.end(), {i == 0 ? "" : contrast_text(result, result.contrast(i, 0)), pass_text(result, i),
                               i == 0 ? "" : outputs_text(result.variants[i])});
    table.add(cells);
  }
  return table.text();
}

std::string warmup_table(const BenchOutcome& result) {
  using enum Table::Align;
  Table table({{"warm-up"},
               {"opening", right},
               {"first call", right},
               {"second call", right},
               {"settled"},
               {"allocations", right},
               {"peak memory", right}});
  std::vector<bool> seen(result.variants.size());
  for (const Group& group : result.groups) {
    for (size_t arm = 0; arm < group.variants.size(); ++arm) {
      const size_t variant = group.variants[arm];
      const auto& rounds = group.measurement.rounds;
      if (seen[variant] || rounds.empty() || arm >= rounds[0].warmups.size() ||
          rounds[0].warmups[arm].call_ns.empty()) {
        continue;
      }
      seen[variant] = true;
      const Warmup& warmup = rounds[0].warmups[arm];
      const size_t calls = warmup.call_ns.size();
      const MemoryUse& memory = result.variants[variant].memory;
      table.add({result.variants[variant].name, human_seconds(result.variants[variant].open_seconds),
                 time_text(warmup.call_ns[0]), calls > 1 ? time_text(warmup.call_ns[1]) : "",
                 fmt::format("{} {} calls", warmup.settled ? "after" : "not after", calls),
                 memory.allocations > 0 ? human_count(static_cast<uint64_t>(memory.allocations)) : "",
                 memory.allocations > 0 ? human_bytes(static_cast<uint64_t>(memory.peak_bytes)) : ""});
    }
  }
  return table.empty() ? "" : "\n" + table.text();
}

std::string percentile_table(const BenchOutcome& result) {
  using enum Table::Align;
  Table table({{"latency"}, {"p50", right}, {"p90", right}, {"p99", right}, {"p99.9", right}, {"longest", right}});
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const auto summary = result.summary(i);
    if (summary && result.variants[i].state == VariantState::good) {
      table.add({result.variants[i].name, time_text(summary->median),
                 percentile_text(summary->p90, 0.9, summary->samples),
                 percentile_text(summary->p99, 0.99, summary->samples),
                 percentile_text(summary->p999, 0.999, summary->samples), time_text(summary->maximum)});
    }
  }
  return table.empty() ? "" : "\n" + table.text();
}

} // namespace

std::string report_text(const BenchOutcome& result, const ReportOptions& options) {
  std::string text = header(result) + "\n" + times_table(result);
  text += options.percentiles ? percentile_table(result) : "";
  text += warmup_table(result);
  for (const ReportSection& section : report_sections(result)) {
    text += section.text.empty() ? "" : "\n" + section.text;
  }
  text += operators_text(result);
  const std::vector<std::string> notes = report_notes(result);
  text += notes.empty() ? "" : "\n";
  for (const std::string& note : notes) {
    text += note + "\n";
  }
  return text;
}

} // namespace tsir

#include "lib/report/bench_part.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/bench/job/job.h"
#include "lib/bench/plot/plot.h"
#include "lib/bench/report/report.h"
#include "lib/bench/report/report_cells.h"
#include "lib/process/worker.h"
#include "lib/report/page/plot_svg.h"

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

ReportSpeed speed_of(const BenchOutcome& outcome, size_t variant, size_t reference) {
  const Contrast* contrast = outcome.contrast(variant, reference);
  ReportSpeed speed;
  speed.text = contrast_text(outcome, contrast);
  if (contrast == nullptr || speed.text.empty()) {
    return {};
  }
  speed.verdict = to_string(contrast->outcome());
  if (contrast->decision) {
    const Ratio& ratio = contrast->decision->ratio;
    if (std::isfinite(ratio.low) && std::isfinite(ratio.high)) {
      speed.ratio = ratio.ratio;
      speed.low = ratio.low;
      speed.high = ratio.high;
    }
  }
  return speed;
}

std::vector<NamedText> profile_of(const BenchOutcome& outcome, size_t variant) {
  std::vector<NamedText> rows;
  if (!outcome.operators) {
    return rows;
  }
  for (const VariantOperators& operators : outcome.operators->variants) {
    if (operators.variant == outcome.timed_as(variant)) {
      for (const OperatorShare& share : operators.profile.operators) {
        const double whole = operators.profile.measured_ns;
        rows.emplace_back(share.name,
                          fmt::format("{} ({:.1f} %)", time_text(share.ns), whole > 0 ? 100 * share.ns / whole : 0));
      }
      break;
    }
  }
  return rows;
}

ReportTable table_of(const BenchOutcome& outcome) {
  const bool each = outcome.context.settings.each;
  ReportTable table{{"state", "median", "p90"}, {}};
  if (!each) {
    table.columns.emplace_back("against the state before");
  }
  table.columns.insert(table.columns.end(), {"against the start", "outputs", "peak memory of a call"});
  for (size_t i = 0; i < outcome.variants.size(); ++i) {
    const VariantOutcome& variant = outcome.variants[i];
    const auto summary = outcome.summary(i);
    std::vector<std::string> row = {variant.name, summary ? time_text(summary->median) : "",
                                    summary ? time_text(summary->p90) : ""};
    if (!each) {
      row.push_back(i > 0 ? contrast_text(outcome, outcome.contrast(i, i - 1)) : "");
    }
    const std::string failure = has_times(variant.state) || variant.state == VariantState::wrong ? "" : variant.detail;
    row.push_back(i > 0 ? contrast_text(outcome, outcome.contrast(i, 0)) : "");
    row.push_back(failure.empty() ? (i > 0 ? outputs_text(variant) : "") : failure);
    row.push_back(variant.memory.peak_bytes > 0 ? human_bytes(static_cast<uint64_t>(variant.memory.peak_bytes)) : "");
    table.rows.push_back(std::move(row));
  }
  return table;
}

// "" if gnuplot cannot draw them, or if they are too large for a page.
std::string plots_of(const BenchOutcome& outcome) {
  constexpr size_t most_bytes = 400'000;
  try {
    const std::string plots = reduced_plot(bench_plot(outcome, plot_format("bench.svg")));
    return plots.size() <= most_bytes ? plots : "";
  } catch (const Error&) {
    return "";
  }
}

BenchJob bench_job_of(const ReportJob& job) {
  BenchJob bench;
  bench.workload = job.workload;
  bench.passes = job.passes;
  bench.passes_text = job.passes.text();
  bench.registry = job.registry;
  bench.operators = OperatorSettings{};
  bench.settings.each = job.each;
  bench.settings.protocol.max_seconds = job.bench_seconds;
  return bench;
}

// What the child sends: parts of a page.
Json json_of(const BenchPart& part) {
  return {{"table", {part.table.columns, part.table.rows}},
          {"text", part.text},
          {"plots", part.plots},
          {"profile", part.profile},
          {"warnings", part.warnings},
          {"passes", part.passes}};
}

BenchPart part_from(const Json& json) {
  BenchPart part;
  json.at("table").at(0).get_to(part.table.columns);
  json.at("table").at(1).get_to(part.table.rows);
  json.at("text").get_to(part.text);
  json.at("plots").get_to(part.plots);
  json.at("profile").get_to(part.profile);
  json.at("warnings").get_to(part.warnings);
  json.at("passes").get_to(part.passes);
  return part;
}

} // namespace

BenchPart bench_part(const BenchOutcome& outcome, size_t passes) {
  BenchPart part{.table = table_of(outcome),
                 .text = report_text(outcome),
                 .plots = "",
                 .profile = profile_of(outcome, 0),
                 .warnings = {},
                 .passes = std::vector<ReportPass>(passes)};
  if (outcome.machine_unfit()) {
    part.warnings.emplace_back(
        "the machine is not fit for timing: the baseline differs from itself, so that no verdict "
        "on run times can be trusted");
  }
  if (outcome.operators) {
    for (const std::string& failure : outcome.operators->failures) {
      part.warnings.push_back("no times of operators: " + failure);
    }
  }
  for (size_t i = 0; i < passes && i + 1 < outcome.variants.size(); ++i) {
    part.passes[i].speed = speed_of(outcome, i + 1, outcome.context.settings.each ? 0 : i);
    part.passes[i].speed_from_start = speed_of(outcome, i + 1, 0);
    part.passes[i].profile = profile_of(outcome, i + 1);
  }
  return part;
}

void add_bench(const ReportJob& job, const ReportHooks& hooks, ReportData& data) {
  WorkerSettings worker;
  worker.discard_output = true;
  const size_t passes = data.passes_run.size();
  const auto result = in_worker<Json, std::string>(
      worker,
      [&](const EventSink<std::string>& send) {
        const auto progress = [&](const Progress& now) {
          send(fmt::format("timing: {:.0f} % {}", 100 * now.done, now.doing));
        };
        const BenchOutcome outcome = run(bench_job_of(job), {.progress = progress});
        BenchPart part = bench_part(outcome, passes);
        part.plots = plots_of(outcome);
        return json_of(part);
      },
      [&](const std::string& line) {
        if (hooks.progress) {
          hooks.progress(line);
        }
      });
  BenchPart part = part_from(value_or_throw(result));
  data.bench = std::move(part.table);
  data.bench_text = std::move(part.text);
  data.plots = std::move(part.plots);
  data.profile = std::move(part.profile);
  data.warnings.insert(data.warnings.end(), part.warnings.begin(), part.warnings.end());
  for (size_t i = 0; i < passes; ++i) {
    data.passes_run[i].speed = part.passes[i].speed;
    data.passes_run[i].speed_from_start = part.passes[i].speed_from_start;
    data.passes_run[i].profile = part.passes[i].profile;
  }
}

} // namespace tsir

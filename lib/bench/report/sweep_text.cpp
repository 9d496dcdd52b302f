#include "lib/bench/report/sweep_report.h"

#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/bench/report/report_cells.h"
#include "lib/bench/report/sweep_figures.h"

#include <cmath>

namespace tsir {
namespace {

std::string rate_text(double rate) {
  return rate >= 99.95 ? human_count(static_cast<uint64_t>(std::llround(rate))) : fmt::format("{:.3g}", rate);
}

// "5 rounds", "5 to 9 rounds".
std::string rounds_text(const SweepOutcome& sweep) {
  size_t fewest = std::numeric_limits<size_t>::max();
  size_t most = 0;
  for (const PointOutcome& point : sweep.points) {
    for (const Group& group : point.result ? point.result->groups : std::vector<Group>()) {
      fewest = std::min(fewest, group.measurement.rounds.size());
      most = std::max(most, group.measurement.rounds.size());
    }
  }
  return fewest < most ? fmt::format("{} to {}", fewest, plural(most, "round")) : plural(most, "round");
}

std::string header(const SweepOutcome& sweep) {
  const bool threads_vary =
      std::ranges::any_of(sweep.points, [](const auto& point) { return point.point.threads > 0; });
  const std::string threads =
      threads_vary ? "" : ", " + plural(static_cast<size_t>(sweep.context.environment.threads), "thread");
  return fmt::format("{}: {} executor, {}{}, LibTorch {}\n{}, each with {} of fresh instances, seed {}, {}\n",
                     subject_text(sweep.context), sweep.context.executor, sweep.context.device, threads,
                     sweep.context.environment.libtorch, plural(sweep.points.size(), "point"), rounds_text(sweep),
                     sweep.context.settings.protocol.seed, human_seconds(sweep.seconds));
}

// The table of the points that are hot, or of those that are cold.
class SweepTable {
public:
  SweepTable(const SweepOutcome& sweep, bool percentiles, bool cold);
  std::string text() const { return table_.empty() ? "" : "\n" + table_.text(); }

private:
  std::vector<Table::Column> columns() const;
  void add(const PointOutcome& point);
  std::vector<std::string> variant_cells(const PointOutcome& point, size_t variant) const;
  std::vector<std::string> time_cells(const PointFigures& figures) const;

  bool each_;
  bool percentiles_;
  const Point& first_; // all points have the same axes
  bool clients_;
  bool items_;
  bool control_;
  Table table_;
};

SweepTable::SweepTable(const SweepOutcome& sweep, bool percentiles, bool cold)
    : each_(sweep.context.settings.each), percentiles_(percentiles), first_(sweep.points.front().point),
      clients_(first_.clients > 0), items_(first_.batch), control_(sweep.has_control()), table_(columns()) {
  for (const PointOutcome& point : sweep.points) {
    if (point.point.cold == cold) {
      add(point);
    }
  }
}

std::vector<Table::Column> SweepTable::columns() const {
  using enum Table::Align;
  std::vector<Table::Column> columns;
  for (const Coordinate& coordinate : first_.coordinates) {
    columns.push_back({coordinate.axis});
  }
  columns.push_back({"variant"});
  if (clients_) {
    columns.insert(columns.end(), {{"latency p50", right}, {"p90", right}, {"p99", right}});
  } else {
    columns.insert(columns.end(), {{"median", right}, {"p90", right}});
  }
  if (percentiles_) {
    columns.insert(columns.end(), clients_ ? std::initializer_list<Table::Column>{{"longest", right}}
                                           : std::initializer_list<Table::Column>{{"p99", right}, {"longest", right}});
  }
  columns.insert(columns.end(), {{items_ ? "items/s" : "calls/s", right}, {"against the baseline"}});
  if (control_) {
    columns.push_back({"noise", right});
  }
  columns.push_back({"outputs"});
  return columns;
}

void SweepTable::add(const PointOutcome& point) {
  std::vector<std::string> place;
  for (const Coordinate& coordinate : point.point.coordinates) {
    place.push_back(coordinate.value);
  }
  if (!point.result) {
    place.push_back(point.failure.empty() ? "not run" : "FAILED");
    place.resize(columns().size());
    table_.add(place);
    return;
  }
  for (size_t i = 0; i < point.result->variants.size(); ++i) {
    const bool idle = point.result->variants[i].state == VariantState::identical && point.result->timed_as(i) == 0;
    if (each_ && idle) {
      continue; // one line below names them all
    }
    std::vector<std::string> cells = i == 0 ? place : std::vector<std::string>(place.size());
    const std::vector<std::string> rest = variant_cells(point, i);
    cells.insert(cells.end(), rest.begin(), rest.end());
    table_.add(cells);
  }
}

std::vector<std::string> SweepTable::variant_cells(const PointOutcome& point, size_t variant) const {
  const BenchOutcome& result = *point.result;
  std::vector<std::string> cells = {result.variants[variant].name};
  const auto figures = figures_of(point, variant);
  const std::vector<std::string> times = figures ? time_cells(*figures) : std::vector<std::string>();
  cells.insert(cells.end(), times.begin(), times.end());
  const size_t verdict = 1 + (clients_ ? 4 : 3) + (!percentiles_ ? 0 : clients_ ? 1 : 2);
  cells.resize(verdict);
  cells.push_back(variant == 0 ? "" : contrast_text(result, result.contrast(variant, 0)));
  if (control_) {
    const Group* group = result.groups.empty() ? nullptr : &result.groups.front();
    // One round has no variation between rounds.
    const bool known = variant == 0 && group != nullptr && group->control && group->measurement.rounds.size() > 1;
    cells.push_back(!known                   ? ""
                    : result.machine_unfit() ? "NOT FIT"
                                             : fmt::format("{:.2g} %", 100 * group->control->noise.rounds));
  }
  cells.push_back(variant == 0 ? "" : outputs_text(result.variants[variant]));
  return cells;
}

std::vector<std::string> SweepTable::time_cells(const PointFigures& figures) const {
  std::vector<std::string> cells;
  const Summary& summary = figures.summary;
  const Latency latency = figures.latency.value_or(Latency());
  if (clients_) {
    cells = {time_text(latency.median), percentile_text(latency.p90, 0.9, latency.calls),
             percentile_text(latency.p99, 0.99, latency.calls)};
  } else {
    cells = {time_text(summary.median), time_text(summary.p90)};
  }
  if (percentiles_ && !clients_) {
    cells.push_back(percentile_text(summary.p99, 0.99, summary.samples));
  }
  if (percentiles_) {
    cells.push_back(time_text(clients_ ? latency.longest : summary.maximum));
  }
  cells.push_back(rate_text(figures.items_per_second.value_or(figures.calls_per_second)));
  return cells;
}

// The point with the inputs `set`, if points differ in nothing else.
const PointOutcome* own_point(const SweepOutcome& sweep, size_t set) {
  return set < sweep.points.size() ? &sweep.points[set] : nullptr;
}

std::string changes_table(const SweepOutcome& sweep) {
  using enum Table::Align;
  Table table({{"inputs change"},
               {"variant"},
               {"settled", right},
               {"first call", right},
               {"second", right},
               {"settled", right},
               {"fresh", right},
               {"back: first", right},
               {"second", right}});
  for (const ShapeChange& change : sweep.shape_changes) {
    const PointOutcome* from = own_point(sweep, change.from);
    const PointOutcome* to = own_point(sweep, change.to);
    if (!change.failure.empty() || from == nullptr || to == nullptr || !from->result) {
      continue;
    }
    const auto fresh = figures_of(*to, change.variant);
    table.add({from->point.input_set + " -> " + to->point.input_set, from->result->variants[change.variant].name,
               time_text(change.settled), time_text(change.first), time_text(change.second),
               time_text(change.settled_again), fresh ? time_text(fresh->summary.median) : "",
               time_text(change.back_first), time_text(change.back_second)});
  }
  return table.empty() ? "" : "\n" + table.text();
}

} // namespace

std::string sweep_text(const SweepOutcome& sweep, const ReportOptions& options) {
  std::string text = header(sweep);
  text += SweepTable(sweep, options.percentiles, false).text();
  text += SweepTable(sweep, options.percentiles, true).text();
  text += changes_table(sweep);
  const std::vector<std::string> notes = sweep_notes(sweep);
  text += notes.empty() ? "" : "\n";
  for (const std::string& note : notes) {
    text += note + "\n";
  }
  return text;
}

} // namespace tsir

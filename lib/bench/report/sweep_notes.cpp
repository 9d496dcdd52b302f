#include "lib/bench/report/sweep_report.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/bench/report/report_cells.h"

#include <cmath>

namespace tsir {
namespace {

using Notes = std::vector<std::string>;

// "batch 1", "batch 1; batch 2", "batch 1; batch 2; 5 more".
std::string labels_text(const Notes& labels) {
  constexpr size_t most = 3;
  std::string text = fmt::format("{}", fmt::join(std::span(labels).first(std::min(most, labels.size())), "; "));
  return labels.size() > most ? fmt::format("{}; {} more", text, labels.size() - most) : text;
}

// The labels of the points for which `holds` is true.
template <class Holds> Notes labels_where(const SweepOutcome& sweep, const Holds& holds) {
  Notes labels;
  for (const PointOutcome& point : sweep.points) {
    if (holds(point)) {
      labels.push_back(point.point.label());
    }
  }
  return labels;
}

void add_failures(const SweepOutcome& sweep, Notes& notes) {
  for (const PointOutcome& point : sweep.points) {
    if (!point.failure.empty()) {
      notes.push_back(fmt::format("FAILED: {}: {}", point.point.label(), point.failure));
    }
  }
  for (const ShapeChange& change : sweep.shape_changes) {
    if (!change.failure.empty()) {
      notes.push_back("FAILED: the inputs changed: " + change.failure);
    }
  }
}

// Adds the notes of the points, each note once with the labels of its points.
void add_points(const SweepOutcome& sweep, Notes& notes) {
  std::map<std::string, Notes> labels; // by note
  Notes order;
  size_t benched = 0;
  for (const PointOutcome& point : sweep.points) {
    if (!point.result) {
      continue;
    }
    ++benched;
    for (const std::string& note : report_notes(*point.result, NoteScope::point)) {
      if (labels[note].empty()) {
        order.push_back(note);
      }
      labels[note].push_back(point.point.label());
    }
  }
  for (const std::string& note : order) {
    const bool all = labels[note].size() == benched;
    notes.push_back(all ? note : labels_text(labels[note]) + ": " + note);
  }
}

void add_intervals(const SweepOutcome& sweep, Notes& notes) {
  bool any = false;
  const Notes single = labels_where(sweep, [&](const PointOutcome& point) {
    bool alone = false;
    for (const Contrast& contrast : point.result ? point.result->contrasts : std::vector<Contrast>()) {
      any = any || contrast.decision;
      alone = alone || (contrast.decision && contrast.decision->ratio.method == IntervalMethod::blocks_wilcoxon);
    }
    return alone;
  });
  if (!any) {
    return;
  }
  const DecisionRule& rule = sweep.context.settings.rule;
  notes.push_back(fmt::format("[low, high] and verdicts hold at {:.0f} % for all comparisons of one point, but not for "
                              "all points together: about one point in {:.0f} may have a wrong verdict",
                              100 * (1 - rule.alpha), 1 / rule.alpha));
  notes.push_back(verdicts_text(rule));
  if (!single.empty()) {
    notes.push_back(fmt::format("{}: one round only, without the effect of memory placement, which alone can be 1 to 2 "
                                "%; more {} allows more rounds",
                                labels_text(single), spelled(Setting::max_time)));
  }
}

// Adds the time needed to settle the open verdicts. Every point has the same share of the time.
void add_open(const SweepOutcome& sweep, Notes& notes) {
  double longest = 0;
  for (const PointOutcome& point : sweep.points) {
    for (const Contrast& contrast : point.result ? point.result->contrasts : std::vector<Contrast>()) {
      if (contrast.decision && !settled(contrast.decision->outcome) && contrast.more_seconds > 0) {
        longest = std::max(longest, point.result->seconds + 1.2 * contrast.more_seconds);
      }
    }
  }
  if (longest > 0) {
    notes.push_back(fmt::format("to settle the open verdicts: {} {:.0f}, about {} per point",
                                spelled(Setting::max_time),
                                std::ceil(longest * static_cast<double>(sweep.points.size())), human_seconds(longest)));
  }
}

void add_machine(const SweepOutcome& sweep, Notes& notes) {
  const Notes unfit =
      labels_where(sweep, [](const PointOutcome& point) { return point.result && point.result->machine_unfit(); });
  if (!unfit.empty()) {
    notes.push_back(fmt::format("MACHINE NOT FIT: {}: the baseline differs from itself, so no verdict there can be "
                                "trusted; is other work running?",
                                labels_text(unfit)));
  }
}

void add_conditions(const SweepOutcome& sweep, Notes& notes) {
  const Point& first = sweep.points.front().point;
  if (sweep.has_control()) {
    notes.push_back(
        "noise: variation between rounds of the difference between the baseline and a second instance of it");
  }
  if (first.clients > 0) {
    notes.push_back(fmt::format("clients call at the same time, each from its own thread; {} are totals "
                                "of all clients, latency is the time of a single call; verdicts are on the throughput",
                                first.batch ? "items/s" : "calls/s"));
    const Notes many = labels_where(sweep, [&](const PointOutcome& point) {
      return sweep.context.environment.num_cpus > 0 &&
             point.point.clients * static_cast<size_t>(std::max(point.threads, 1)) >
                 static_cast<size_t>(sweep.context.environment.num_cpus);
    });
    if (!many.empty() && sweep.context.device == "cpu") {
      notes.push_back(fmt::format("more threads (clients times {}) than the {}: {}", spelled(Setting::threads),
                                  plural(static_cast<size_t>(sweep.context.environment.num_cpus), "processor"),
                                  labels_text(many)));
    }
  }
  if (sweep.flush_bytes > 0) {
    notes.push_back(fmt::format(
        "cold: before each call, {} of other memory are read, which is not timed; hot: calls follow each other",
        human_bytes(sweep.flush_bytes)));
  }
  if (!sweep.shape_changes.empty()) {
    notes.push_back("inputs change: one instance is warmed up with the first inputs, then called with the others, then "
                    "with the first again; fresh: instances that were warmed up with the others only");
  }
}

} // namespace

std::vector<std::string> sweep_notes(const SweepOutcome& sweep) {
  Notes notes;
  add_failures(sweep, notes);
  add_points(sweep, notes);
  notes.insert(notes.end(), sweep.notes.begin(), sweep.notes.end());
  add_conditions(sweep, notes);
  add_intervals(sweep, notes);
  add_open(sweep, notes);
  add_machine(sweep, notes);
  return notes;
}

} // namespace tsir

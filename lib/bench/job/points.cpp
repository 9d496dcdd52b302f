#include "lib/bench/job/points.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

namespace tsir {
namespace {

constexpr size_t most_points = 64;

template <class Value> std::string text_of(const Value& value) {
  return fmt::format("{}", value);
}

// Combines each point with each of the values; `set` stores a value in a point. `setting`: the one with the values.
template <class Value, class Set>
void multiply(std::vector<Point>& points, const char* axis, Setting setting, const std::vector<Value>& values,
              const Set& set) {
  if (values.empty()) {
    return;
  }
  std::vector<Point> all;
  for (const Point& point : points) {
    for (const Value& value : values) {
      if (std::ranges::count(values, value) > 1) {
        throw Error(ErrorKind::usage, fmt::format("{}: {} is given twice", spelled(setting), value));
      }
      Point next = point;
      set(next, value);
      next.coordinates.push_back({axis, text_of(value)});
      all.push_back(std::move(next));
    }
  }
  points = std::move(all);
}

// Hooks for one point, whose progress is a part of the whole.
Hooks hooks_within(const Hooks& hooks, const Point& point, size_t index, size_t count, double seconds_after) {
  Hooks inner = hooks;
  if (hooks.progress) {
    inner.progress = [&hooks, label = point.label(), index, count, seconds_after](const Progress& progress) {
      hooks.progress(
          {.doing = label.empty() ? progress.doing : label + ": " + progress.doing,
           .done = (static_cast<double>(index) + std::clamp(progress.done, 0.0, 1.0)) / static_cast<double>(count),
           .eta_seconds = progress.eta_seconds > 0 ? progress.eta_seconds + seconds_after : 0});
    };
  }
  return inner;
}

} // namespace

bool SweepAxes::empty() const {
  return input_sets.empty() && batches.empty() && threads.empty() && clients.empty() && !cold;
}

std::string axes_text() {
  return fmt::format("{}, {}, {} with several numbers, {} and {}", spelled(Setting::batch), spelled(Setting::input_set),
                     spelled(Setting::threads), spelled(Setting::clients), spelled(Setting::cold));
}

std::vector<Point> points_of(const SweepAxes& axes) {
  size_t count = axes.cold ? 2 : 1;
  for (const size_t values : {axes.input_sets.size(), axes.batches.size(), axes.threads.size(), axes.clients.size()}) {
    count *= std::max<size_t>(values, 1);
    if (count > most_points) {
      throw Error(
          ErrorKind::usage,
          fmt::format("there are more than {} combinations to measure: vary fewer settings at a time", most_points));
    }
  }
  std::vector<Point> points(1);
  multiply(points, "input-set", Setting::input_set, axes.input_sets,
           [](Point& point, const auto& value) { point.input_set = value; });
  multiply(points, "batch", Setting::batch, axes.batches, [](Point& point, int64_t value) { point.batch = value; });
  multiply(points, "threads", Setting::threads, axes.threads, [](Point& point, int value) { point.threads = value; });
  multiply(points, "clients", Setting::clients, axes.clients,
           [](Point& point, size_t value) { point.clients = value; });
  if (axes.cold) {
    const std::vector<std::string> states = {"hot", "cold"};
    multiply(points, "caches", Setting::cold, states,
             [](Point& point, const auto& value) { point.cold = value == "cold"; });
  }
  return points;
}

std::vector<PointOutcome> run_sweep(const std::vector<Point>& points, const BenchSettings& settings,
                                    const PointBench& bench, Clock& clock, const Hooks& hooks) {
  const int64_t start = clock.now();
  std::vector<PointOutcome> results;
  std::optional<Error> first_failure;
  bool any = false;
  for (size_t i = 0; i < points.size(); ++i) {
    PointOutcome& point = results.emplace_back();
    point.point = points[i];
    if (i > 0 && hooks.stop && hooks.stop()) {
      continue;
    }
    const double left = settings.protocol.max_seconds - static_cast<double>(clock.now() - start) * 1e-9;
    const auto to_come = static_cast<double>(points.size() - i);
    const double share = settings.protocol.max_seconds / static_cast<double>(points.size());
    BenchSettings at_point = settings;
    at_point.protocol.max_seconds = std::max(left / to_come, 0.2 * share);
    try {
      point.result =
          bench(points[i], at_point, hooks_within(hooks, points[i], i, points.size(), (to_come - 1) * left / to_come));
      any = true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::check) {
        throw;
      }
      point.failure = error.what();
      if (!first_failure) {
        const std::string label = points[i].label();
        first_failure.emplace(error.kind(), label.empty() ? point.failure : label + ": " + point.failure);
      }
    }
  }
  if (!any && first_failure) {
    throw *first_failure;
  }
  return results;
}

} // namespace tsir

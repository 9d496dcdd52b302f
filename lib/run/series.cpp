#include "lib/run/series.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"

#include <array>
#include <numeric>

namespace tsir {
namespace {

constexpr size_t widest = 60; // columns of the sparkline

std::string seconds(double milliseconds) {
  return human_seconds(milliseconds / 1e3);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return values.size() % 2 == 1 ? *middle : (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::span<const double> settled(const Series& series) {
  const std::span<const double> all = series.milliseconds;
  return all.size() > series.first_calls ? all.subspan(series.first_calls) : all;
}

// One character for each run. If there are too many runs, one for the slowest of several successive runs. The scale is
// from the fastest to the slowest run shown.
std::string sparkline(std::span<const double> values) {
  constexpr std::array<const char*, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const size_t columns = std::min(values.size(), widest);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  std::string line;
  for (size_t i = 0; i < columns; ++i) {
    const auto stretch =
        values.subspan(i * values.size() / columns, (i + 1) * values.size() / columns - i * values.size() / columns);
    const double slowest = *std::max_element(stretch.begin(), stretch.end());
    const double height = *high > *low ? (slowest - *low) / (*high - *low) : 0;
    line += bars[std::min<size_t>(static_cast<size_t>(height * bars.size()), bars.size() - 1)];
  }
  return line;
}

} // namespace

size_t first_calls(Executor executor) {
  return executor == Executor::profiling ? 2 : 1;
}

SeriesSummary summarize(const Series& series) {
  const auto values = settled(series);
  if (values.empty()) {
    return {0, 0, 0, 0, 0};
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {values.size(), *low, median({values.begin(), values.end()}), sum / static_cast<double>(values.size()), *high};
}

nlohmann::ordered_json to_json(const Series& series) {
  const SeriesSummary rest = summarize(series);
  return {{"milliseconds", series.milliseconds},
          {"first_calls", std::min(series.first_calls, series.milliseconds.size())},
          {"settled",
           {{"runs", rest.count},
            {"min_ms", rest.min},
            {"median_ms", rest.median},
            {"mean_ms", rest.mean},
            {"max_ms", rest.max}}}};
}

std::string to_text(const Series& series) {
  const size_t runs = series.milliseconds.size();
  if (runs == 1) {
    return fmt::format("time: {}, of a first call; to see how later calls settle, use {} 20\n",
                       seconds(series.milliseconds[0]), spelled(Setting::runs));
  }
  std::string text = "times:";
  const size_t first = std::min(series.first_calls, runs);
  for (size_t i = 0; i < first; ++i) {
    text += fmt::format(" {} (call {}){}", seconds(series.milliseconds[i]), i + 1, i + 1 < runs ? "," : "");
  }
  constexpr size_t listed = 10;
  for (size_t i = first; i < std::min(runs, first + listed); ++i) {
    text += " " + seconds(series.milliseconds[i]);
  }
  text += runs > first + listed ? " …\n" : "\n";
  const SeriesSummary rest = summarize(series);
  text += fmt::format("{} runs{}: min {}, median {}, mean {}, max {}\n", rest.count,
                      rest.count == runs ? ""
                      : first == 1       ? " after the first"
                                         : fmt::format(" after the first {}", first),
                      seconds(rest.min), seconds(rest.median), seconds(rest.mean), seconds(rest.max));
  if (rest.count >= 5) {
    text += fmt::format("{} from {} to {}\n", sparkline(settled(series)), seconds(rest.min), seconds(rest.max));
  }
  return text;
}

} // namespace tsir

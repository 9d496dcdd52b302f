// The times of repeated runs, in order: how the first calls differ from the rest is what they show.
#pragma once

#include "lib/run/runnable.h"

namespace tsir {

struct Series {
  std::vector<double> milliseconds; // one a run, in order
  size_t first_calls = 0;           // that many at the start profile or compile, and are left out of the rest
};

// Of the runs after the first calls; of all where there are no others.
struct SeriesSummary {
  size_t count;
  double min, median, mean, max; // milliseconds
};

// How many calls an executor needs before it runs what it will run from then on.
size_t first_calls(Executor executor);
SeriesSummary summarize(const Series& series);
nlohmann::ordered_json to_json(const Series& series);
std::string to_text(const Series& series);

} // namespace tsir

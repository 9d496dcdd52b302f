// The times of repeated runs, in order. They show how the first calls differ from the rest.
#pragma once

#include "lib/run/runnable.h"

namespace tsir {

struct Series {
  std::vector<double> milliseconds; // one a run, in order
  size_t first_calls = 0;           // number of calls at the start that profile or compile; the summary leaves them out
};

// Summary of the runs after the first calls; of all runs if there are no others.
struct SeriesSummary {
  size_t count;
  double min, median, mean, max; // milliseconds
};

// The number of calls that an executor needs until the code that it runs is final.
size_t first_calls(Executor executor);
SeriesSummary summarize(const Series& series);
nlohmann::ordered_json to_json(const Series& series);
std::string to_text(const Series& series);

} // namespace tsir

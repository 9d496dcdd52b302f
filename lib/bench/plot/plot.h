// Draws a bench with gnuplot.
#pragma once

#include "lib/bench/report/report.h"
#include "lib/render/plot/gnuplot.h"

namespace tsir {

// From the top: each comparison's ratio with its interval; the changes by operator, if they were measured; each
// variant's distribution of times; all times in the order in which they were taken, with warm-up. Variants can be
// distinguished without colours, by kinds of points and shades. Of many variants, only those with the largest effects
// are drawn. Returns the script for PlotFormat::script, else the result of `draw_plot`, which may throw.
std::string bench_plot(const BenchOutcome& result, PlotFormat format);

} // namespace tsir

// A bench as a plot, drawn by gnuplot.
#pragma once

#include "lib/bench/report/report.h"
#include "lib/render/plot/gnuplot.h"

namespace tsir {

// From the top: each comparison's ratio with its interval; what each operator adds and takes, where that was asked for;
// each variant's distribution of times; all times in the order in which they were taken, warm-up included. Kinds of
// points and shades tell the variants apart without colours. Where there are many variants, only those with the largest
// effects are drawn. The script alone, for PlotFormat::script; else what `draw_plot` makes of it, and throws.
std::string bench_plot(const BenchOutcome& result, PlotFormat format);

} // namespace tsir

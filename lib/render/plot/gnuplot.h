// Plots drawn by gnuplot, which runs as a process of its own.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

enum class PlotFormat { svg, png, pdf, script };

// By the file's ending: .svg, .png, .pdf, or .gp for gnuplot's script. Throws Error(usage) on any other, and where a
// picture is asked for without gnuplot installed. Call it before the work whose result is drawn.
PlotFormat plot_format(const std::string& file);

// In pixels of a screen; a page of PDF has the same proportions.
struct PlotSize {
  double width = 0;
  double height = 0;
};
// The first line of every script: what is drawn on. None in a script by itself, whose reader chooses.
std::string terminal_line(PlotFormat format, const PlotSize& size);

// A string of gnuplot's, quotes included. Nothing in it is special.
std::string gnuplot_string(std::string_view text);

// The picture. Throws Error(check) with the first line of gnuplot's message if it fails, and if it cannot be started.
std::string draw_plot(const std::string& script);

} // namespace tsir

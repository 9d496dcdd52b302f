// Draws plots with gnuplot, which runs as a separate process.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

enum class PlotFormat { svg, png, pdf, script };

// The format for the extension of the file: .svg, .png, .pdf, or .gp for gnuplot's script. Throws Error(usage) for any
// other extension, and if a picture is requested but gnuplot is not installed. Call it before the work whose result is
// drawn.
PlotFormat plot_format(const std::string& file);

// In screen pixels. A PDF page has the same proportions.
struct PlotSize {
  double width = 0;
  double height = 0;
};
// The first line of every script, which sets the terminal. In a script that is not run it is a comment, so that its
// user can choose.
std::string terminal_line(PlotFormat format, const PlotSize& size);

// Quotes a string for gnuplot. No character in it is special.
std::string gnuplot_string(std::string_view text);

// Draws the picture. Throws Error(check) if gnuplot cannot be started, or with the first line of its message if it
// fails.
std::string draw_plot(const std::string& script);

} // namespace tsir

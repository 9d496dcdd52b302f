#include "lib/render/plot/gnuplot.h"

#include "lib/base/error.h"
#include "lib/process/program.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace tsir {
namespace {

constexpr const char* program = "gnuplot";
constexpr double pixels_per_inch = 96;

// The first line with a message. gnuplot prints the position in the script on separate lines.
std::string first_message(const std::string& errors) {
  size_t start = 0;
  while (start < errors.size()) {
    const size_t end = std::min(errors.find('\n', start), errors.size());
    const std::string line = errors.substr(start, end - start);
    if (line.find_first_not_of(" \t^\r") != std::string::npos) {
      return line;
    }
    start = end + 1;
  }
  return "it did not print a message";
}

bool installed() {
  try {
    return run_program({.program = program, .arguments = {"--version"}}).exit_code == 0;
  } catch (const Error&) {
    return false;
  }
}

} // namespace

PlotFormat plot_format(const std::string& file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".gp") {
    return PlotFormat::script;
  }
  if (ending != ".svg" && ending != ".png" && ending != ".pdf") {
    throw Error(ErrorKind::usage,
                fmt::format("{}: a plot can be written as .svg, .png or .pdf, or as a gnuplot script (.gp)", file));
  }
  if (!installed()) {
    throw Error(ErrorKind::usage, fmt::format("{}: gnuplot is not installed; install it (Debian: apt install "
                                              "gnuplot-nox), or write its script to a file with .gp",
                                              file));
  }
  return ending == ".svg" ? PlotFormat::svg : ending == ".png" ? PlotFormat::png : PlotFormat::pdf;
}

std::string terminal_line(PlotFormat format, const PlotSize& size) {
  constexpr const char* font = "font 'DejaVu Sans,10'";
  switch (format) {
  case PlotFormat::svg:
    return fmt::format("set terminal svg noenhanced size {:.0f},{:.0f} {} background 'white'\n", size.width,
                       size.height, font);
  case PlotFormat::png: // twice the number of pixels, for high-resolution screens
    return fmt::format("set terminal pngcairo noenhanced fontscale 1.8 linewidth 1.8 pointscale 1.8 size {:.0f},{:.0f} "
                       "{} background 'white'\n",
                       2 * size.width, 2 * size.height, font);
  case PlotFormat::pdf:
    return fmt::format("set terminal pdfcairo noenhanced fontscale 0.75 size {:.2f}in,{:.2f}in {}\n",
                       size.width / pixels_per_inch, size.height / pixels_per_inch, font);
  case PlotFormat::script:
    break;
  }
  return fmt::format("# drawn for {:.0f} by {:.0f} pixels:\n# set terminal svg noenhanced size {:.0f},{:.0f} {}\n",
                     size.width, size.height, size.width, size.height, font);
}

std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
  }
  return quoted + "'";
}

std::string draw_plot(const std::string& script) {
  // -d ignores the user's settings, which would change the picture.
  ProgramEnd end = run_program({.program = program, .arguments = {"-d"}, .input_text = script});
  if (end.exit_code != 0 || end.output.empty()) {
    throw Error(ErrorKind::check, fmt::format("gnuplot failed: {}", first_message(end.errors)));
  }
  return std::move(end.output);
}

} // namespace tsir

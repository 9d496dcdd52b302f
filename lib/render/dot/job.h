// A drawing of a unit from end to end.
#pragma once

#include "lib/measure/measures.h"
#include "lib/pass/observers/sink.h"
#include "lib/render/dot/layout.h"
#include "lib/render/dot/levels.h"
#include "lib/workload/workload.h"

namespace tsir {

struct DrawJob {
  Workload workload;
  Pipeline passes;   // run first
  DrawSettings draw; // `build.module` is not read; an empty title stands for file, method and passes
  // Draw the finest level of detail with at most so many boxes (levels.h); nothing: just as `draw` says.
  std::optional<size_t> most_boxes = most_readable;
  bool before_after =
      false; // draw what the passes changed (changes.h); of `draw`, only `build` and `inline_calls` are read
  // Colour the operators by that, which runs the unit on the inputs; drift needs passes. Not with `before_after`.
  std::optional<Measure> color_by = {};
  DotSettings dot;
  std::chrono::nanoseconds layout_limit = std::chrono::seconds(8);
  std::string output; // FILE.dot or .gv for text, FILE.svg, .png or .pdf for a rendered drawing; "" for no file
};

// All may be empty.
struct DrawHooks {
  Warn warn = {};                                        // see OpenedModel
  Sink notes = {};                                       // what passes note
  std::function<void(const std::string&)> progress = {}; // of the layout; see LayoutSettings
  // A command for the next finer level, which needs that many boxes, or for everything; to be shown in the drawing.
  std::function<std::string(std::optional<size_t> most_boxes)> finer_command = {};
};

struct DrawOutcome {
  std::string content;          // of the file; also what was written to it
  std::string level;            // of detail: "submodules of depth 2 as boxes"; "" if everything is drawn that was asked
  std::string finer;            // the command for the next finer level; "" if there is none
  std::string simplified;       // what the layout left out, and why; "" for nothing
  std::string graphviz_warning; // "" for none
};

// Throws Error(usage) if inputs are needed and there are none, the output cannot be written, its name does not tell the
// format, or there is nothing to draw as the settings say; and the Error that opening the file, a pass or Graphviz
// meets.
DrawOutcome draw(const DrawJob& job, const DrawHooks& hooks = {});

} // namespace tsir

// A drawing of a unit from end to end.
#pragma once

#include "lib/pass/observers/sink.h"
#include "lib/render/dot/draw.h"
#include "lib/render/dot/graphviz.h"
#include "lib/workload/workload.h"

namespace tsir {

struct DrawJob {
  Workload workload;
  Pipeline passes;   // run first
  DrawSettings draw; // `build.module` is not read; an empty title stands for file, method and passes
  DotSettings dot;
  std::string output; // FILE.dot or .gv for text, FILE.svg, .png or .pdf for a rendered drawing; "" for no file
  bool force = false; // draw the graph even if it has too many boxes
};

// Both may be empty.
struct DrawHooks {
  Warn warn = {};  // see OpenedModel
  Sink notes = {}; // what passes note
};

struct DrawOutcome {
  std::string content;          // of the file; also what was written to it
  std::string too_large;        // warning: there are too many boxes to be read; "" if not
  std::string graphviz_warning; // "" for none
};

// Throws Error(usage) if the output cannot be written, its name does not tell the format, there is nothing to draw as
// the settings say, or there are too many boxes to render; and the Error that opening the file, a pass or Graphviz
// meets.
DrawOutcome draw(const DrawJob& job, const DrawHooks& hooks = {});

} // namespace tsir

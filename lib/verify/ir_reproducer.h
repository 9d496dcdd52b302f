// .ir text that carries the command which shows a failure on it, in its first comments (docs/reduce_bisect.md).
#pragma once

#include "lib/workload/invocation.h"

namespace tsir {

struct IrReproducer {
  Invocation invocation;            // of opt or verify; its file is the one that carries it
  std::string what;                 // one line: "eliminate-dead-code differs: …"
  std::vector<std::string> plugins; // that its passes come from; named, never loaded
};

// Comment lines: for people, and the one that is read back.
std::string reproducer_comments(const IrReproducer& reproducer);
// Of the comments that a file begins with; nothing where they hold none. Throws Error(load) where they do and cannot be
// understood, or ask for more than a file may: it names passes and inputs, and neither libraries nor files.
std::optional<IrReproducer> read_reproducer(const std::string& file);

} // namespace tsir

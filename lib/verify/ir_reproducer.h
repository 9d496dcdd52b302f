// .ir text whose first comments contain the command that shows a failure on it (docs/reduce_bisect.md).
#pragma once

#include "lib/workload/invocation.h"

namespace tsir {

struct IrReproducer {
  Invocation invocation;            // of opt or verify; its file is the one with the text
  std::string what;                 // one line: "eliminate-dead-code differs: …"
  std::vector<std::string> plugins; // the plugins of its passes; only named, never loaded
};

// Makes the comment lines: some for people, and one for read_reproducer.
std::string reproducer_comments(const IrReproducer& reproducer);
// Reads the reproducer from the comments at the start of a file; empty if there is none. Throws Error(load) if it
// cannot be parsed, or sets options that a file must not set: passes and inputs are allowed, libraries and files are
// not.
std::optional<IrReproducer> read_reproducer(const std::string& file);

} // namespace tsir

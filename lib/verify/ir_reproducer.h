// .ir text whose first comments contain the command that shows a failure on it (docs/reduce_bisect.md).
#pragma once

#include "lib/workload/invocation.h"

namespace tsir {

struct IrReproducer {
  Invocation invocation;            // of opt or verify; its file is the one with the text
  std::string what;                 // one line: "eliminate-dead-code differs: …"
  std::vector<std::string> plugins; // the plugins of its passes; only named, never loaded
};

// Comment lines: some for people, and one that read_reproducer reads.
std::string reproducer_comments(const IrReproducer& reproducer);
// From the comments that a file begins with; nothing if they hold no reproducer. Throws Error(load) if they hold one
// that cannot be understood, or that asks for more than a file may: passes and inputs are allowed, libraries and files
// are not.
std::optional<IrReproducer> read_reproducer(const std::string& file);

// The command line that a file stands for.
struct Replay {
  std::vector<std::string> words;   // as main() gets them, without the program's name
  std::vector<std::string> plugins; // that its passes come from; named, never loaded
};
// With `more` words at the end. Throws Error(load) as read_reproducer does, and if the file holds no reproducer.
Replay read_replay(const std::string& file, const std::vector<std::string>& more = {});
// The command that replays the file: `tsir opt --run-reproducer FILE`.
Invocation replay_command(const std::string& file);

} // namespace tsir

// A unit after its passes, served to a bench of another process in the protocol of docs/rivals.md.
#pragma once

#include "lib/run/host_settings.h"
#include "lib/serve/served_unit.h"
#include "lib/workload/workload.h"

namespace tsir {

struct ServeJob {
  UnitSource source; // how the file is opened; the file and the method come with the protocol
  Pipeline passes;
  HostSettings settings; // threads: 0 for those of the protocol
};

struct ServeLines {
  std::function<std::optional<std::string>()> read; // the next line; nothing at the end
  std::function<void(const std::string&)> write;
};

// Answers requests until "quit", or the end of the lines. What goes wrong in a request is its answer: "error TEXT".
// Besides the protocol, it takes new inputs after "prepare"; settings "turn CALLS PATH" for inputs that are taken in
// turn: a call of "run" is then a cycle with CALLS calls of each, which belong to the last "inputs"; and the request
// "describe", whose answer is "described" and the JSON of ServedUnit.
void serve(const ServeJob& job, const ServeLines& lines);

} // namespace tsir

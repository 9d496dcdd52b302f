// A unit after its passes, served to a bench of another process in the protocol of docs/rivals.md.
#pragma once

#include "lib/run/host_settings.h"
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

// What became of the unit, for those who choose between several.
struct ServedUnit {
  std::string key;                           // equal for units that execute the same
  std::string unsavable;                     // the first thing in it that a .pt file cannot hold, or ""
  std::vector<std::string> notes = {};       // of passes, with their names
  std::vector<std::string> beyond_host = {}; // what passes did that a program without tsir does not do
  double open_seconds = 0;                   // to open the file and run the passes
  double first_call_seconds = 0;             // the first three calls: those that profile and compile; 0 before them
  uint64_t peak_bytes = 0;                   // the most memory that the process has held
};
nlohmann::ordered_json to_json(const ServedUnit& unit);
// Throws Error(check) if the JSON is not of this kind.
ServedUnit served_unit_of(const std::string& json);

} // namespace tsir

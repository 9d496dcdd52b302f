// The verdict on one pass of a pipeline.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class Verdict {
  unchanged, // the pass changed nothing
  identical, // the pass changed the unit, but all results are the same, bit for bit
  equal,     // the results are the same within tolerance
  differs,   // the results differ from those of the start
  unsteady,  // the original unit gives different results from run to run, so nothing can be said
  not_run,   // not compared: the pass's result is not meant to be run, or to have the same inputs and outputs
  refused,   // tsir's check of the pass's conditions failed
  failed,    // LibTorch threw
  broken,    // the pass left an invalid graph
  timed_out, // the pass, or running its result, exceeded the time limit
  crashed    // the pass, or running its result, crashed the process
};
std::string_view to_string(Verdict verdict); // "timed out"

struct PassVerdict {
  std::string name;   // canonical
  std::string use;    // with its options
  std::string passes; // the pipeline text that reproduces the state after it
  std::string before; // the same for the state before it; may be empty
  Verdict verdict = Verdict::unchanged;
  double seconds = 0;      // the pass alone
  double run_seconds = 0;  // all runs of the changed unit; 0 if it was not run
  double max_absolute = 0; // of all outputs, over all inputs and calls
  double max_relative = 0;
  std::string what;                 // the reason, in one line
  std::string note;                 // a note of the pass
  std::vector<std::string> remarks; // strides, shared storage
  std::string known;                // "pytorch#61223: …", if this is a known defect of LibTorch
  std::string reproducer;           // a folder; empty if none was written
};

nlohmann::ordered_json to_json(const PassVerdict& verdict);
// nlohmann's conversions, with the same fields.
void to_json(nlohmann::ordered_json& json, const PassVerdict& verdict);
void from_json(const nlohmann::ordered_json& json, PassVerdict& verdict);

// Whether the verdict counts as a failure, for which a reproducer is written. A refusal does not.
bool is_failure(const PassVerdict& verdict);

// The tool's exit code for a list of verdicts: 5 if a pass crashed or timed out, else 4 if one failed or left a broken
// graph, else 1 if results differ, else 0. A refused pass counts as failed, unless `refusals_are_fine`.
int exit_code(const std::vector<PassVerdict>& verdicts, bool refusals_are_fine);

} // namespace tsir

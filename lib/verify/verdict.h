// What verifying found out about one pass of a pipeline.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class Verdict {
  unchanged, // the pass changed nothing
  identical, // changed the unit; everything it gives is the same, bit for bit
  equal,     // the same within tolerance
  differs,   // it gives something else than at the start
  unsteady,  // the unit as it came gives something else from run to run: nothing can be said
  not_run,   // nothing to compare: what the pass leaves is not made to be run, or to have the same inputs and outputs
  refused,   // tsir's check of the pass's conditions
  failed,    // LibTorch threw
  broken,    // the graph is no sound graph afterwards
  timed_out, // it, or running what it left, exceeded its time limit
  crashed    // it, or running what it left, brought its process down
};
std::string_view to_string(Verdict verdict); // "timed out"

struct PassVerdict {
  std::string name;   // canonical
  std::string use;    // with its options
  std::string passes; // the pipeline text that reproduces the state after it
  std::string before; // the same for the state before it; may be empty
  Verdict verdict = Verdict::unchanged;
  double seconds = 0;      // the pass alone
  double max_absolute = 0; // of all outputs, over all inputs and calls
  double max_relative = 0;
  std::string what;                 // why not: one line
  std::string note;                 // what the pass had to say
  std::vector<std::string> remarks; // strides, shared storage
  std::string known;                // "pytorch#61223: …", where this is a known defect of LibTorch
  std::string reproducer;           // a folder; empty where none was written
};

nlohmann::ordered_json to_json(const PassVerdict& verdict);
// nlohmann's conversions, with the same fields.
void to_json(nlohmann::ordered_json& json, const PassVerdict& verdict);
void from_json(const nlohmann::ordered_json& json, PassVerdict& verdict);

// Whether it counts as a failure, of which a reproducer is written; a refusal does not.
bool is_failure(const PassVerdict& verdict);

// The tool's exit code for a list: 5 where a pass crashed or timed out, else 4 where one failed or left a broken graph,
// else 1 where results differ, else 0. In a sweep over every pass, one that refuses is fine.
int exit_code(const std::vector<PassVerdict>& verdicts, bool refusals_are_fine);

} // namespace tsir

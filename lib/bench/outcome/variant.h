// A variant as reports show it: its description and its results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

enum class VariantState {
  good,
  identical,   // executes the same as an earlier variant
  wrong,       // its outputs differ from the baseline's
  pass_failed, // a pass threw
  run_failed,  // the model threw
  refused,     // NNC groups that an interpreter would run; nothing left to train
  not_run,     // a pass before it failed, or the user stopped
};
std::string_view to_string(VariantState state); // "pass-failed"
// Whether a variant in this state has times: its own, or those of the variant that it is identical to.
bool has_times(VariantState state);

// A pass of a pipeline, run once.
struct PassOutcome {
  std::string text; // as in a pipeline
  double seconds = 0;
  bool changed = false;
  bool of_module = false; // a module pass
  std::string note;
  std::string beyond_host = {}; // what it did that a program without tsir does not do (lib/pass/row.h)
};

// Memory of tensors on the CPU only, without code and plans.
struct MemoryUse {
  int64_t allocations = 0;
  int64_t allocated_bytes = 0; // in total
  int64_t peak_bytes = 0;      // the most at one time, in addition to what was allocated at the start
};

// The difference between the outputs of two runs.
struct OutputDifference {
  bool same = true;        // within tolerance; types, shapes and dtypes equal
  bool identical = true;   // bit for bit
  double max_absolute = 0; // over all tensors and numbers
  double max_relative = 0; // where the reference is not 0
  std::string where;       // of the first mismatch, else of the largest difference
};

struct VariantOutcome {
  std::string name;   // to show: "baseline", "+ freeze"
  std::string passes; // as a pipeline; "" for the baseline without passes, and for a rival
  std::string origin; // the file's name, if it is not the bench's own file
  std::string rival;  // the command of another program, timed in place of passes; "" for a variant of the model
  VariantState state = VariantState::not_run;
  std::string detail;          // one line if state is not good; for identical: the name of the other variant
  size_t identical_to = 0;     // index, if identical
  bool compared = false;       // `difference` is set
  OutputDifference difference; // from the baseline's outputs, over the first calls
  std::vector<PassOutcome> pass_runs;
  double open_seconds = 0;
  MemoryUse memory; // of one call, after those that profile and compile; zeros if not run

  bool is_rival() const { return !rival.empty(); }
  // Its name in files, after the model's name: its passes, or a rival's name.
  const std::string& label() const { return is_rival() ? name : passes; }
};

} // namespace tsir

// A variant as reports show it: what it was, and the results of its checks.
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
// Its own, or those of the variant that it is identical to.
bool has_times(VariantState state);

// A pass of a pipeline, run once.
struct PassOutcome {
  std::string text; // as in a pipeline
  double seconds = 0;
  bool changed = false;
  bool of_module = false; // a module pass
  std::string note;
};

// Of tensors' memory on the CPU, and of nothing else: code and plans are not in it.
struct MemoryUse {
  int64_t allocations = 0;
  int64_t allocated_bytes = 0; // together
  int64_t peak_bytes = 0;      // the most at one time beyond what was there at the start
};

// Between two runs' outputs.
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
  std::string origin; // the file's name, where it is another than the bench's own
  std::string rival;  // the command of another program, timed in place of passes; "" for a variant of the model
  VariantState state = VariantState::not_run;
  std::string detail;          // one line where state is not good; for identical: the name of the other
  size_t identical_to = 0;     // index, where identical
  bool compared = false;       // `difference` holds something
  OutputDifference difference; // from the baseline's outputs, over the first calls
  std::vector<PassOutcome> pass_runs;
  double open_seconds = 0;
  MemoryUse memory; // of one call, after those that profile and compile; zeros where not run

  bool is_rival() const { return !rival.empty(); }
  // What files call it, beside the model's name: its passes, or a rival's name.
  const std::string& label() const { return is_rival() ? name : passes; }
};

} // namespace tsir

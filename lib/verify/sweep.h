// Verifies pipelines in child processes, so that a crash of one does not prevent the verification of the others.
#pragma once

#include "lib/pass/pipeline.h"
#include "lib/verify/sweep_start.h"

namespace tsir {

// What a sweep spent its time on, in seconds.
struct SweepCost {
  double opening = 0; // the file, with the start passes
  double start = 0;   // running the unit before any pass
  double passes = 0;  // the passes alone, and children that crashed or exceeded their time
  double runs = 0;    // running changed units
  double whole = 0;   // from the beginning to the end
  size_t at_once = 1; // children at the same time
  // A sweep that runs one child at a time and does nothing else takes this long.
  double floor() const { return opening + start + passes + runs; }
};
nlohmann::ordered_json to_json(const SweepCost& cost);

struct SweepResult {
  // Of each pipeline: one verdict for each pass, in order, up to the first that failed.
  std::vector<std::vector<PassVerdict>> verdicts;
  SweepCost cost;
};

// Verifies each pipeline in a child of its own, from the same start. `on_begin` (may be empty) is called here with the
// index of each pipeline, in order. Throws Error if the unit cannot be opened or run before any pass.
SweepResult verify_each(const std::vector<Pipeline>& pipelines, const SweepSettings& settings,
                        const std::function<void(size_t)>& on_begin = {});

// The task of verifying a pipeline in a child of this process, which holds the start: for run_workers. `on_end` gets
// the verdicts, and the time that was lost if the child died. The task's own on_end throws the Error that the child
// threw. Pipeline and start must outlive the task.
WorkerTask verify_task(const Pipeline& pipeline, const SweepStart& start,
                       std::function<void(std::vector<PassVerdict> verdicts, double lost_seconds)> on_end);
// The verdicts on one pipeline. To be called in the process that holds the start.
std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepStart& start);
// The same in a child that opens the target itself and observes its start if a pass changed something.
std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings);

} // namespace tsir

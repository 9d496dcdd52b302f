// Runs a bisection of a pipeline from end to end: finds the first pass after which something is wrong, and the
// application within it.
#pragma once

#include "lib/bisect/pass_states.h"
#include "lib/workload/invocation.h"

namespace tsir {

struct BisectJob {
  enum class Question {
    results, // a pass changes results, breaks the graph, throws, crashes or hangs
    slower,  // a bench of the state against the start says SLOWER
    command  // a command of the user rejects the state
  };
  Workload workload;
  const Registry* registry = nullptr;
  Pipeline passes;
  Question question = Question::results;
  std::string command;       // for a shell; {} stands for the state's file; exit code 0: good, 125: cannot tell
  double band = 0.05;        // slower: a smaller difference counts as none
  double bench_seconds = 20; // slower: time of the first bench of a state
  bool linear = false;       // tests every state in order
  std::string opt_limit{known_opt_limit}; // the file of LibTorch whose limit counts applications; "" for none
  std::chrono::nanoseconds limit{0};      // for one state
  std::string found_by;                   // the command line of this job, recorded in reproducers; may be empty
  std::string reproducers;                // a folder for the reproducer; "" for none
};

// The first application of the pass that causes the failure.
struct BisectApplication {
  size_t number = 0;  // 0: LibTorch's limit does not affect the failure
  size_t good = 0;    // the largest smaller number without a failure
  std::string before; // the graph with `good` applications
  std::string after;  // the graph with `number` applications
};

struct BisectOutcome {
  BisectResult result;
  BisectApplication application; // if one was found
  std::string reproducer;        // a folder; "" if none was written
  Invocation see_again;          // the command that shows the failure: verify or bench; bisect with the user's test
};

// `on_test` (may be empty) is called before each test with the number of passes of the state. Throws Error(check) if
// the state before all passes is bad.
BisectOutcome bisect(const BisectJob& job, const std::function<void(size_t passes)>& on_test = {});

// The report for people; ends with a newline. `color`: colours the diff of an application.
std::string to_text(const BisectJob& job, const BisectOutcome& outcome, bool color);
// Schema tsir.bisect/1.
nlohmann::ordered_json to_json(const BisectJob& job, const BisectOutcome& outcome);

} // namespace tsir

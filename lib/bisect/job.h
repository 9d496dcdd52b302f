// A bisection of a pipeline from end to end: the first pass after which something is wrong, and what of it.
#pragma once

#include "lib/bisect/pass_states.h"
#include "lib/workload/invocation.h"

namespace tsir {

struct BisectJob {
  enum class Question {
    results, // a pass changes results, breaks the graph, throws, crashes or hangs
    slower,  // a bench of the state against the start says SLOWER
    command  // a command of the user's says so
  };
  Workload workload;
  const Registry* registry = nullptr;
  Pipeline passes;
  Question question = Question::results;
  std::string command;                    // for a shell, {} stands for the state's file: 0 good, 125 cannot tell
  double band = 0.05;                     // slower: a difference of less counts as none
  double bench_seconds = 20;              // slower: for one state, at first
  bool linear = false;                    // every state in order
  std::string opt_limit{known_opt_limit}; // the file of LibTorch whose limit counts applications; "" for none
  std::chrono::nanoseconds limit{0};      // for one state
  std::string found_by;    // the command line that this job stands for, for readers of reproducers; may be empty
  std::string reproducers; // a folder for what reproduces it; "" for none
};

// The first application of the pass that goes wrong.
struct BisectApplication {
  size_t number = 0;  // 0: LibTorch's limit does not reach what goes wrong
  size_t good = 0;    // the largest number below with which all is well
  std::string before; // the graph with so many
  std::string after;  // and with one more
};

struct BisectOutcome {
  BisectResult result;
  BisectApplication application; // where one was found
  std::string reproducer;        // a folder; "" where none was written
  Invocation see_again;          // what shows it; of verify, or of bench
};

// `on_test`, which may be empty, hears before each test how many passes the state has. Throws Error(check) where the
// state before all passes is wrong.
BisectOutcome bisect(const BisectJob& job, const std::function<void(size_t passes)>& on_test = {});

// For people; ends with a newline. `color`: of the difference that an application makes.
std::string to_text(const BisectJob& job, const BisectOutcome& outcome, bool color);
// Schema tsir.bisect/1.
nlohmann::ordered_json to_json(const BisectJob& job, const BisectOutcome& outcome);

} // namespace tsir

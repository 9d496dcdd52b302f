// Running passes from end to end: a file is opened, passes run on each of its graphs, and the result is written.
#pragma once

#include "lib/opt/observers.h"
#include "lib/opt/save_checked.h"
#include "lib/workload/workload.h"

namespace tsir {

struct OptJob {
  Workload workload;
  Pipeline pipeline;
  ObserverSettings observers;
  std::string output;           // FILE.pt for the module, FILE.ir for the graph as text; "" for none
  bool allow_different = false; // writes a module even if its outputs differ from those of the module as it came
  bool locations = false;       // source locations in every text
  bool elide = false;           // leave large constants out of FILE.ir
  bool load = false;            // load a module fully even if neither the passes nor the output need it
  bool text = true;             // the outcome has the graph as text
  bool one_graph = false;       // refuse a file that holds several graphs, as is always done with an output
};

// Of one graph.
struct OptOutcome {
  std::string method;               // or the name of the graph
  bool of_module = false;           // else a bare graph
  std::vector<PassRecord> ran;      // one for each pass
  std::string reports;              // of analyses, as comments of .ir text
  std::string text;                 // the graph after the passes; "" unless it was asked for
  std::optional<SaveCheck> saved{}; // of a module that was written
};

// All may be empty.
struct OptHooks {
  Sink text = {};                                   // what the observers print
  Warn warn = {};                                   // see OpenedModel
  std::function<void(size_t graph)> begin = {};     // before each graph; the first is 1
  std::function<void(const OptOutcome&)> ran = {};  // the passes have run; there is no text or output yet
  std::function<void(const OptOutcome&)> done = {}; // after each graph
  // Makes one more observer for the run on a graph. It is the first before a pass and the last after it.
  std::function<std::unique_ptr<Observer>(size_t graph)> observer = {};
};

// What the job asks of the unit.
Purpose purpose_of(const OptJob& job);

// Runs the job on each graph of the file in turn. Throws the Error that opening the file, a pass, an observer or the
// output meets; what the hooks were told before that stays valid.
std::vector<OptOutcome> opt(const OptJob& job, const OptHooks& hooks = {});

// Runs the job and collects what reading the text warns of and what reading or a pass fails with. Returns a line for
// each difference from what the comments of the text expect (lib/checks/expected_diagnostics.h). Throws Error(usage) if
// the file is not .ir text or the workload chooses one of its graphs, Error(load) on a comment that cannot be
// understood, and every other Error that opt() throws.
std::vector<std::string> verify_diagnostics(const OptJob& job, const OptHooks& hooks = {});

// Schema tsir.opt/1.
nlohmann::ordered_json to_json(const OptJob& job, const OptOutcome& outcome);

} // namespace tsir

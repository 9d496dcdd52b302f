// A unit after a pipeline, ready to be timed.
#pragma once

#include "lib/bench/outcome/variant.h"
#include "lib/bench/timing/arm.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"

namespace tsir {

class Training;
struct Rival;

// What is benched, and how it runs.
struct BenchTarget {
  std::function<Unit()> open;      // a fresh unit each time, with weights of its own
  std::string method;              // the unit's name, to show
  std::vector<c10::IValue> inputs; // without self
  c10::Device device = c10::kCPU;
  Executor executor = Executor::as_is;
  bool grad = false;
  Tolerance tolerance = {};                // of outputs that are compared
  uint64_t seed = 0;                       // of the model's own random numbers in checked runs
  std::shared_ptr<Training> training = {}; // what is timed is a step of it (train.h), not a call
  size_t clients = 0;                      // threads that call at once (clients.h); 0: one, the thread that measures
  std::function<void()> flush = {};        // empties the caches before each timed call (cache_flush.h); may be empty
};

struct VariantSpec {
  std::string name; // to show: "baseline", "+ freeze"
  Pipeline pipeline;
  std::string crash = {}; // why it must not even be made in this process (preflight.h); "" where it may
  // Another module than the target's, and its file's name; empty for the target's own.
  std::function<Unit()> open = {};
  std::string origin = {};
  // Another program in place of a module and its passes (rival.h).
  std::shared_ptr<const Rival> rival = {};
  // What files call it, beside the model's name: the text of its passes, or a rival's name.
  std::string label() const { return rival ? name : pipeline.text(); }
};

struct Variant {
  Unit unit;
  Runnable runnable;
  std::string origin;
  std::vector<PassOutcome> passes;
  double open_seconds = 0;
};

// Opens the target afresh and runs the passes, checking the graph after each. Throws Error, of kind pass where one
// fails or leaves a broken graph.
Variant make_variant(const BenchTarget& target, const VariantSpec& spec);

// The file, and the passes that changed something, in order: variants with the same history are the same, since passes
// are deterministic.
std::string history(const Variant& variant);
// Equal for variants that execute the same: the graph that runs just now (under a just-in-time executor only after
// enough runs), and, where that graph reads the module, how the module came about.
uint64_t execution_key(const Variant& variant);

// One caller of the variant, with copies of the target's inputs; each call waits for the device. Several may call the
// same variant at once.
std::function<void()> caller_of(const std::shared_ptr<const Variant>& variant, const BenchTarget& target);
// All that the target says about who calls, and how. Its plan is watched unless it runs as is.
Arm make_arm(const BenchTarget& target, Variant variant);

// Whether `graph` holds NNC groups that this LibTorch runs in an interpreter: on a CPU without LLVM. Their times,
// thousands of times longer than compiled ones, tell nothing about the fusion.
bool runs_interpreted_nnc(const jit::Graph& graph, c10::Device device);

} // namespace tsir

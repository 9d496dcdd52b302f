// A unit after its pipeline, ready to be timed.
#pragma once

#include "lib/bench/outcome/variant.h"
#include "lib/bench/timing/arm.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"

namespace tsir {

class Training;
struct Rival;

// What to bench, and how to run it.
struct BenchTarget {
  std::function<Unit()> open;      // makes a fresh unit each time, with its own weights
  std::string method;              // the unit's name, to show
  std::vector<c10::IValue> inputs; // without self
  c10::Device device = c10::kCPU;
  Executor executor = Executor::as_is;
  bool grad = false;
  Tolerance tolerance = {};                // for the comparison of outputs
  uint64_t seed = 0;                       // of the model's own random numbers in checked runs
  std::shared_ptr<Training> training = {}; // if set, a training step is timed (train.h), not a call
  size_t clients = 0;               // threads that call at the same time (clients.h); 0: only the thread that measures
  bool client_copies = false;       // each client has its own copy of the module, which its calls change
  std::function<void()> flush = {}; // empties the caches before each timed call (cache_flush.h); may be empty
};

// What a trial in another process has found about a variant whose passes change nothing.
struct IdleTrial {
  std::vector<PassOutcome> passes;
  double open_seconds = 0;
};

struct VariantSpec {
  std::string name; // to show: "baseline", "+ freeze"
  Pipeline pipeline;
  std::string crash = {};             // why it must not be made in this process (preflight.h); "" if it may be made
  std::optional<IdleTrial> idle = {}; // it need not be made again to be known as identical (preflight.h)
  // A module other than the target's, and its file's name; empty for the target's own.
  std::function<Unit()> open = {};
  std::string origin = {};
  // Another program instead of a module and its passes (rival.h).
  std::shared_ptr<const Rival> rival = {};
  // Its name in files, after the model's name: the text of its passes, or a rival's name.
  std::string label() const { return rival ? name : pipeline.text(); }
};

struct Variant {
  Unit unit;
  Runnable runnable;
  std::string origin;
  std::vector<PassOutcome> passes;
  double open_seconds = 0;
};

// Opens the target again and runs the passes, checking the graph after each. Throws Error, of kind pass if a pass fails
// or leaves a broken graph.
Variant make_variant(const BenchTarget& target, const VariantSpec& spec);

// The file, and the passes that changed something, in order. Variants with the same history are the same, because
// passes are deterministic.
std::string history(const Variant& variant);
std::string history(const std::string& origin, const std::vector<PassOutcome>& passes);
// A key that is equal for variants that execute the same. It is made from the graph that currently runs (with a
// just-in-time executor, only after enough runs) and, if that graph reads the module, from the module's history.
uint64_t execution_key(const Variant& variant);

// Makes one caller of the variant, with copies of the target's inputs. Each call waits for the device. Several callers
// may call the same variant at the same time.
std::function<void()> caller_of(const std::shared_ptr<const Variant>& variant, const BenchTarget& target);
// Makes the arm that the target describes: clients, training, device, cold caches. Its plan is watched unless the
// executor is as_is.
Arm make_arm(const BenchTarget& target, Variant variant);
// The same for clients that call a variant each.
Arm make_arm(const BenchTarget& target, std::vector<Variant> copies);

// Whether `graph` has NNC groups that this LibTorch runs in an interpreter, as on a CPU without LLVM. They take
// thousands of times longer than compiled groups, so their times say nothing about the fusion.
bool runs_interpreted_nnc(const jit::Graph& graph, c10::Device device);

} // namespace tsir

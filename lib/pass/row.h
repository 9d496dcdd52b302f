// The row that describes a pass: the only place where a pass is described. It feeds the help, `tsir passes`, the docs
// and the tests.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/model/unit.h"
#include "lib/pass/host_code.h"
#include "lib/pass/options.h"

#include <nlohmann/json.hpp>

namespace tsir {

// graph: changes one graph. module: returns another module (works on all its methods). profiled: a graph pass that
// needs tensor types with shapes; the unit is run on its example inputs first, and tsir says so. analysis: reports and
// changes nothing.
enum class PassKind { graph, module, profiled, analysis };
std::string_view to_string(PassKind kind);

// The conditions that a unit must meet for the pass to do its work. A pass whose needs are not met either says so in
// its note (it found nothing to do) or throws Refused.
enum class Need {
  module,        // a module, not a bare graph
  eval,          // a module in eval mode
  frozen,        // weights that are constants of the graph
  inlined,       // no calls of methods or functions
  inputs,        // example inputs
  gradients,     // tensors that require gradients
  profile_nodes, // prim::profile nodes with the types seen in runs
  no_mutation,   // no operators that write in place
  observed,      // a module with quantization observers
  quantized,     // quantized operators, or quantize and dequantize nodes
  mkldnn,
  cuda,
  cxx_compiler
};
std::string_view to_string(Need need); // "frozen"
std::string to_advice(Need need);      // "run freeze first"

// The arguments of a pass, besides the unit.
struct PassContext {
  const PassOptions& options;
  // Example inputs without self; nullptr if the user gave none.
  const std::vector<c10::IValue>* inputs = nullptr;
  c10::Device device = c10::kCPU;
  bool grad = false; // autograd is on where the pass runs the unit: some models differentiate inside forward
};

// The result of a pass, besides the unit that it changed.
struct PassResult {
  PassResult() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): most passes return a note and nothing else
  PassResult(std::string said) : note(std::move(said)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  PassResult(const char* said) : note(said) {}
  std::string note;                 // one line: "found no frozen weights: run freeze first"; or nothing
  std::string report;               // the text of an analysis, for people
  nlohmann::ordered_json data = {}; // the same as data
  // What the pass did on this unit that `host` does not do, as in "it left 2 batch norms alone"; or nothing.
  std::string beyond_host = {};
};

// A defect of LibTorch that users of the pass should know about.
struct UpstreamIssue {
  std::string issue;   // "pytorch#61223"
  std::string what;    // what goes wrong, in a few words
  std::string message; // a part of LibTorch's exception that identifies the defect; empty if it does not throw
};

struct PassRow {
  std::string name;                 // LibTorch's function in kebab-case: "eliminate-common-subexpression"
  std::vector<std::string> aliases; // "cse"
  std::string function;             // "torch::jit::EliminateCommonSubexpression"
  std::string header;               // "torch/csrc/jit/passes/common_subexpression_elimination.h"
  PassKind kind = PassKind::graph;
  std::vector<OptionSpec> options;
  std::vector<Need> needs;
  bool changes_numerics = false; // results may differ by rounding
  bool lowers_precision = false; // computes in a type of fewer bits: results differ by more than a tolerance allows
  bool runs_operators = false;   // executes operators of the model (constant propagation, freezing)
  bool savable = true;           // false: leaves nodes or constants that a .pt cannot carry
  bool executable = true;        // false: leaves a graph for inspection or further passes, which cannot be run as is
  bool keeps_interface = true;   // false: may change the number, order or types of inputs and outputs
  bool idempotent = true;        // false: a second run may change the unit further
  std::string order;             // what should run before or after it: "after freeze-module, before any fuser"; or ""
  std::string looks_for;         // what it acts on, as in "found nothing to do: it looks for ...": "calls of methods"
  std::vector<UpstreamIssue> upstream;
  std::string summary;     // one line that begins with a verb, no full stop
  std::string description; // a paragraph or two: what it does, when it applies, what it leaves alone
  // .ir text on which the pass does something, or the TorchScript methods of a module if it begins with `def` (see
  // passes/example.h); `tsir passes NAME` shows it before and after.
  std::string example;
  std::vector<std::string> example_inputs; // in the grammar of lib/input/inputs.h, if the example needs inputs
  std::string example_passes;              // a pipeline that prepares the example: "insert-observers"; usually empty
  // Why the options cannot have these values, whatever the unit ("threshold must be at least 1"), or "". Called when a
  // pipeline is parsed: a wrong value is wrong usage, not a failed pass. Absent: any value of the right type is valid.
  std::function<std::string(const PassOptions&)> wrong_options;
  // Changes the unit (an analysis does not). Returns a note for the user ("took fuse-onednn-graph"), or nothing. Throws
  // Refused if the unit does not meet one of the pass's conditions, and otherwise whatever LibTorch throws.
  std::function<PassResult(Unit&, const PassContext&)> run;
  // Writes what `run` does for a program without tsir. Where run() refuses units, the code need not. Absent: it takes
  // more than a few calls of LibTorch's public functions.
  HostWriter host;
};

} // namespace tsir

// The row that describes a pass: the only place where a pass is described. It feeds --help, `tsir passes`, the docs and
// the tests.
#pragma once

#include "lib/core/libtorch.h"
#include "lib/model/unit.h"
#include "lib/pass/options.h"

namespace tsir {

// graph: changes one graph. module: returns another module (works on all its methods). profiled: a graph pass that
// needs tensor types with shapes; the pipeline runs the unit on its example inputs first and says so.
enum class PassKind { graph, module, profiled };
std::string_view to_string(PassKind kind);

// What must be true of a unit for the pass to do its work. A pass whose needs are not met either says so in its note
// (it found nothing to do) or throws Error(pass).
enum class Need { module, frozen, inlined, inputs, mkldnn, cuda, cxx_compiler };
std::string_view to_string(Need need); // "frozen weights"
std::string_view to_advice(Need need); // "run freeze first"

// What a pass is run with, besides the unit.
struct PassContext {
  const PassOptions& options;
  // Example inputs without self; nullptr where the user gave none.
  const std::vector<c10::IValue>* inputs = nullptr;
  c10::Device device = c10::kCPU;
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
  bool runs_operators = false;   // executes operators of the model (constant propagation, freezing)
  bool savable = true;           // false: leaves nodes or constants that a .pt cannot carry
  std::string summary;           // one line, no full stop
  std::string description;       // a paragraph or two: what it does, on what conditions, what it leaves alone
  // .ir text on which the pass does something, or the TorchScript methods of a module where it begins with `def` (see
  // passes/example.h); shown before and after by `tsir passes NAME`.
  std::string example;
  std::vector<std::string> example_inputs; // in the grammar of --input, where the example needs inputs
  // Changes the unit. Returns what a user should know ("found no frozen weights: run freeze first"; "took
  // fuse-onednn-graph"), or nothing. Throws whatever LibTorch throws.
  std::function<std::string(Unit&, const PassContext&)> run;
};

} // namespace tsir

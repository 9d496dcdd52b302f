// Makes example inputs for a schema from texts, from a file, or from the inputs bundled in the module.
//
// docs/inputs.md describes the grammar and all fills. Every argument has a separate random generator: its values depend
// only on the seed, its position and its text. A list is accepted for a tuple and vice versa, an int for a float, a
// string for a device or an Enum member, and a dict for a NamedTuple.
#pragma once

#include "lib/input/batch.h"

namespace tsir {

struct InputSettings {
  std::vector<std::string> inputs; // texts, positional or name=…
  std::string file;                // a .pt with a tuple or list of arguments, or a dict of named arguments; "" for none
  std::string whole = {};          // the text of such a tuple, list or dict, or of the only argument; "" for none
  std::optional<Batch> batch = {}; // changes the batch size of the given inputs
  uint64_t seed = 0;
  c10::Device device = c10::kCPU;
};

// Arguments for `schema` (without self), including default values; lists and dicts have the schema's element types. If
// no inputs are given and `module` is not null, the first of its bundled inputs is used. Fetching it is the only code
// of the model that runs. Throws an Error(usage) that shows the schema and an example to copy.
std::vector<c10::IValue> make_inputs(const InputSettings& settings, const c10::FunctionSchema& schema,
                                     jit::Module* module);

// Whether the module has inputs of its own for the method: bundled ones.
bool bundles_inputs(const jit::Module& module, const std::string& method);

// Checks existing inputs, such as unpickled ones, against the schema. Throws like make_inputs.
void check_inputs(const std::vector<c10::IValue>& inputs, const c10::FunctionSchema& schema);

// Example inputs for the schema in the front end's syntax, for messages: `--input 'float32[1,3,224,224]' --input 10`.
std::string suggest_inputs(const c10::FunctionSchema& schema);

// The schema in Python syntax on one line: `forward(x: Tensor, n: int = 3) -> Tensor`.
std::string schema_text(const c10::FunctionSchema& schema);

} // namespace tsir

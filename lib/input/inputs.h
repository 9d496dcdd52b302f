// Example inputs, from texts, a file, or those bundled in the module, made to fit a schema.
//
// The grammar and all fills: docs/inputs.md. Every argument has a random generator of its own: its values depend on the
// seed, its place and its own text alone. A list may stand for a tuple and the other way round, an int for a float, a
// string for a device or an Enum's member, a dict for a NamedTuple.
#pragma once

#include "lib/input/batch.h"

namespace tsir {

struct InputSettings {
  std::vector<std::string> inputs; // texts, positional or name=…
  std::string file;                // a .pt with a tuple or list of arguments, or a dict by name; "" for none
  std::string whole = {};          // the text of such a tuple, list or dict, or of the only argument; "" for none
  std::optional<Batch> batch = {}; // of another size than the inputs have as they are given
  uint64_t seed = 0;
  c10::Device device = c10::kCPU;
};

// Arguments for `schema` (without self), defaults filled in; lists and dicts carry the schema's element types. Nothing
// of the model runs, except that bundled inputs of `module` (may be nullptr) are fetched by its own method when none
// are given: the first of them. Throws Error(usage) that shows the schema and a line to copy.
std::vector<c10::IValue> make_inputs(const InputSettings& settings, const c10::FunctionSchema& schema,
                                     jit::Module* module);

// Checks what exists already (unpickled inputs, say) against the schema. Throws as above.
void check_inputs(const std::vector<c10::IValue>& inputs, const c10::FunctionSchema& schema);

// Inputs that fit the schema, for messages, as the front end takes them: `--input 'float32[1,3,224,224]' --input 10`.
std::string suggest_inputs(const c10::FunctionSchema& schema);

// The schema as Python would write it: `forward(x: Tensor, n: int = 3) -> Tensor`. One line.
std::string schema_text(const c10::FunctionSchema& schema);

} // namespace tsir

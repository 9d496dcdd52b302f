// A summary of a TorchScript file as data: the first section of `tsir dump`.
#pragma once

#include "lib/model/calls.h"
#include "lib/model/effects.h"
#include "lib/model/load/attributes.h"
#include "lib/model/load/inspect.h"
#include "lib/model/load/missing.h"

namespace tsir {

// The tensors of one dtype on one device. Shared memory is counted once.
struct TensorTotal {
  std::string dtype;
  std::string device;
  uint64_t tensors = 0;
  uint64_t elements = 0;
  uint64_t bytes = 0;
};

struct MethodSummary {
  std::string name;
  std::string schema;                    // without self: "forward(Tensor x) -> Tensor"
  uint64_t nodes;                        // in its own graph, without calls
  std::optional<uint64_t> inlined_nodes; // with all calls inlined; std::nullopt if that would be too large
};

// The uncompressed sizes of the entries in an archive, by purpose, in bytes.
struct ArchiveSummary {
  uint64_t file_bytes = 0;
  uint64_t version = 0;
  std::string written_by; // "PyTorch 2.1 or newer", as far as the archive reveals it
  uint64_t entries = 0;
  uint64_t code_files = 0;
  uint64_t code_bytes = 0;
  uint64_t tensor_files = 0;
  uint64_t tensor_bytes = 0;
  bool lite_bytecode = false;
  std::vector<std::string> extra_files; // files added by the author: names below extra/
};

struct ModelSummary {
  std::string module_class;
  std::optional<bool> training; // std::nullopt if the module does not have this attribute
  std::vector<MethodSummary> methods;
  std::vector<TensorTotal> parameters;
  std::vector<TensorTotal> buffers;
  std::vector<TensorTotal> others;    // in lists and dicts, and in the states of __setstate__
  std::vector<TensorTotal> constants; // of the code
  uint64_t submodules = 0;
  std::vector<Effect> effects;    // of all methods
  std::vector<Effect> traits;     // of all methods: what its owner may not expect
  std::vector<std::string> hooks; // called before and after forward
  std::vector<std::string> setstate_classes;
  CodeNeeds custom;
  bool bundled_inputs = false;
  std::string sizes;                      // what running two batch sizes showed; "" if the model was not run
  std::vector<std::string> traced_inputs; // of forward, as texts: "float32[1,3,16,16]"
};

ArchiveSummary summarize(const Archive& archive);
ModelSummary summarize(const InspectedModule& inspected, InlinedGraphs& inlined);

// A method's schema as text, without self.
std::string schema_text(const c10::FunctionSchema& schema, const std::string& name);

} // namespace tsir

// What a TorchScript file is, as data: what opens the output of `tsir dump`.
#pragma once

#include "lib/model/load/attributes.h"
#include "lib/model/calls.h"
#include "lib/model/effects.h"
#include "lib/model/load/inspect.h"
#include "lib/model/load/missing.h"

namespace tsir {

// Tensors of one dtype on one device. Tensors that share their memory count once.
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
  uint64_t nodes;                        // of its own graph
  std::optional<uint64_t> inlined_nodes; // with all calls inlined; nothing where that would be too large
};

// Sizes of an archive by what its entries are for, in bytes when read.
struct ArchiveSummary {
  uint64_t file_bytes = 0;
  uint64_t version = 0;
  std::string written_by; // "PyTorch 2.1 or newer", as far as the archive tells
  uint64_t entries = 0;
  uint64_t code_files = 0;
  uint64_t code_bytes = 0;
  uint64_t tensor_files = 0;
  uint64_t tensor_bytes = 0;
  bool lite_bytecode = false;
  std::vector<std::string> extra_files; // that the author put in: names below extra/
};

struct ModelSummary {
  std::string module_class;
  std::optional<bool> training; // nothing where the module has no such attribute
  std::vector<MethodSummary> methods;
  std::vector<TensorTotal> parameters;
  std::vector<TensorTotal> buffers;
  std::vector<TensorTotal> others;    // in lists and dicts, and in the states of __setstate__
  std::vector<TensorTotal> constants; // of the code
  uint64_t submodules = 0;
  std::vector<Effect> effects; // of all methods
  std::vector<std::string> setstate_classes;
  CodeNeeds custom;
  bool bundled_inputs = false;
};

ArchiveSummary summarize(const Archive& archive);
ModelSummary summarize(const InspectedModule& looked, InlinedGraphs& inlined);

// A method's schema as text, without self.
std::string schema_text(const c10::FunctionSchema& schema, const std::string& name);

} // namespace tsir

// What passes did to a module, written as a program that needs LibTorch only.
#pragma once

#include "lib/pass/observers/record.h"
#include "lib/pass/pipeline.h"
#include "lib/run/host_settings.h"

namespace tsir {

enum class Language { cpp, python };
std::string_view to_string(Language language); // "C++"

struct Program {
  std::string made_by; // "tsir 0.2.0"
  std::string file;    // the module that the passes ran on
  std::string method;  // of the module: "forward"
  Pipeline pipeline;
  std::vector<std::string> about = {};       // lines for the reader, such as what was measured
  std::string device = "cpu";                // where the module and the inputs must be
  std::optional<HostSettings> settings = {}; // to be made by the program; none: it is not told any
};

// Throws Error(usage) that names the first pass that cannot be written in the language, and why.
void check_can_be_written(const Program& program, Language language);
// Throws Error(usage) if a pass did more on this module than its code does.
void check_did_no_more(const Program& program, const std::vector<PassRecord>& ran, Language language);

// A C++ header with `prepare_model(torch::jit::Module module)`, or a Python file with the function
// `prepare_model(module)`. The C++ function also takes `const std::vector<c10::IValue>& example` if a pass needs the
// inputs of a call. It returns a torch::jit::Module, or a PreparedModel if LibTorch's executor cannot run what the
// passes make. With settings, `set_up_libtorch()` and `CallScope` (Python: `call_scope()`) make them. Throws as
// check_can_be_written does.
std::string write_program(const Program& program, Language language);

} // namespace tsir

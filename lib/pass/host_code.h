// A pass as it is written in a program that has LibTorch, but not tsir.
#pragma once

#include "lib/pass/options.h"

#include <functional>

namespace tsir {

// Code for one pass. It works on `module` (C++: torch::jit::Module, Python: torch.jit.ScriptModule), which module
// passes replace, or on `graph`, the graph of the module's method, which it changes.
struct HostCode {
  std::vector<std::string> headers; // of LibTorch or of C++: "torch/csrc/jit/passes/freeze_module.h"
  std::string cpp;                  // statements; "" if C++ cannot
  std::string python;               // statements; "" if Python's functions do not reach it
  // C++ functions that the statements call, one text for each file.
  std::vector<std::string> definitions = {};
  bool takes_example = false; // the statements use `example`, a vector with the inputs of one call
  // LibTorch's executor cannot run the result. The definitions have a class PreparedModel, which is made of the module
  // and the method's name, and runs it.
  bool prepared_model = false;
};

// `method`: the method that is worked on.
using HostWriter = std::function<HostCode(const PassOptions& options, const std::string& method)>;

// One call of a function in torch._C that takes the graph, or the module (`on`), and these options after it.
struct PythonCall {
  std::string function = {}; // "_jit_pass_cse"; "" if there is none
  std::vector<std::string> options = {};
  std::string on = "graph"; // the first argument
};

// Writes one call of `function` ("torch::jit::EliminateCommonSubexpression"), from `header`, that takes the graph and
// then the options, and the call from Python. Options that a call does not take must have their default value: Python
// then has no code, and C++ has none. It also has none if this LibTorch does not have the header.
HostWriter one_call(std::string function, std::string header, std::vector<std::string> options = {},
                    PythonCall python = {}, std::string on = "graph");

// Values as C++ and Python write them: true and True, {"a", "b"} and ["a", "b"].
std::string cpp_literal(const OptionValue& value);
std::string python_literal(const OptionValue& value);

} // namespace tsir

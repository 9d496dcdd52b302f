// What a file holds, so that a module that is written can keep it, or name what it cannot keep.
#pragma once

#include "lib/workload/opened_model.h"

namespace tsir {

struct FileContents {
  std::string file;
  std::string submodule;                          // the part of the module that is worked on; "" for all of it
  std::vector<std::string> methods;               // of the module
  std::vector<std::string> hooks;                 // of the module: called before and after its forward
  std::vector<std::string> attributes;            // of the module, that are neither tensors nor modules
  std::map<std::string, std::string> extra_files; // the bytes, by name
  std::set<std::string> other_devices;            // on which tensors were saved and are no longer: "cuda:0"
  bool lite_bytecode = false;                     // for LibTorch's lite interpreter
  bool traced_inputs = false;
};

// Throws Error(load).
FileContents contents_of(const OpenedModel& model, const Unit& unit, c10::Device device);

// The parts of `before` that a module written to a file does not have: "methods encode, decode", "hooks log",
// "the inputs of the trace". `written` is the module as it was loaded back.
std::vector<std::string> left_out(const FileContents& before, const Unit& written, bool lite_bytecode);

} // namespace tsir

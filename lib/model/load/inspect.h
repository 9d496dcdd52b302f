// Opens a TorchScript file without running any of the model's code: `__setstate__` is not run, and weights stay in the
// mapped file until something reads their values.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/archive/archive.h"

namespace tsir {

// An object whose class has __setstate__, which was not run: its attributes are unset (None), and what the file holds
// for it is its state.
struct UnsetObject {
  c10::intrusive_ptr<c10::ivalue::Object> object;
  c10::IValue state;
};

// A module that may be shown but not run.
struct InspectedModule {
  jit::Module module;
  std::shared_ptr<Archive> archive;        // null where the module came as text
  uint64_t version = 0;                    // of the file format ("version" record)
  std::map<std::string, std::string> code; // text of each "code/….py"
  // The constants archive, CONSTANTS.c0 and on. Shared, as functions that compile later refer to it.
  std::shared_ptr<const std::vector<c10::IValue>> constants = std::make_shared<const std::vector<c10::IValue>>();
  // Classes whose __setstate__ was not run.
  std::vector<std::string> unset_classes; // "m.Net"
  std::vector<UnsetObject> unset_objects;
  // Tensors are shown on the CPU; those saved on another device, by their storage's first byte.
  std::unordered_map<const void*, std::string> saved_devices;
};

// Throws Error(load) with one line; every size is checked against the file before anything is allocated.
InspectedModule inspect(const std::string& path);
InspectedModule inspect(const std::shared_ptr<const Bytes>& bytes);

} // namespace tsir

// Opens a TorchScript file without running any of the model's code: `__setstate__` is not run, and weights stay in the
// mapped file until their values are read.
#pragma once

#include "lib/archive/archive.h"
#include "lib/compat/libtorch.h"

namespace tsir {

// An object whose class has a __setstate__ that was not run: its attributes are unset (None), and `state` is what the
// file stores for it.
struct UnsetObject {
  c10::intrusive_ptr<c10::ivalue::Object> object;
  c10::IValue state;
};

// A module that can be printed but not run.
struct InspectedModule {
  jit::Module module;
  std::shared_ptr<Archive> archive;        // null if the module was given as text
  uint64_t version = 0;                    // of the file format ("version" record)
  std::map<std::string, std::string> code; // text of each "code/….py"
  // The constants archive, CONSTANTS.c0 and so on. Shared with functions that are compiled later.
  std::shared_ptr<const std::vector<c10::IValue>> constants = std::make_shared<const std::vector<c10::IValue>>();
  // Classes whose __setstate__ was not run.
  std::vector<std::string> unset_classes; // "m.Net"
  std::vector<UnsetObject> unset_objects;
  // All tensors are on the CPU. The devices of those saved on another device, by the address of their storage.
  std::unordered_map<const void*, std::string> saved_devices;
  // The entries of the archive that hold the storages of tensors, by address: "data/0", "constants/3".
  std::unordered_map<const void*, std::string> storage_entries;
};

// Throws Error(load). Every size is checked against the file before memory is allocated.
InspectedModule inspect(const std::string& path);
InspectedModule inspect(const std::shared_ptr<const Bytes>& bytes);

} // namespace tsir

// A TorchScript file whose sizes and nesting have been checked, so that LibTorch can parse and unpickle it safely.
#pragma once

#include "lib/archive/archive.h"
#include "lib/archive/code_check.h"
#include "lib/archive/pickle_check.h"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace tsir {

struct ModuleFile {
  std::shared_ptr<Archive> archive;
  uint64_t version = 0;                    // of the file format
  std::map<std::string, std::string> code; // text of each "code/….py"
  std::string constants;                   // constants.pkl
  std::string data;                        // data.pkl
  PickleFacts constants_facts;
  PickleFacts data_facts;
};

// The devices on which the file's tensors were saved: "cpu", "cuda:0".
std::set<std::string> devices_of_tensors(const ModuleFile& file);

// The code files in an archive, with their text. Throws Error(load).
std::map<std::string, std::string> read_code(const Archive& archive);

// The version of the file format that an archive declares; 0 if it does not declare one. Throws Error(load) if the
// version is not a number.
uint64_t read_version(const Archive& archive);

// Throws Error(load) if `bytes` is not a TorchScript module, or is one that this LibTorch cannot read.
ModuleFile open_module(const std::shared_ptr<const Bytes>& bytes, Defaults defaults);

} // namespace tsir

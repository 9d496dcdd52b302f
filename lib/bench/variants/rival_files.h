// Exchanges tensors with another program, as files in a folder that is removed at the end of the bench.
#pragma once

#include "lib/base/scratch_folder.h"
#include "lib/compat/libtorch.h"

namespace tsir {

enum class DataForm {
  torch, // one file for torch.load: for inputs a tuple of arguments
  npy    // a folder with 0.npy, 1.npy, …: the leaves
};

// All tensors, numbers and strings in the values, in order and without None, because programs nest outputs in different
// ways.
std::vector<c10::IValue> leaves(const std::vector<c10::IValue>& values);
// Programs may write a number as a tensor without dimensions, or a tensor as a number: turns each into what is
// expected.
std::vector<c10::IValue> as_expected(std::vector<c10::IValue> outputs, const std::vector<c10::IValue>& expected);

class RivalFiles {
public:
  RivalFiles() = default; // none
  // Makes a new folder in `parent`. Throws Error(check).
  explicit RivalFiles(const std::string& parent);

  void set_inputs(std::vector<c10::IValue> inputs) { inputs_ = std::move(inputs); }
  // The path of the inputs, which are written at the first call. Throws Error(usage) if the form cannot express them.
  std::string inputs(DataForm form);
  // A new path for the outputs of a rival; an empty folder for npy.
  std::string fresh_outputs(DataForm form);
  // Reads the outputs there, as leaves. Throws Error.
  static std::vector<c10::IValue> read_outputs(const std::string& path, DataForm form);
  // A new path for the standard error of a process.
  std::string fresh_log();

private:
  std::unique_ptr<ScratchFolder> folder_;
  std::vector<c10::IValue> inputs_;
  size_t given_ = 0;
};

} // namespace tsir

// Tensors exchanged with another program as files, in a folder that is deleted when the bench is over.
#pragma once

#include "lib/base/scratch_folder.h"
#include "lib/compat/libtorch.h"

namespace tsir {

enum class DataForm {
  torch, // one file for torch.load: for inputs a tuple of arguments
  npy    // a folder with 0.npy, 1.npy, …: the leaves
};

// All tensors, numbers and strings in the values, in order, and without None: how programs nest them differs from one
// to the next. Numbers become tensors without dimensions.
std::vector<c10::IValue> leaves(const std::vector<c10::IValue>& values);

class RivalFiles {
public:
  RivalFiles() = default; // none
  // Makes a folder of its own in `parent`. Throws Error(check).
  explicit RivalFiles(const std::string& parent);

  void set_inputs(std::vector<c10::IValue> inputs) { inputs_ = std::move(inputs); }
  // Written when first asked for. Throws Error(usage) where they have no such form.
  std::string inputs(DataForm form);
  // Where a rival is to put its outputs: a new path each time; an empty folder for npy.
  std::string fresh_outputs(DataForm form);
  // What it has put there, as leaves. Throws Error.
  static std::vector<c10::IValue> read_outputs(const std::string& path, DataForm form);
  // For the standard error of one process at a time: a new path each time.
  std::string fresh_log();

private:
  std::unique_ptr<ScratchFolder> folder_;
  std::vector<c10::IValue> inputs_;
  size_t given_ = 0;
};

} // namespace tsir

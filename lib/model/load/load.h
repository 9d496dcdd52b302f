// Loads a TorchScript file fully, ready to run. This runs the model's code (`__setstate__`).
#pragma once

#include "lib/base/bytes.h"
#include "lib/compat/libtorch.h"

namespace tsir {

struct ModuleFile;

// A file's bytes, checked once (kind, sizes) and instantiated as often as wanted: every instance has its own graphs and
// its own copies of the weights.
class ModelSource {
public:
  // `path` may be "-". Throws Error(load).
  explicit ModelSource(const std::string& path);
  explicit ModelSource(std::shared_ptr<const Bytes> bytes);
  // A fresh module in eval mode as saved, on `device`. Throws Error(load).
  jit::Module instantiate(c10::Device device = c10::kCPU) const;
  const std::string& path() const { return path_; }

private:
  std::string path_;
  std::shared_ptr<const Bytes> bytes_;
  std::shared_ptr<const ModuleFile> file_; // for messages
};

// Loads a shared library of custom operators or classes. Throws Error(usage).
void load_library(const std::string& path);

} // namespace tsir

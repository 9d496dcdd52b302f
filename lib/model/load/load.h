// Loads a TorchScript file completely, ready to run. This runs the model's code (`__setstate__`).
#pragma once

#include "lib/base/bytes.h"
#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

struct ModuleFile;

// The bytes of a file, which are checked once (kind, sizes) and can be instantiated several times. Every instance has
// separate graphs and separate copies of the weights.
class ModelSource {
public:
  // `path` may be "-". Throws Error(load).
  explicit ModelSource(const std::string& path);
  explicit ModelSource(std::shared_ptr<const Bytes> bytes);
  // A new module on `device`, with the training or evaluation mode in which it was saved. Throws Error(load).
  jit::Module instantiate(c10::Device device = c10::kCPU) const;
  // The devices on which the file's tensors were saved: "cpu", "cuda:0".
  std::set<std::string> saved_on() const;
  const std::string& path() const { return path_; }

private:
  std::string path_;
  std::shared_ptr<const Bytes> bytes_;
  std::shared_ptr<const ModuleFile> file_; // for messages
};

// Loads a shared library of custom operators or classes. Throws Error(usage).
void load_library(const std::string& path);
void load_libraries(const std::vector<std::string>& paths);

} // namespace tsir

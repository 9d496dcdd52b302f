// The memory layout of tensors: strides, and which tensors share storage.
#pragma once

#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

// Calls `visit` for every tensor in a nested value, with its path ("output 0, element 1", `input x, key "a"`).
using TensorVisitor = std::function<void(const std::string& path, const at::Tensor& tensor)>;
void visit_tensors(const std::string& path, const c10::IValue& value, const TensorVisitor& visit);

struct Layout {
  std::map<std::string, std::string> strides; // by path: "[12,4,1]", or the layout's name if it has no strides
  // Pairs of paths whose tensors share storage, the one earlier in the alphabet first.
  std::set<std::pair<std::string, std::string>> shared;
};

// Reads the layout of outputs and of the tensors that they may share storage with. Strides are recorded only for paths
// that begin with "output".
class LayoutReader {
public:
  void add(const std::string& path, const c10::IValue& value);
  Layout layout() const;

private:
  std::map<std::string, std::string> strides_;
  std::map<const void*, std::vector<std::string>> by_storage_;
};

} // namespace tsir

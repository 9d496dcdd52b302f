// How tensors lie in memory: strides, and which of them share storage.
#pragma once

#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

// Calls `visit` for every tensor in a nested value, with its path ("output 0, element 1", `input x, key "a"`).
using TensorVisitor = std::function<void(const std::string& path, const at::Tensor& tensor)>;
void visit_tensors(const std::string& path, const c10::IValue& value, const TensorVisitor& visit);

struct Layout {
  std::map<std::string, std::string> strides; // by path: "[12,4,1]", or the layout's name where there are none
  // Pairs of paths whose tensors share storage, the one earlier in the alphabet first.
  std::set<std::pair<std::string, std::string>> shared;
};

// Of outputs together with what they may share storage with. Strides are those of the paths that begin with "output".
class LayoutReader {
public:
  void add(const std::string& path, const c10::IValue& value);
  Layout layout() const;

private:
  std::map<std::string, std::string> strides_;
  std::map<const void*, std::vector<std::string>> by_storage_;
};

} // namespace tsir

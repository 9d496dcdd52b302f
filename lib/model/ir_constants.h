// The file of constants beside .ir text (x.ir.tensors): tensors that the text only names, by their contents.
#pragma once

#include "lib/core/libtorch.h"

namespace tsir {

// A dict of names in the form of torch.save, which torch.load reads. Constants of the same contents are there once.
class IrConstants {
public:
  // The name of a tensor or of an object of a C++ class that has a state; "" for what cannot be kept (sparse tensors,
  // those in MKLDNN layout, a class's object without a state).
  std::string keep(const c10::IValue& value);
  bool empty() const { return values_.empty(); }
  std::string file() const; // its bytes. Throws Error(check)

private:
  std::map<std::string, c10::IValue> values_;
};

// Reads such a file when the first of its constants is wanted.
class IrConstantsFile {
public:
  explicit IrConstantsFile(const std::string& text_path);
  // Throws Error(load): no such file or no such constant in it.
  c10::IValue find(const std::string& name);

private:
  std::string path_;
  std::optional<c10::impl::GenericDict> values_;
};

// "x.ir.tensors" of "x.ir".
std::string ir_constants_path(const std::string& text_path);

} // namespace tsir

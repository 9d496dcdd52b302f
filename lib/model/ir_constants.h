// The file of constants that accompanies .ir text (x.ir.tensors). It contains tensors that the text refers to only by
// name; the names are derived from the contents.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Collects constants into a dict in the format of torch.save, which torch.load reads. Equal contents are stored once.
class IrConstants {
public:
  // Stores a tensor, or an object of a C++ class that has a state, and returns its name; "" if it cannot be stored
  // (sparse tensors, tensors in MKLDNN layout, objects without a state).
  std::string keep(const c10::IValue& value);
  bool empty() const { return values_.empty(); }
  std::string file() const; // the bytes of the file. Throws Error(check)

private:
  std::map<std::string, c10::IValue> values_;
};

// The replacement for constants that are missing.
struct FillConstants {
  enum class With { nothing, zeros, ones, random };
  With with = With::nothing;
  uint64_t seed = 0;
};
// Parses "zeros", "ones", "random" or "random:7"; "" means With::nothing. Throws Error(usage).
FillConstants parse_fill_constants(const std::string& text);

// Reads such a file when its first constant is needed.
class IrConstantsFile {
public:
  explicit IrConstantsFile(const std::string& text_path, const FillConstants& fill = {});
  // Returns a separate tensor on each call; "" is the name of a constant that was left out. If a constant is missing,
  // it is filled, provided that filling was requested and `type` gives its dtype and sizes. Throws Error(load) if the
  // file does not exist or does not contain the constant.
  c10::IValue find(const std::string& name, const c10::TensorTypePtr& type);

private:
  // Throws Error(load).
  c10::IValue kept(const std::string& name);
  at::Tensor filled(const std::string& name, const c10::TensorType& type);
  void read_file();

  std::string path_;
  FillConstants fill_;
  size_t left_out_ = 0; // number of left-out constants so far
  std::optional<c10::impl::GenericDict> values_;
  std::unordered_set<std::string> given_;
};

// "x.ir.tensors" for "x.ir".
std::string ir_constants_path(const std::string& text_path);

} // namespace tsir

// The file of constants beside .ir text (x.ir.tensors): tensors that the text only names, by their contents.
#pragma once

#include "lib/compat/libtorch.h"

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

// What stands in for constants that are not there.
struct FillConstants {
  enum class With { nothing, zeros, ones, random };
  With with = With::nothing;
  uint64_t seed = 0;
};
// "zeros", "ones", "random", "random:7"; "" for nothing. Throws Error(usage).
FillConstants parse_fill_constants(const std::string& text);

// Reads such a file when the first of its constants is wanted.
class IrConstantsFile {
public:
  explicit IrConstantsFile(const std::string& text_path, const FillConstants& fill = {});
  // A tensor of its own each time; "" is the name of one that was left out. What is not there is filled in where that
  // is wanted and `type` says what it is. Throws Error(load): no such file or no such constant in it.
  c10::IValue find(const std::string& name, const c10::TensorTypePtr& type);

private:
  // Throws Error(load).
  c10::IValue kept(const std::string& name);
  at::Tensor filled(const std::string& name, const c10::TensorType& type);
  void read_file();

  std::string path_;
  FillConstants fill_;
  size_t left_out_ = 0; // how many so far
  std::optional<c10::impl::GenericDict> values_;
  std::unordered_set<std::string> given_;
};

// "x.ir.tensors" of "x.ir".
std::string ir_constants_path(const std::string& text_path);

} // namespace tsir

// What text that is to be read back needs beside the graph: where constants are kept, and which values are one object.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// Gives a name under which the contents of a constant that is too large for the text, or has no text, are kept; ""
// where they cannot be. Empty where such constants are to be left out.
using KeepConstant = std::function<std::string(const c10::IValue& value)>;

// Values that stand in several places, and tensors that lie in one storage: in text `&1 VALUE` where such a value
// stands first and `*1` from then on.
class SharedValues {
public:
  // A value of a module and all in it: whoever changes it in one place changes it in the others.
  void add(const c10::IValue& value);
  // A constant of a graph. Small tensors are left alone: a pass that copies a node would mark every number.
  void add_constant(const c10::IValue& value);

  // "*1" where the value was marked before, else "".
  std::string reference(const c10::IValue& value) const;
  // "&1 " where it stands in several places: from now on it is marked.
  std::string mark(const c10::IValue& value);
  // The whole storage of a tensor of whose storage others have a part; nothing for all others.
  std::optional<at::Tensor> whole_storage(const at::Tensor& tensor) const;

private:
  using Identity = size_t;
  static Identity identity(const c10::IValue& value);
  bool first_visit(const c10::IValue& value);
  void add_tensor(const at::Tensor& tensor);

  std::vector<c10::IValue> alive_; // an address means something only as long as its value lives
  std::unordered_map<Identity, size_t> places_;
  std::unordered_map<Identity, size_t> numbers_;
  std::unordered_map<const void*, at::Tensor> first_in_storage_;
  std::unordered_map<const void*, at::Tensor> whole_storages_;
};

// Unknown sizes that several types have in common: SS(-1), SS(-2), … in the order of the text.
class SharedSizes {
public:
  void add(const c10::TensorType& type);
  std::string text(const c10::ShapeSymbol& size); // 3, * or SS(-1)

private:
  std::unordered_map<int64_t, size_t> places_;
  std::unordered_map<int64_t, size_t> numbers_;
};

struct Lossless {
  KeepConstant keep;
  SharedValues shared;
  SharedSizes sizes;
};

} // namespace tsir::ir_text

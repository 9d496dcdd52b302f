// The additional information that lossless text needs: where constants are stored, and which values share one object.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// Stores the contents of a constant that is too large for text or does not have a text form, and returns the name under
// which they are stored; "" if they cannot be stored. If the function is empty, such constants are left out.
using KeepConstant = std::function<std::string(const c10::IValue& value)>;

// Values that occur in several places, and tensors that share a storage. In text, the first occurrence of such a value
// is `&1 VALUE`, and each later one is `*1`.
class SharedValues {
public:
  // Adds a value of a module and everything in it. A change to a shared value is visible in all of its places.
  void add(const c10::IValue& value);
  // Adds a constant of a graph. Small tensors are ignored: otherwise a pass that copies a node would mark every number.
  void add_constant(const c10::IValue& value);

  // "*1" if the value was marked before, otherwise "".
  std::string reference(const c10::IValue& value) const;
  // "&1 " if the value occurs in several places; marks it.
  std::string mark(const c10::IValue& value);
  // The whole storage of a tensor that shares its storage with others; std::nullopt for other tensors.
  std::optional<at::Tensor> whole_storage(const at::Tensor& tensor) const;

private:
  using Identity = size_t;
  static Identity identity(const c10::IValue& value);
  bool first_visit(const c10::IValue& value);
  void add_tensor(const at::Tensor& tensor);

  std::vector<c10::IValue> alive_; // keeps values alive, because an address is valid only as long as its value
  std::unordered_map<Identity, size_t> places_;
  std::unordered_map<Identity, size_t> numbers_;
  std::unordered_map<const void*, at::Tensor> first_in_storage_;
  std::unordered_map<const void*, at::Tensor> whole_storages_;
};

// Unknown sizes that several types share: SS(-1), SS(-2), …, numbered in the order of the text.
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

// Lists the attributes and submodules of an inspected module by their paths.
#pragma once

#include "lib/model/load/inspect.h"

namespace tsir {

enum class AttributeKind {
  parameter,
  buffer,    // any other tensor
  attribute, // anything else
  module,
  unset, // unknown without running __setstate__; the value is the state stored in the file
};
std::string_view to_string(AttributeKind kind);

struct Attribute {
  std::string path; // "fc1.weight"; "fc1.<state>" for a state
  std::string type; // declared type: "Tensor", "Optional[int]"; the class of a module
  AttributeKind kind;
  c10::IValue value;
  std::string shared_with; // for a module with several paths: the first one, under which its attributes are listed
};

// In the order of the declarations in the classes; each object once. Does not read the values of tensors.
std::vector<Attribute> attributes_of(const InspectedModule& inspected);

// All tensors in a value, at any depth of lists, tuples, dicts and objects; each once.
std::vector<at::Tensor> tensors_in(const c10::IValue& value);

// The device on which the tensor was saved: "cpu", "cuda:0".
std::string saved_device(const InspectedModule& inspected, const at::Tensor& tensor);

// Size of the elements in bytes. Repeated elements of an expanded tensor are counted once. For a sparse tensor, the
// size of its indices and values.
uint64_t tensor_bytes(const at::Tensor& tensor);

// The name of a class without TorchScript's prefix: "torch.nn.modules.linear.Linear".
std::string short_class(const c10::Type& type);

} // namespace tsir

// What a looked-at module is made of: its attributes and submodules, by path.
#pragma once

#include "lib/model/load/inspect.h"

namespace tsir {

enum class AttributeKind {
  parameter,
  buffer,    // any other tensor
  attribute, // anything else
  module,
  unset, // not known without running __setstate__; the value is the state that the file holds
};
std::string_view to_string(AttributeKind kind);

struct Attribute {
  std::string path; // "fc1.weight"; of a state: "fc1.<state>"
  std::string type; // declared: "Tensor", "Optional[int]"; a module's class
  AttributeKind kind;
  c10::IValue value;
  std::string shared_with; // a module that stands elsewhere too: its first path; its attributes are listed there
};

// In the order of the classes' declarations; each object once. Reads no tensor's values.
std::vector<Attribute> attributes_of(const InspectedModule& looked);

// All tensors in a value, at any depth of lists, tuples, dicts and objects; each once.
std::vector<at::Tensor> tensors_in(const c10::IValue& value);

// Where the tensor lived when it was saved: "cpu", "cuda:0".
std::string saved_device(const InspectedModule& looked, const at::Tensor& tensor);

// Bytes of its elements, those that an expanded tensor repeats counted once; of a sparse tensor, those of its indices
// and values.
uint64_t tensor_bytes(const at::Tensor& tensor);

// A class without the prefix that marks it as TorchScript's: "torch.nn.modules.linear.Linear".
std::string short_class(const c10::Type& type);

} // namespace tsir

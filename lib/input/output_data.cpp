#include "lib/input/output_data.h"

#include "lib/base/error.h"

#include <ATen/core/enum_type.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/serialization/pickler.h>

namespace tsir {
namespace {

c10::IValue plain(const c10::IValue& value);

std::vector<c10::IValue> plain_all(c10::ArrayRef<c10::IValue> values) {
  std::vector<c10::IValue> result;
  result.reserve(values.size());
  for (const c10::IValue& value : values) {
    result.push_back(plain(value));
  }
  return result;
}

at::Tensor plain_tensor(const at::Tensor& tensor) {
  if (!tensor.defined()) {
    return tensor;
  }
  const at::Tensor host = tensor.detach().cpu();
  return host.is_mkldnn() ? host.to_dense() : host;
}

c10::IValue plain_dict(const c10::impl::GenericDict& dict) {
  c10::impl::GenericDict result(dict.keyType(), c10::AnyType::get());
  for (const auto& entry : dict) {
    result.insert(plain(entry.key()), plain(entry.value()));
  }
  return result;
}

c10::IValue plain_object(const c10::ivalue::Object& object) {
  c10::impl::GenericDict result(c10::StringType::get(), c10::AnyType::get());
  for (size_t i = 0; i < object.slots().size(); ++i) {
    result.insert(object.type()->getAttributeName(i), plain(object.slots()[i]));
  }
  return result;
}

c10::IValue plain(const c10::IValue& value) {
  if (value.isTensor()) {
    return plain_tensor(value.toTensor());
  }
  if (value.isFuture()) {
    value.toFuture()->waitAndThrow();
    return plain(value.toFuture()->value());
  }
  if (value.isTuple()) {
    return c10::ivalue::Tuple::create(plain_all(value.toTupleRef().elements()));
  }
  if (value.isList()) { // typed lists are pickled as calls of torch.jit functions, which torch.load rejects too
    c10::impl::GenericList list(c10::AnyType::get());
    for (c10::IValue& element : plain_all(value.toListRef())) {
      list.push_back(std::move(element));
    }
    return list;
  }
  if (value.isGenericDict()) {
    return plain_dict(value.toGenericDict());
  }
  if (value.isEnum()) {
    return value.toEnumHolder()->value();
  }
  if (value.isDevice()) {
    return value.toDevice().str();
  }
  if (value.isObject()) {
    return plain_object(value.toObjectRef());
  }
  if (value.isNone() || value.isInt() || value.isDouble() || value.isBool() || value.isString() ||
      value.isComplexDouble()) {
    return value;
  }
  throw Error(ErrorKind::check,
              fmt::format("cannot save an output of type {}: a .pt of outputs can contain tensors, numbers, "
                          "strings, lists, tuples and dicts",
                          value.tagKind()));
}

// Like jit::pickle_save, but without type tags, which are calls of functions that torch.load rejects.
std::vector<char> save(const c10::IValue& value) {
  std::vector<char> pickle;
  jit::Pickler pickler([&](const char* bytes, size_t size) { pickle.insert(pickle.end(), bytes, bytes + size); },
                       nullptr, nullptr, nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(value);
  pickler.stop();
  std::vector<char> file;
  caffe2::serialize::PyTorchStreamWriter writer([&](const void* data, size_t size) {
    const auto* bytes = static_cast<const char*>(data);
    file.insert(file.end(), bytes, bytes + size);
    return size;
  });
  jit::writeArchiveAndTensors("data", pickle.data(), pickle.size(), pickler.tensorData(), writer);
  writer.writeEndOfFile();
  return file;
}

} // namespace

c10::IValue plain_value(const c10::IValue& value) {
  return plain(value);
}

std::vector<char> as_torch_file(const std::vector<c10::IValue>& outputs) {
  try {
    return save(outputs.size() == 1 ? plain(outputs.front()) : c10::ivalue::Tuple::create(plain_all(outputs)));
  } catch (const c10::Error& error) {
    throw Error(ErrorKind::check, fmt::format("cannot save the outputs: {}", one_line(error)));
  }
}

} // namespace tsir

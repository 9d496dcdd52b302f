#include "lib/archive/flatbuffer_values.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

// The fields of the tables, in the order of LibTorch's schema (torch/csrc/jit/serialization/mobile_bytecode.fbs).
enum ModuleField : unsigned { module_ivalues = 4, module_storage_data = 6, module_object_types = 7 };
enum ValueField : unsigned { value_kind, value_content };
enum TensorField : unsigned {
  tensor_storage,
  tensor_dtype,
  tensor_offset,
  tensor_sizes,
  tensor_strides,
  tensor_gradient,
  tensor_quantized
};
enum QuantizedField : unsigned {
  quantized_scheme,
  quantized_scale,
  quantized_zero,
  quantized_scales,
  quantized_zeros,
  quantized_axis
};
enum ListField : unsigned { list_items, list_type };
enum DictField : unsigned { dict_keys, dict_values, dict_type };
enum ObjectTypeField : unsigned { type_name, type_kind, type_attributes };
enum ObjectField : unsigned { object_type, object_state, object_attributes };
enum EnumField : unsigned { enum_type, enum_value };

enum class ValueKind : uint8_t {
  none,
  integer,
  boolean,
  real,
  complex,
  tensor,
  text,
  list,
  tuple,
  dict,
  object,
  integers,
  reals,
  booleans,
  device,
  enumerator
};

enum class TypeKind : uint8_t { unset, with_attributes, cpp_class, with_setstate };

constexpr size_t deepest_value = 500; // far deeper than what people write
constexpr std::string_view damaged = "it is damaged; copy or download it again";

// A vector can be referred to many times, so a small hostile file could describe a huge pickle. Real ones are about as
// large as the part of the file that they come from.
size_t most_pickle_bytes(uint64_t file_bytes) {
  return std::min<uint64_t>((uint64_t{1} << 20) + 32 * file_bytes, uint64_t{1} << 30);
}

} // namespace

FlatbufferPickle::FlatbufferPickle(const FlatTable& module)
    : values_of_(module), ivalues_(module.references(module_ivalues)), types_(module.references(module_object_types)),
      storage_data_(module.references(module_storage_data)), most_bytes_(most_pickle_bytes(module.buffer().size())) {}

void FlatbufferPickle::value(uint32_t index) {
  write(index, ivalues_.size());
}

// LibTorch writes a value after those that it contains. So a value cannot contain itself.
void FlatbufferPickle::write(uint32_t index, uint32_t user) {
  if (index >= user || index >= ivalues_.size()) {
    buffer().refuse(fmt::format("has a value that contains one which is not before it: {}", damaged));
  }
  if (const auto known = written_.find(index); known != written_.end()) {
    return out_.again(known->second);
  }
  if (++depth_ > deepest_value) {
    buffer().refuse(fmt::format("is nested more than {} levels deep", deepest_value));
  }
  if (out_.size() > most_bytes_) {
    buffer().refuse(fmt::format("describes far more values than its size can hold: {}", damaged));
  }
  const FlatTable value = ivalues_.table(index);
  content(value, index);
  if (value.number<uint8_t>(value_kind) > static_cast<uint8_t>(ValueKind::complex)) { // not a number or None
    written_[index] = out_.remember();
  }
  --depth_;
}

void FlatbufferPickle::content(const FlatTable& value, uint32_t index) {
  const auto kind = static_cast<ValueKind>(value.number<uint8_t>(value_kind));
  if (kind == ValueKind::none) {
    return out_.none();
  }
  if (kind <= ValueKind::complex && kind != ValueKind::none) {
    const uint64_t at = value.structure(value_content);
    switch (kind) {
    case ValueKind::integer:
      return out_.integer(buffer().number<int64_t>(at));
    case ValueKind::boolean:
      return out_.boolean(buffer().number<uint8_t>(at) != 0);
    case ValueKind::real:
      return out_.real(buffer().number<double>(at));
    default:
      out_.global("builtins", "complex");
      out_.mark();
      out_.real(buffer().number<double>(at));
      out_.real(buffer().number<double>(at + sizeof(double)));
      out_.tuple();
      return out_.call();
    }
  }
  const auto table = value.table(value_content);
  if (!table) {
    buffer().refuse(fmt::format("lacks a value that it declares: {}", damaged));
  }
  switch (kind) {
  case ValueKind::tensor:
    return tensor(*table);
  case ValueKind::text:
    return out_.text(table->text(0));
  case ValueKind::list:
    return typed(table->text(list_type), [&] {
      out_.empty_list();
      out_.mark();
      values(table->numbers<uint32_t>(list_items), index);
      out_.append_all();
    });
  case ValueKind::tuple:
    out_.mark();
    values(table->numbers<uint32_t>(list_items), index);
    return out_.tuple();
  case ValueKind::dict:
    return dict(*table, index);
  case ValueKind::object:
    return object(*table, index);
  case ValueKind::integers:
    return list_of<int64_t>("build_intlist", *table, [&](int64_t item) { out_.integer(item); });
  case ValueKind::reals:
    return list_of<double>("build_doublelist", *table, [&](double item) { out_.real(item); });
  case ValueKind::booleans:
    return list_of<uint8_t>("build_boollist", *table, [&](uint8_t item) { out_.boolean(item != 0); });
  case ValueKind::device:
    out_.global("torch", "device");
    out_.mark();
    out_.text(table->text(0));
    out_.tuple();
    return out_.call();
  case ValueKind::enumerator:
    class_name(table->text(enum_type));
    write(table->number<uint32_t>(enum_value), index);
    return out_.call();
  default:
    buffer().refuse(fmt::format("has a value of the unknown kind {}: it is damaged, or was written by a newer PyTorch",
                                static_cast<int>(kind)));
  }
}

void FlatbufferPickle::values(const FlatVector& indices, uint32_t user) {
  for (uint32_t i = 0; i < indices.size(); ++i) {
    write(indices.number<uint32_t>(i), user);
  }
}

// A container does not know its type in a pickle: a function sets it.
template <class Write> void FlatbufferPickle::typed(std::string_view type, const Write& write) {
  out_.global("torch.jit._pickle", "restore_type_tag");
  out_.mark();
  write();
  out_.text(type);
  out_.tuple();
  out_.call();
}

template <class T, class Write>
void FlatbufferPickle::list_of(const char* function, const FlatTable& list, const Write& write) {
  out_.global("torch.jit._pickle", function);
  out_.mark();
  out_.empty_list();
  out_.mark();
  const FlatVector items = list.numbers<T>(list_items);
  for (uint32_t i = 0; i < items.size(); ++i) {
    write(items.number<T>(i));
  }
  out_.append_all();
  out_.tuple();
  out_.call();
}

void FlatbufferPickle::dict(const FlatTable& dict, uint32_t index) {
  const FlatVector keys = dict.numbers<uint32_t>(dict_keys);
  const FlatVector held = dict.numbers<uint32_t>(dict_values);
  if (keys.size() != held.size()) {
    buffer().refuse(fmt::format("has a dict of {} keys and {} values: {}", keys.size(), held.size(), damaged));
  }
  typed(dict.text(dict_type), [&] {
    out_.empty_dict();
    out_.mark();
    for (uint32_t i = 0; i < keys.size(); ++i) {
      write(keys.number<uint32_t>(i), index);
      write(held.number<uint32_t>(i), index);
    }
    out_.set_items();
  });
}

void FlatbufferPickle::object(const FlatTable& object, uint32_t index) {
  const auto number = object.number<uint32_t>(object_type);
  if (number >= types_.size()) {
    buffer().refuse(fmt::format("has an object of a class that it does not name: {}", damaged));
  }
  const FlatTable type = types_.table(number);
  class_name(type.text(type_name));
  out_.new_object();
  switch (static_cast<TypeKind>(type.number<uint8_t>(type_kind))) {
  case TypeKind::with_attributes:
    attributes(type, object, index);
    break;
  case TypeKind::cpp_class:
  case TypeKind::with_setstate:
    write(object.number<uint32_t>(object_state), index);
    break;
  default:
    buffer().refuse(fmt::format("has an object of the class {}, of an unknown kind: {}",
                                one_line(type.text(type_name), 80), damaged));
  }
  out_.build();
}

void FlatbufferPickle::attributes(const FlatTable& type, const FlatTable& object, uint32_t index) {
  const FlatVector names = type.references(type_attributes);
  const FlatVector held = object.numbers<uint32_t>(object_attributes);
  if (names.size() != held.size()) {
    buffer().refuse(fmt::format("has an object of {} with {} attributes in place of {}: {}",
                                one_line(type.text(type_name), 80), held.size(), names.size(), damaged));
  }
  out_.empty_dict();
  out_.mark();
  for (uint32_t i = 0; i < names.size(); ++i) {
    out_.text(names.text(i));
    write(held.number<uint32_t>(i), index);
  }
  out_.set_items();
}

void FlatbufferPickle::tensor(const FlatTable& tensor) {
  const auto quantized = tensor.table(tensor_quantized);
  out_.global("torch._utils", quantized ? "_rebuild_qtensor" : "_rebuild_tensor_v2");
  out_.mark();
  storage(tensor.number<uint32_t>(tensor_storage), tensor.number<int8_t>(tensor_dtype));
  out_.integer(tensor.number<int32_t>(tensor_offset));
  for (const TensorField field : {tensor_sizes, tensor_strides}) {
    const FlatVector numbers = tensor.numbers<int32_t>(field);
    if (numbers.size() > 64) {
      buffer().refuse(fmt::format("has a tensor of {} dimensions: {}", numbers.size(), damaged));
    }
    out_.mark();
    for (uint32_t i = 0; i < numbers.size(); ++i) {
      out_.integer(numbers.number<int32_t>(i));
    }
    out_.tuple();
  }
  if (quantized) {
    quantizer(*quantized);
  }
  out_.boolean(tensor.number<uint8_t>(tensor_gradient) != 0);
  out_.global("collections", "OrderedDict"); // of hooks
  out_.empty_tuple();
  out_.call();
  out_.tuple();
  out_.call();
}

void FlatbufferPickle::quantizer(const FlatTable& quantized) {
  const auto scheme = static_cast<at::QScheme>(quantized.number<int8_t>(quantized_scheme));
  out_.mark();
  if (scheme == at::kPerTensorAffine) {
    out_.global("torch", "per_tensor_affine");
    out_.real(quantized.number<double>(quantized_scale));
    out_.integer(quantized.number<int32_t>(quantized_zero));
    return out_.tuple();
  }
  if (scheme != at::kPerChannelAffine && scheme != at::kPerChannelAffineFloatQParams) {
    buffer().refuse(
        fmt::format("has a tensor with the unknown way {} to quantise: {}", static_cast<int>(scheme), damaged));
  }
  out_.global("torch", scheme == at::kPerChannelAffine ? "per_channel_affine" : "per_channel_affine_float_qparams");
  for (const QuantizedField field : {quantized_scales, quantized_zeros}) {
    const auto numbers = quantized.table(field);
    if (!numbers || numbers->table(tensor_quantized)) {
      buffer().refuse(fmt::format("has a quantised tensor without scales: {}", damaged));
    }
    tensor(*numbers);
  }
  out_.integer(quantized.number<int32_t>(quantized_axis));
  out_.tuple();
}

void FlatbufferPickle::storage(uint32_t number, int8_t scalar_type) {
  if (const auto known = written_storages_.find({number, scalar_type}); known != written_storages_.end()) {
    return out_.again(known->second);
  }
  const auto type = static_cast<c10::ScalarType>(scalar_type);
  if (scalar_type < 0 || type >= c10::ScalarType::Undefined) {
    buffer().refuse(fmt::format("has a tensor of the unknown dtype {}: {}", scalar_type, damaged));
  }
  if (number >= storage_data_.size()) {
    buffer().refuse("does not contain the data of its tensors: it is incomplete");
  }
  const uint64_t bytes = storage_data_.table(number).numbers<uint8_t>(0).size();
  out_.mark();
  out_.text("storage");
  out_.global("torch", fmt::format("{}Storage", c10::toString(type)));
  out_.text(fmt::format("{}", number));
  out_.text("cpu"); // a flatbuffer does not say where its tensors were
  out_.integer(static_cast<int64_t>(bytes / c10::elementSize(type)));
  out_.tuple();
  out_.storage();
  written_storages_[{number, scalar_type}] = out_.remember();
  if (std::ranges::find(storages_, number) == storages_.end()) {
    storages_.push_back(number);
  }
}

void FlatbufferPickle::class_name(std::string_view name) {
  if (name.empty() || name.find('\n') != std::string_view::npos) {
    buffer().refuse(fmt::format("has an object whose class has the name '{}': {}", one_line(name, 80), damaged));
  }
  out_.global(name);
}

} // namespace tsir

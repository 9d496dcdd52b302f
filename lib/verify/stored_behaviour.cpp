#include "lib/verify/stored_behaviour.h"

#include "lib/base/error.h"

#include <ATen/ATen.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tsir {
namespace {

using StoredJson = nlohmann::ordered_json;

constexpr size_t stored_alignment = 64;

[[noreturn]] void throw_no_memory() {
  throw Error(ErrorKind::check, fmt::format("no memory to share between processes: {}", std::strerror(errno)));
}

struct NotStorable {}; // thrown within this file

StoredJson stored_values(const std::vector<c10::IValue>& values, SharedMemory& memory);

StoredJson stored_tensor(const at::Tensor& tensor, SharedMemory& memory) {
  if (!tensor.defined()) {
    return StoredJson::array({"undefined"});
  }
  if (tensor.layout() != at::kStrided || tensor.is_quantized() || tensor.is_meta() || tensor.is_nested() ||
      tensor._is_zerotensor()) {
    throw NotStorable();
  }
  const at::NoGradGuard no_grad;
  const at::Tensor plain = tensor.detach().resolve_conj().resolve_neg().to(at::kCPU).contiguous();
  const auto* bytes = static_cast<const std::byte*>(plain.const_data_ptr());
  const size_t at = plain.nbytes() == 0 ? 0 : memory.append({bytes, plain.nbytes()});
  return StoredJson::array({"tensor", static_cast<int>(plain.scalar_type()), plain.sizes().vec(), at});
}

StoredJson stored_value(const c10::IValue& value, SharedMemory& memory) {
  if (value.isNone()) {
    return StoredJson::array({"none"});
  }
  if (value.isTensor()) {
    return stored_tensor(value.toTensor(), memory);
  }
  if (value.isBool()) {
    return StoredJson::array({"bool", value.toBool()});
  }
  if (value.isInt()) {
    return StoredJson::array({"int", value.toInt()});
  }
  if (value.isDouble()) { // as bits: infinities and NaN too
    return StoredJson::array({"double", std::bit_cast<uint64_t>(value.toDouble())});
  }
  if (value.isComplexDouble()) {
    const c10::complex<double> number = value.toComplexDouble();
    return StoredJson::array(
        {"complex", std::bit_cast<uint64_t>(number.real()), std::bit_cast<uint64_t>(number.imag())});
  }
  if (value.isString()) {
    return StoredJson::array({"string", value.toStringRef()});
  }
  if (value.isTuple()) {
    return StoredJson::array({"tuple", stored_values(value.toTupleRef().elements().vec(), memory)});
  }
  if (value.isList()) {
    return StoredJson::array({"list", stored_values(value.toListRef().vec(), memory)});
  }
  if (value.isGenericDict()) {
    std::vector<c10::IValue> entries;
    for (const auto& entry : value.toGenericDict()) {
      entries.push_back(entry.key());
      entries.push_back(entry.value());
    }
    return StoredJson::array({"dict", stored_values(entries, memory)});
  }
  throw NotStorable();
}

StoredJson stored_values(const std::vector<c10::IValue>& values, SharedMemory& memory) {
  StoredJson all = StoredJson::array();
  for (const c10::IValue& value : values) {
    all.push_back(stored_value(value, memory));
  }
  return all;
}

StoredJson stored_call(const CallObservation& call, SharedMemory& memory) {
  StoredJson buffers = StoredJson::array();
  for (const auto& [name, value] : call.buffers_after) {
    buffers.push_back(StoredJson::array({name, stored_value(value, memory)}));
  }
  StoredJson strides = StoredJson::array();
  for (const auto& [path, text] : call.layout.strides) {
    strides.push_back(StoredJson::array({path, text}));
  }
  StoredJson shared = StoredJson::array();
  for (const auto& [one, other] : call.layout.shared) {
    shared.push_back(StoredJson::array({one, other}));
  }
  return {{"set", call.set},
          {"call", call.call},
          {"error", call.error},
          {"outputs", stored_values(call.outputs, memory)},
          {"inputs", stored_values(call.inputs_after, memory)},
          {"buffers", std::move(buffers)},
          {"strides", std::move(strides)},
          {"shared", std::move(shared)}};
}

// Reads what the functions above wrote.
class StoredReader {
public:
  explicit StoredReader(std::span<std::byte> memory) : memory_(memory) {}
  Behaviour behaviour(size_t index) const;

private:
  c10::IValue value(const StoredJson& json) const;
  at::Tensor tensor(const StoredJson& json) const;
  std::vector<c10::IValue> values(const StoredJson& json) const;
  CallObservation call(const StoredJson& json) const;
  std::span<std::byte> memory_;
};

at::Tensor StoredReader::tensor(const StoredJson& json) const {
  const at::TensorOptions options = at::dtype(static_cast<at::ScalarType>(json.at(1).get<int>()));
  const auto sizes = json.at(2).get<std::vector<int64_t>>();
  const bool empty = std::ranges::find(sizes, 0) != sizes.end();
  return empty ? at::empty(sizes, options) : at::from_blob(&memory_[json.at(3).get<size_t>()], sizes, options);
}

c10::IValue StoredReader::value(const StoredJson& json) const {
  const auto& kind = json.at(0).get_ref<const std::string&>();
  if (kind == "none") {
    return {};
  }
  if (kind == "undefined") {
    return at::Tensor();
  }
  if (kind == "tensor") {
    return tensor(json);
  }
  if (kind == "bool") {
    return json.at(1).get<bool>();
  }
  if (kind == "int") {
    return json.at(1).get<int64_t>();
  }
  if (kind == "double") {
    return std::bit_cast<double>(json.at(1).get<uint64_t>());
  }
  if (kind == "complex") {
    return c10::complex<double>(std::bit_cast<double>(json.at(1).get<uint64_t>()),
                                std::bit_cast<double>(json.at(2).get<uint64_t>()));
  }
  if (kind == "string") {
    return json.at(1).get<std::string>();
  }
  const std::vector<c10::IValue> elements = values(json.at(1));
  if (kind == "tuple") {
    return c10::ivalue::Tuple::create(elements);
  }
  if (kind == "list") {
    c10::impl::GenericList list(c10::AnyType::get());
    for (const c10::IValue& element : elements) {
      list.push_back(element);
    }
    return list;
  }
  c10::impl::GenericDict dict(c10::AnyType::get(), c10::AnyType::get());
  for (size_t i = 0; i + 1 < elements.size(); i += 2) {
    dict.insert(elements[i], elements[i + 1]);
  }
  return dict;
}

std::vector<c10::IValue> StoredReader::values(const StoredJson& json) const {
  std::vector<c10::IValue> all;
  for (const StoredJson& one : json) {
    all.push_back(value(one));
  }
  return all;
}

CallObservation StoredReader::call(const StoredJson& json) const {
  CallObservation call;
  call.set = json.at("set");
  call.call = json.at("call");
  call.error = json.at("error");
  call.outputs = values(json.at("outputs"));
  call.inputs_after = values(json.at("inputs"));
  for (const StoredJson& buffer : json.at("buffers")) {
    call.buffers_after.emplace(buffer.at(0), value(buffer.at(1)));
  }
  for (const StoredJson& stride : json.at("strides")) {
    call.layout.strides.emplace(stride.at(0), stride.at(1));
  }
  for (const StoredJson& pair : json.at("shared")) {
    call.layout.shared.emplace(pair.at(0), pair.at(1));
  }
  return call;
}

Behaviour StoredReader::behaviour(size_t index) const {
  uint64_t size = 0;
  std::memcpy(&size, &memory_[index], sizeof size);
  const auto* begin = reinterpret_cast<const uint8_t*>(&memory_[index]) + sizeof size;
  Behaviour all;
  for (const StoredJson& json : StoredJson::from_cbor(begin, begin + size)) {
    all.push_back(call(json));
  }
  return all;
}

} // namespace

SharedMemory::SharedMemory() : fd_(::memfd_create("tsir", MFD_CLOEXEC)) {
  if (fd_ < 0) {
    throw_no_memory();
  }
}

SharedMemory::~SharedMemory() {
  if (mapped_ != nullptr) {
    ::munmap(mapped_, size_);
  }
  ::close(fd_);
}

size_t SharedMemory::append(std::span<const std::byte> bytes) {
  struct stat file {};
  if (::fstat(fd_, &file) != 0) {
    throw_no_memory();
  }
  const size_t at = (static_cast<size_t>(file.st_size) + stored_alignment - 1) / stored_alignment * stored_alignment;
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
    if (written < 0 && errno != EINTR) {
      throw_no_memory();
    }
    done += written > 0 ? static_cast<size_t>(written) : 0;
  }
  return at;
}

std::span<std::byte> SharedMemory::map() {
  struct stat file {};
  if (mapped_ == nullptr && ::fstat(fd_, &file) == 0 && file.st_size > 0) {
    void* const memory = ::mmap(nullptr, static_cast<size_t>(file.st_size), PROT_READ, MAP_SHARED, fd_, 0);
    if (memory == MAP_FAILED) {
      throw_no_memory();
    }
    mapped_ = memory;
    size_ = static_cast<size_t>(file.st_size);
  }
  return {static_cast<std::byte*>(mapped_), size_};
}

std::optional<size_t> store(const Behaviour& behaviour, SharedMemory& memory) {
  try {
    StoredJson calls = StoredJson::array();
    for (const CallObservation& call : behaviour) {
      calls.push_back(stored_call(call, memory));
    }
    const std::vector<uint8_t> index = StoredJson::to_cbor(calls);
    const uint64_t size = index.size();
    std::vector<std::byte> bytes(sizeof size + index.size());
    std::memcpy(bytes.data(), &size, sizeof size);
    std::memcpy(bytes.data() + sizeof size, index.data(), index.size());
    return memory.append(bytes);
  } catch (const NotStorable&) {
    return std::nullopt;
  }
}

Behaviour stored_behaviour(SharedMemory& memory, size_t index) {
  return StoredReader(memory.map()).behaviour(index);
}

} // namespace tsir

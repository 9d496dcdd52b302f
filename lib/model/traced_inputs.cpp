#include "lib/model/traced_inputs.h"

#include "lib/archive/pickle_check.h"
#include "lib/archive/read_adapter.h"
#include "lib/base/error.h"
#include "lib/compat/libtorch.h"
#include "lib/ir/dtype_names.h"

#include <torch/csrc/jit/serialization/unpickler.h>

namespace tsir {
namespace {

constexpr const char* record = "traced_inputs.pkl";
constexpr uint64_t largest_record = uint64_t{16} << 20;

constexpr size_t longest_text = size_t{1} << 16; // a pickle may share parts, so that its text grows without limit

// Writes values as text. Nothing once there is a value that the grammar cannot express, or too much text.
class Writer {
public:
  std::optional<std::string> text_of(const c10::IValue& value) {
    write(value);
    return fails_ ? std::nullopt : std::optional(std::move(text_));
  }

private:
  void write(const c10::IValue& value) {
    fails_ = fails_ || text_.size() > longest_text;
    if (fails_) {
      return;
    }
    if (value.isTensor() && value.toTensor().defined() && !value.toTensor().is_quantized()) {
      text_ += tensor_title(value.toTensor());
    } else if (value.isTuple()) {
      const auto& elements = value.toTupleRef().elements();
      write_all(elements, '(', elements.size() == 1 ? ",)" : ")");
    } else if (value.isList()) {
      write_all(value.toListRef(), '[', "]");
    } else if (value.isGenericDict()) {
      write_dict(value);
    } else if (value.isBool()) { // tracing makes tensors of numbers, so there are no others
      text_ += value.toBool() ? "true" : "false";
    } else {
      fails_ = true;
    }
  }

  template <class Values> void write_all(const Values& values, char open, const char* close) {
    text_ += open;
    bool first = true;
    for (const c10::IValue& value : values) {
      text_ += first ? "" : ", ";
      first = false;
      write(value);
    }
    text_ += close;
  }

  void write_dict(const c10::IValue& value) {
    text_ += '{';
    bool first = true;
    for (const auto& entry : value.toGenericDict()) {
      const bool plain = entry.key().isString() && entry.key().toStringRef().find_first_of("\"\\") == std::string::npos;
      fails_ = fails_ || !plain;
      if (fails_) {
        return;
      }
      text_ += fmt::format("{}\"{}\": ", first ? "" : ", ", entry.key().toStringRef());
      first = false;
      write(entry.value());
    }
    text_ += '}';
  }

  std::string text_;
  bool fails_ = false;
};

// Tensors get their sizes, and no memory.
c10::IValue unpickled(const std::string& pickle) {
  check_pickle(pickle, record, [](const std::string&) { return std::optional(uint64_t{1} << 62); });
  const auto object = [](const c10::StrongTypePtr&, const c10::IValue&) -> c10::intrusive_ptr<c10::ivalue::Object> {
    throw Error(ErrorKind::load, "an object");
  };
  const auto no_memory = [](const std::string&) { return at::DataPtr(nullptr, at::kCPU); };
  // Without a resolver of class names, LibTorch parses types itself, and throws on objects.
  return jit::Unpickler(pickle_reader(pickle), nullptr, object, no_memory, c10::Device(c10::kCPU)).parse_ivalue();
}

} // namespace

std::map<std::string, std::vector<std::string>> traced_inputs(const Archive& archive) {
  std::map<std::string, std::vector<std::string>> found;
  if (archive.find(record) == nullptr) {
    return found;
  }
  try {
    const c10::IValue methods = unpickled(archive.read(record, largest_record));
    for (const auto& entry : methods.toGenericDict()) {
      std::vector<std::string> texts;
      for (const c10::IValue& value : entry.value().toListRef()) {
        if (auto text = Writer().text_of(value)) {
          texts.push_back(std::move(*text));
        }
      }
      if (texts.size() == entry.value().toListRef().size()) {
        found.emplace(entry.key().toStringRef(), std::move(texts));
      }
    }
  } catch (const std::exception&) {
    found.clear(); // the inputs are a convenience: without them, the user gives some
  }
  return found;
}

} // namespace tsir

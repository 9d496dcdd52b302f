#include "lib/model/ir_constants.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/file.h"
#include "lib/input/output_data.h"
#include "lib/ir/text/values.h"
#include "lib/model/packed_object.h"

#include <ATen/CPUGeneratorImpl.h>

#include <charconv>
#include <iomanip>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tsir {
namespace {

class ContentHash {
public:
  ContentHash() : state_(XXH3_createState()) { XXH3_128bits_reset(state_); }
  ~ContentHash() { XXH3_freeState(state_); }
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;

  std::string name() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_);
    return fmt::format("xxh3_{:016x}{:016x}", hash.high64, hash.low64);
  }

  void add(const c10::IValue& value) {
    add_text(value.tagKind());
    if (value.isTensor()) {
      add_tensor(value.toTensor());
    } else if (value.isTuple()) {
      add_all(value.toTupleRef().elements());
    } else if (value.isList()) {
      add_all(value.toListRef());
    } else {
      std::ostringstream text;
      text << std::setprecision(17) << value;
      add_text(text.str());
    }
  }

private:
  void add_bytes(const void* bytes, size_t size) {
    if (size > 0) {
      XXH3_128bits_update(state_, bytes, size);
    }
  }

  void add_number(int64_t number) { add_bytes(&number, sizeof number); }

  void add_text(const std::string& text) {
    add_number(static_cast<int64_t>(text.size()));
    add_bytes(text.data(), text.size());
  }

  template <class Values> void add_all(const Values& values) {
    add_number(static_cast<int64_t>(values.size()));
    for (const c10::IValue& value : values) {
      add(value);
    }
  }

  void add_numbers(at::IntArrayRef numbers) {
    add_number(static_cast<int64_t>(numbers.size()));
    add_bytes(numbers.data(), numbers.size() * sizeof(int64_t));
  }

  void add_tensor(const at::Tensor& tensor) {
    add_number(tensor.defined() ? 1 : 0);
    if (!tensor.defined()) {
      return;
    }
    add_text(c10::toString(tensor.scalar_type()));
    add_numbers(tensor.sizes());
    add_numbers(tensor.strides());
    add_number(tensor.requires_grad() ? 1 : 0);
    if (tensor.is_quantized()) {
      add_quantizer(tensor);
    }
    const at::Tensor plain = (tensor.is_quantized() ? tensor.int_repr() : tensor).contiguous();
    add_bytes(plain.const_data_ptr(), plain.nbytes());
  }

  void add_quantizer(const at::Tensor& tensor) {
    add_number(static_cast<int64_t>(tensor.qscheme()));
    if (tensor.qscheme() == at::kPerTensorAffine || tensor.qscheme() == at::kPerTensorSymmetric) {
      const double scale = tensor.q_scale();
      add_bytes(&scale, sizeof scale);
      add_number(tensor.q_zero_point());
      return;
    }
    add_tensor(tensor.q_per_channel_scales());
    add_tensor(tensor.q_per_channel_zero_points());
    add_number(tensor.q_per_channel_axis());
  }

  XXH3_state_t* state_;
};

// A CPU copy without the rest of its storage; std::nullopt if the tensor cannot be pickled.
std::optional<at::Tensor> plain_tensor(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.is_mkldnn() || tensor.layout() != at::kStrided || tensor.is_meta() ||
      !tensor.has_storage()) {
    return std::nullopt;
  }
  const at::Tensor host = tensor.detach().cpu().resolve_conj().resolve_neg();
  if (host.storage().nbytes() <= host.nbytes()) {
    return host;
  }
  if (host.is_quantized()) {
    return host.clone();
  }
  int64_t span = host.numel() == 0 ? 0 : 1; // from its first element to its last
  for (int64_t dim = 0; span > 0 && dim < host.dim(); ++dim) {
    span += (host.size(dim) - 1) * host.stride(dim);
  }
  return host.as_strided({span}, {1}, host.storage_offset()).clone().as_strided(host.sizes(), host.strides(), 0);
}

std::optional<c10::IValue> plain_constant(const c10::IValue& value) {
  if (value.isTensor()) {
    const auto tensor = plain_tensor(value.toTensor());
    return tensor ? std::optional(c10::IValue(*tensor)) : std::nullopt;
  }
  return value.isObject() ? packed_object(value) : std::nullopt;
}

// Keeps the strides, including those of an expanded tensor.
at::Tensor with_own_storage(const at::Tensor& tensor) {
  if (tensor.is_quantized()) {
    return tensor.clone();
  }
  const at::Tensor bytes = at::from_blob(const_cast<void*>(tensor.storage().data()),
                                         static_cast<int64_t>(tensor.storage().nbytes()), at::kByte)
                               .clone();
  at::Tensor copy = at::empty({0}, tensor.options());
  return copy.set_(bytes.storage(), tensor.storage_offset(), tensor.sizes(), tensor.strides());
}

// Positive values, because some are variances, and scaled so that a layer's outputs are about as large as its inputs:
// values neither vanish nor overflow in deep networks.
at::Tensor usual_weights(at::IntArrayRef sizes, const at::Generator& generator) {
  const at::Tensor numbers = at::rand(sizes, generator, at::kDouble);
  if (sizes.size() < 2) {
    return numbers + 0.5;
  }
  const double summed = static_cast<double>(numbers.numel()) / static_cast<double>(std::max<int64_t>(sizes[0], 1));
  return numbers * (2 / std::max(summed, 1.0));
}

} // namespace

std::string ir_constants_path(const std::string& text_path) {
  return text_path + ".tensors";
}

std::string IrConstants::keep(const c10::IValue& value) {
  const auto plain = plain_constant(value);
  if (!plain) {
    return "";
  }
  ContentHash hash;
  hash.add(*plain);
  std::string name = hash.name();
  values_.emplace(name, *plain);
  return name;
}

std::string IrConstants::file() const {
  c10::impl::GenericDict dict(c10::StringType::get(), c10::AnyType::get());
  for (const auto& [name, value] : values_) {
    dict.insert(name, value);
  }
  const std::vector<char> bytes = as_torch_file({dict});
  return {bytes.begin(), bytes.end()};
}

FillConstants parse_fill_constants(const std::string& text) {
  using With = FillConstants::With;
  if (text.empty()) {
    return {};
  }
  if (text == "zeros" || text == "ones") {
    return {text == "zeros" ? With::zeros : With::ones, 0};
  }
  const size_t colon = std::min(text.find(':'), text.size());
  uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const char* const start = text.data() + std::min(colon + 1, text.size());
  const auto [stop, error] = std::from_chars(start, end, seed);
  if (text.substr(0, colon) != "random" || (colon < text.size() && (error != std::errc() || stop != end))) {
    throw Error(ErrorKind::usage,
                fmt::format("{}={}: expected zeros, ones or random:SEED", spelled(Setting::fill_constants), text));
  }
  return {With::random, seed};
}

IrConstantsFile::IrConstantsFile(const std::string& text_path, const FillConstants& fill)
    : path_(ir_constants_path(text_path)), fill_(fill) {}

c10::IValue IrConstantsFile::find(const std::string& name, const c10::TensorTypePtr& type) {
  std::error_code error;
  const bool there = !name.empty() && std::filesystem::exists(path_, error);
  if (there || fill_.with == FillConstants::With::nothing) {
    return kept(name);
  }
  if (!type || !type->scalarType() || !type->sizes().concrete_sizes()) {
    throw Error(ErrorKind::load, "this constant cannot be filled: the text does not give its dtype and sizes");
  }
  return filled(name, *type);
}

// The same name always gets the same numbers.
at::Tensor IrConstantsFile::filled(const std::string& name, const c10::TensorType& type) {
  const auto sizes = *type.sizes().concrete_sizes();
  const at::TensorOptions options = at::dtype(*type.scalarType());
  const std::string key = name.empty() ? fmt::format("{}", left_out_++) : name;
  const auto strides = type.strides().concrete_sizes();
  at::Tensor numbers = fill_.with == FillConstants::With::zeros ? at::zeros(sizes, options) : at::ones(sizes, options);
  if (fill_.with == FillConstants::With::random) {
    const auto generator = at::detail::createCPUGenerator(XXH3_64bits_withSeed(key.data(), key.size(), fill_.seed));
    const bool real = at::isFloatingType(*type.scalarType()) || at::isComplexType(*type.scalarType());
    numbers =
        real ? usual_weights(sizes, generator).to(options) : at::randint(0, 2, sizes, generator, at::kLong).to(options);
  }
  if (!strides || numbers.strides() == at::IntArrayRef(*strides)) {
    return numbers;
  }
  return at::empty_strided(sizes, *strides, options).copy_(numbers);
}

c10::IValue IrConstantsFile::kept(const std::string& name) {
  if (name.empty()) {
    throw Error(ErrorKind::load, ir_text::values_left_out());
  }
  read_file();
  const auto found = values_->find(name);
  if (found == values_->end()) {
    throw Error(ErrorKind::load,
                fmt::format("{} does not contain this constant: it belongs to another text; write both again", path_));
  }
  if (found->value().isTuple()) {
    return unpacked_object(found->value());
  }
  // Equal contents are stored once, but a write to one of the tensors must not change the others.
  return given_.insert(name).second ? found->value() : c10::IValue(with_own_storage(found->value().toTensor()));
}

void IrConstantsFile::read_file() {
  if (values_) {
    return;
  }
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) {
    throw Error(ErrorKind::load,
                fmt::format("{}, which contains this constant, does not exist: keep it next to the text, or "
                            "give {}=zeros, ones or random:SEED",
                            path_, spelled(Setting::fill_constants)));
  }
  const c10::IValue read = read_plain_data(path_, "constants");
  if (!read.isGenericDict()) {
    throw Error(ErrorKind::load, fmt::format("{} does not contain constants: write it and its text again", path_));
  }
  values_ = read.toGenericDict();
}

} // namespace tsir

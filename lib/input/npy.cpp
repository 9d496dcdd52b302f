#include "lib/input/npy.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/ir/dtype_names.h"

#include <array>
#include <charconv>
#include <cstring>

// Format: "\x93NUMPY", version (major, minor), the header's length (2 bytes little-endian in version 1, 4 after), the
// header as a Python dict, the elements.
namespace tsir {
namespace {

struct Kind {
  at::ScalarType type;
  const char* text;
};
constexpr std::array<Kind, 15> kinds = {{{at::kByte, "|u1"},
                                         {at::kChar, "|i1"},
                                         {at::kBool, "|b1"},
                                         {at::kShort, "<i2"},
                                         {at::kInt, "<i4"},
                                         {at::kLong, "<i8"},
                                         {at::kUInt16, "<u2"},
                                         {at::kUInt32, "<u4"},
                                         {at::kUInt64, "<u8"},
                                         {at::kHalf, "<f2"},
                                         {at::kFloat, "<f4"},
                                         {at::kDouble, "<f8"},
                                         {at::kComplexHalf, "<c4"},
                                         {at::kComplexFloat, "<c8"},
                                         {at::kComplexDouble, "<c16"}}};
constexpr std::string_view magic = "\x93NUMPY";

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::load, fmt::format("{} is not a readable .npy file: {}", path, what));
}

// The text between `key`: and the end of its value.
std::string_view field(std::string_view header, std::string_view key, std::string_view close, const std::string& path) {
  const auto at = header.find(fmt::format("'{}':", key));
  const auto begin = at == std::string_view::npos ? at : at + key.size() + 3;
  const auto end = begin == std::string_view::npos ? begin : header.find(close, begin);
  if (end == std::string_view::npos) {
    refuse(path, fmt::format("its header lacks {}", key));
  }
  return header.substr(begin, end - begin);
}

std::vector<int64_t> shape_in(std::string_view text, const std::string& path) {
  std::vector<int64_t> shape;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    if (*at == ' ' || *at == ',' || *at == '(') {
      ++at;
      continue;
    }
    int64_t size = 0;
    const auto [next, error] = std::from_chars(at, end, size);
    if (error != std::errc() || size < 0) {
      refuse(path, "its shape is not a list of sizes");
    }
    shape.push_back(size);
    at = next;
  }
  return shape;
}

at::ScalarType type_in(std::string_view text, const std::string& path) {
  for (const Kind& kind : kinds) {
    if (text.find(kind.text) != std::string_view::npos) {
      return kind.type;
    }
  }
  refuse(path, fmt::format("tensors cannot have elements of type{}", one_line(text, 40)));
}

std::vector<int64_t> reversed_dimensions(int64_t count) {
  std::vector<int64_t> dimensions;
  for (int64_t i = count - 1; i >= 0; --i) {
    dimensions.push_back(i);
  }
  return dimensions;
}

// The size of the elements in bytes; -1 if that is larger than any file.
int64_t bytes_of(const std::vector<int64_t>& shape, at::ScalarType type) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(type));
  for (const int64_t size : shape) {
    if (__builtin_mul_overflow(bytes, size, &bytes)) {
      return -1;
    }
  }
  return bytes;
}

} // namespace

void write_npy(const std::string& path, const at::Tensor& tensor) {
  const auto kind = std::ranges::find(kinds, tensor.scalar_type(), &Kind::type);
  if (kind == kinds.end() || tensor.layout() != at::kStrided) {
    throw Error(ErrorKind::check, fmt::format("{} cannot be written as .npy", tensor_title(tensor)));
  }
  const at::Tensor whole = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous();
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", kind->text,
                                   fmt::join(whole.sizes(), ", "), whole.dim() == 1 ? "," : "");
  constexpr size_t before = 10;
  header.append(63 - (before + header.size()) % 64, ' '); // the elements begin at a multiple of 64
  header += '\n';
  std::string file(magic);
  file += {1, 0, static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  file += header;
  file.append(static_cast<const char*>(whole.const_data_ptr()), whole.nbytes());
  write_file(path, file);
}

at::Tensor read_npy(const std::string& path) {
  const auto bytes = Bytes::open(path);
  const std::string_view file = bytes->text();
  if (file.size() < 12 || !file.starts_with(magic)) {
    refuse(path, "it does not begin with the .npy signature");
  }
  const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(file[at])); };
  const bool short_length = byte(6) == 1;
  const size_t start = short_length ? 10 : 12;
  const size_t length = byte(8) | byte(9) << 8 | (short_length ? 0 : byte(10) << 16 | byte(11) << 24);
  if (length > file.size() - start) {
    refuse(path, "its header is truncated");
  }
  const std::string_view header = file.substr(start, length);
  const std::string_view elements = file.substr(start + length);
  const at::ScalarType type = type_in(field(header, "descr", ",", path), path);
  std::vector<int64_t> shape = shape_in(field(header, "shape", ")", path), path);
  const bool fortran = field(header, "fortran_order", ",", path).find("True") != std::string_view::npos;
  const int64_t wanted = bytes_of(shape, type);
  if (wanted < 0 || static_cast<uint64_t>(wanted) != elements.size()) {
    refuse(path, fmt::format("its header does not match its size ({} bytes of elements)", elements.size()));
  }
  if (fortran) { // the elements are those of the transposed tensor
    std::ranges::reverse(shape);
  }
  at::Tensor tensor = at::empty(shape, at::TensorOptions(type));
  std::copy(elements.begin(), elements.end(), static_cast<char*>(tensor.mutable_data_ptr()));
  return fortran ? tensor.permute(reversed_dimensions(tensor.dim())) : tensor;
}

} // namespace tsir

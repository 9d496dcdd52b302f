#include "lib/archive/identify.h"

#include "lib/archive/identify_zip.h"
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

constexpr std::string_view unpack = "unpack it first";

FileIdentity found(FileKind kind, std::string_view description, std::string_view advice) {
  return {kind, std::string(description), std::string(advice)};
}

struct Signature {
  size_t offset;
  std::string_view bytes;
  FileKind kind;
  std::string_view description;
  std::string_view advice;
};

using namespace std::string_view_literals;

constexpr std::array<Signature, 23> signatures = {{
    {4, "PTMF"sv, FileKind::flatbuffer, "a TorchScript module, saved as a flatbuffer (.ff)", "give it as the model"},
    {4, "TFL3"sv, FileKind::flatbuffer, "a TensorFlow Lite model", export_module},
    {4, "ORTM"sv, FileKind::flatbuffer, "an ONNX Runtime model", export_module},
    {4, "ET12"sv, FileKind::flatbuffer, "an ExecuTorch program", export_module},
    {0, "\x89HDF\r\n\x1a\n"sv, FileKind::hdf5, "an HDF5 file (possibly Keras weights)", export_module},
    {0, "GGUF"sv, FileKind::unknown, "a GGUF file (weights for llama.cpp)", export_module},
    {0, "\x93NUMPY"sv, FileKind::unknown, "a NumPy array (.npy)", export_module},
    {0, "ptrt"sv, FileKind::unknown, "a TensorRT engine", export_module},
    {0, "ftrt"sv, FileKind::unknown, "a TensorRT engine", export_module},
    {0, "\x1f\x8b"sv, FileKind::unknown, "compressed with gzip", unpack},
    {0, "\x28\xb5\x2f\xfd"sv, FileKind::unknown, "compressed with zstd", unpack},
    {0,
     "\xfd"
     "7zXZ"sv,
     FileKind::unknown, "compressed with xz", unpack},
    {0, "BZh"sv, FileKind::unknown, "compressed with bzip2", unpack},
    {0, "7z\xbc\xaf\x27\x1c"sv, FileKind::unknown, "a 7z archive", unpack},
    {257, "ustar"sv, FileKind::unknown, "a tar archive", unpack},
    {0, "%PDF"sv, FileKind::unknown, "a PDF document", export_module},
    {0, "\x89PNG"sv, FileKind::unknown, "a PNG image", export_module},
    {0, "\xff\xd8\xff"sv, FileKind::unknown, "a JPEG image", export_module},
    {0, "PK\5\6"sv, FileKind::other_zip, "an empty zip archive", export_module},
    {0, "version https://git-lfs"sv, FileKind::text, "a Git LFS pointer, not the file itself",
     "fetch it with `git lfs pull`"},
    {0, "<!DOCTYPE"sv, FileKind::text, "a web page (HTML), probably from a failed download", "download it again"},
    {0, "<!doctype"sv, FileKind::text, "a web page (HTML), probably from a failed download", "download it again"},
    {0, "<html"sv, FileKind::text, "a web page (HTML), probably from a failed download", "download it again"},
}};

std::optional<FileIdentity> by_signature(std::string_view text) {
  constexpr std::string_view elf = "\x7f"
                                   "ELF";
  if (text.starts_with(elf)) {
    return found(FileKind::unknown, "an ELF program or shared library",
                 "a library of operators is given with " + spelled(Setting::load_library));
  }
  for (const auto& signature : signatures) {
    if (text.size() >= signature.offset && text.substr(signature.offset).starts_with(signature.bytes)) {
      return found(signature.kind, signature.description, signature.advice);
    }
  }
  return std::nullopt;
}

// A safetensors file begins with the size of its header in 8 bytes, followed by the header in JSON.
bool is_safetensors(std::string_view text) {
  uint64_t length = 0;
  if (text.size() < 10) {
    return false;
  }
  std::memcpy(&length, text.data(), sizeof(length));
  return length >= 2 && length <= text.size() - 8 && text[8] == '{' && (text[9] == '"' || text[9] == '}');
}

// A protobuf message that begins with a small ir_version, followed by another field of ModelProto.
bool is_onnx(std::string_view text) {
  constexpr std::string_view next_fields = "\x12\x1a\x22\x28\x32\x3a\x42";
  return text.size() > 3 && text[0] == 8 && text[1] >= 1 && text[1] <= 30 &&
         next_fields.find(text[2]) != std::string_view::npos;
}

bool is_pickle(std::string_view text) {
  return text.size() > 2 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5;
}

FileIdentity identify_pickle(std::string_view text) {
  // Before PyTorch 1.6, torch.save began each file with this pickled number.
  constexpr std::string_view magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  if (text.substr(2).starts_with(magic)) {
    return found(FileKind::state_dict, "an eager checkpoint (torch.save, before PyTorch 1.6)", export_module);
  }
  return found(FileKind::unknown, "a Python pickle", export_module);
}

bool is_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 && c != '\n' && c != '\t' && c != '\r' && c != '\f' && c != '\x1b';
  });
}

// Whether the first line that is neither blank nor a comment begins a graph.
bool is_ir(std::string_view text) {
  while (!text.empty()) {
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(start);
    if (text[0] != '#') {
      return text.starts_with("graph(");
    }
    const auto end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  return false;
}

FileIdentity identify_text(std::string_view text) {
  if (is_ir(text)) {
    return found(FileKind::ir_text, "a graph as text (.ir)", "");
  }
  if (text.find("import torch") != std::string_view::npos) {
    return found(FileKind::text, "a Python source file", "run it, and write its module with torch.jit.save");
  }
  return found(FileKind::text, "a text file",
               "give a .pt that torch.jit.save wrote, or a graph that begins with `graph(`");
}

} // namespace

FileIdentity identify(const Bytes& bytes) {
  const std::string_view all = bytes.text();
  const std::string_view head = all.substr(0, size_t{1} << 16);
  if (looks_like_zip(bytes)) {
    return identify_zip(bytes);
  }
  if (all.size() < 4) {
    return found(FileKind::unknown, fmt::format("too short to be a model ({} bytes)", all.size()), "copy it again");
  }
  if (const auto known = by_signature(head)) {
    return *known;
  }
  if (is_pickle(head)) {
    return identify_pickle(head);
  }
  if (is_safetensors(all)) {
    return found(FileKind::safetensors, "a safetensors file: weights without a model", export_module);
  }
  if (is_onnx(head)) {
    return found(FileKind::onnx, "an ONNX model", export_module);
  }
  if (std::all_of(head.begin(), head.end(), [](char c) { return c == '\0'; })) {
    return found(FileKind::unknown, "full of zeros, as after a crash or a failed copy", "copy it again");
  }
  if (is_text(head)) {
    return identify_text(all);
  }
  return found(FileKind::unknown, "not a kind of file that tsir recognises", "give a .pt that torch.jit.save wrote");
}

void require_torchscript(const Bytes& bytes, const FileIdentity& identity) {
  if (identity.kind == FileKind::torchscript) {
    return;
  }
  if (identity.kind == FileKind::damaged_zip) {
    throw Error(ErrorKind::load, bytes.path() + " " + identity.description);
  }
  const bool kind_names_module = identity.kind == FileKind::torchscript_legacy ||
                                 identity.kind == FileKind::lite_interpreter ||
                                 identity.description.starts_with("not ");
  const char* no_module = kind_names_module ? "" : ", not a TorchScript module";
  throw Error(ErrorKind::load,
              fmt::format("{} is {}{}: {}", bytes.path(), identity.description, no_module, identity.advice));
}

} // namespace tsir

#include "lib/archive/module_file.h"

#include "lib/archive/identify_zip.h"
#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

#include <caffe2/serialize/versions.h>

#include <charconv>

namespace tsir {
namespace {

constexpr uint64_t largest_code = uint64_t{256} << 20;

[[noreturn]] void refuse(const Archive& archive, const std::string& what) {
  throw Error(ErrorKind::load, archive.bytes().path() + " " + what);
}

void require_version(const Archive& archive, uint64_t version) {
  constexpr uint64_t newest = caffe2::serialize::kMaxSupportedFileFormatVersion;
  if (version == 0) {
    refuse(archive, "has no version record: it is incomplete");
  }
  if (version > newest) {
    refuse(archive,
           fmt::format("has the format version {}, but this LibTorch reads only up to {}: it was written by a newer "
                       "PyTorch",
                       version, newest));
  }
}

void require_byte_order(const Archive& archive) {
  if (archive.find("byteorder") == nullptr) {
    return; // written before PyTorch 2.1
  }
  const std::string order = archive.read("byteorder", 64);
  if (order != "little") {
    refuse(archive, fmt::format("has the byte order '{}', but tsir reads only 'little'", one_line(order, 20)));
  }
}

std::string read_pickle(const Archive& archive, const std::string& name) {
  if (archive.find(name) == nullptr) {
    refuse(archive, "has no " + name + ": it is incomplete");
  }
  return archive.read(name);
}

PickleFacts check(const Archive& archive, const std::string& pickle, const std::string& name) {
  const auto record_size = [&](const std::string& key) -> std::optional<uint64_t> {
    const ArchiveEntry* entry = archive.find(name + "/" + key);
    return entry ? std::optional(entry->size) : std::nullopt;
  };
  return check_pickle(pickle, fmt::format("{}: its {}.pkl", archive.bytes().path(), name), record_size);
}

} // namespace

std::set<std::string> devices_of_tensors(const ModuleFile& file) {
  std::set<std::string> devices;
  for (const PickleFacts* facts : {&file.data_facts, &file.constants_facts}) {
    for (const auto& [storage, saved] : facts->devices) {
      devices.insert(saved);
    }
  }
  return devices;
}

std::map<std::string, std::string> read_code(const Archive& archive) {
  std::map<std::string, std::string> code;
  for (const auto& entry : archive.entries()) {
    if (entry.name.starts_with("code/") && entry.name.ends_with(".py")) {
      code.emplace(entry.name, archive.read(entry.name, largest_code));
    }
  }
  return code;
}

uint64_t read_version(const Archive& archive) {
  const char* record = archive.find("version") ? "version" : ".data/version";
  if (archive.find(record) == nullptr) {
    return 0;
  }
  const std::string text = archive.read(record, 64);
  uint64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || version == 0) {
    refuse(archive,
           fmt::format("has the format version '{}', which is not a number: it is damaged", one_line(text, 20)));
  }
  return version;
}

ModuleFile open_module(const std::shared_ptr<const Bytes>& bytes, Defaults defaults) {
  if (!looks_like_zip(*bytes)) {
    require_torchscript(*bytes, identify(*bytes));
  }
  ModuleFile file;
  file.archive = Archive::open(bytes);
  require_torchscript(*bytes, identify_entries(*file.archive));
  file.version = read_version(*file.archive);
  require_version(*file.archive, file.version);
  require_byte_order(*file.archive);
  file.code = read_code(*file.archive);
  for (const auto& [name, text] : file.code) {
    check_code(text, bytes->path() + ", " + name, defaults);
  }
  file.constants = read_pickle(*file.archive, "constants.pkl");
  file.data = read_pickle(*file.archive, "data.pkl");
  file.constants_facts = check(*file.archive, file.constants, "constants");
  file.data_facts = check(*file.archive, file.data, "data");
  return file;
}

} // namespace tsir

#include "lib/archive/extra_files.h"

namespace tsir {
namespace {

constexpr std::string_view extra_folder = "extra/";

} // namespace

std::vector<std::string> extra_file_names(const Archive& archive) {
  std::vector<std::string> names;
  for (const ArchiveEntry& entry : archive.entries()) {
    if (entry.name.starts_with(extra_folder)) {
      names.push_back(entry.name.substr(extra_folder.size()));
    }
  }
  return names;
}

std::string read_extra_file(const Archive& archive, const std::string& name) {
  return archive.read(std::string(extra_folder) + name);
}

} // namespace tsir

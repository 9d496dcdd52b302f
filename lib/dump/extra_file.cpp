#include "lib/dump/extra_file.h"

#include "lib/archive/archive.h"
#include "lib/base/error.h"

#include <fmt/ranges.h>

namespace tsir {

std::string extra_file(const std::shared_ptr<const Bytes>& bytes, const std::string& name) {
  const auto archive = Archive::open(bytes);
  const std::string folder = "extra/";
  if (archive->find(folder + name) != nullptr) {
    return archive->read(folder + name);
  }
  std::vector<std::string> names;
  for (const ArchiveEntry& entry : archive->entries()) {
    if (entry.name.starts_with(folder)) {
      names.push_back(entry.name.substr(folder.size()));
    }
  }
  throw Error(ErrorKind::usage,
              fmt::format("{} has no extra file '{}'; {}", bytes->path(), name,
                          names.empty() ? "it has none" : fmt::format("it has {}", fmt::join(names, ", "))));
}

} // namespace tsir

#include "lib/dump/extra_file.h"

#include "lib/archive/extra_files.h"
#include "lib/base/error.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace tsir {

std::string extra_file(const std::shared_ptr<const Bytes>& bytes, const std::string& name) {
  const auto archive = Archive::open(bytes);
  const std::vector<std::string> names = extra_file_names(*archive);
  if (std::ranges::find(names, name) != names.end()) {
    return read_extra_file(*archive, name);
  }
  throw Error(ErrorKind::usage,
              fmt::format("{} has no extra file '{}'; {}", bytes->path(), name,
                          names.empty() ? "it has none" : fmt::format("it has {}", fmt::join(names, ", "))));
}

} // namespace tsir

#include "lib/base/file_kind.h"

#include <array>
#include <string_view>
#include <sys/stat.h>

namespace tsir {
namespace {

bool is_open_descriptor(std::string_view path) {
  constexpr std::array folders{"/dev/fd/", "/proc/self/fd/"};
  for (const std::string_view folder : folders) {
    if (path.starts_with(folder)) {
      return true;
    }
  }
  return path == "/dev/stdin";
}

} // namespace

std::string special_kind(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) {
    return "";
  }
  if (S_ISDIR(status.st_mode)) {
    return "a folder";
  }
  if (is_open_descriptor(path)) {
    return "";
  }
  return S_ISFIFO(status.st_mode) ? "a pipe" : S_ISSOCK(status.st_mode) ? "a socket" : "a device";
}

} // namespace tsir

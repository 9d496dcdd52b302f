#include "tools/launcher/system.h"

#include "tools/launcher/text.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace tsir::launcher {
namespace {

namespace fs = std::filesystem;

std::vector<int> version_numbers(const std::string& version) {
  std::vector<int> numbers;
  std::istringstream parts(version);
  for (std::string part; std::getline(parts, part, '.');) {
    numbers.push_back(std::atoi(part.c_str()));
  }
  return numbers;
}

// False if one of them is not known.
bool is_older(const std::string& glibc, const std::string& needed) {
  return !glibc.empty() && !needed.empty() && version_numbers(glibc) < version_numbers(needed);
}

// The name of the file that libstdc++.so.6 in `folder` links to has its version: {6, 0, 30}. Empty if there is none.
std::vector<int> cxx_library_version(const fs::path& folder) {
  std::error_code failed;
  const std::string name = fs::canonical(folder / "libstdc++.so.6", failed).filename().string();
  constexpr std::string_view start = "libstdc++.so.";
  return failed || !name.starts_with(start) ? std::vector<int>() : version_numbers(name.substr(start.size()));
}

} // namespace

GlibcNeeds glibc_needs(const fs::path& installation) {
  const std::string description = contents(installation / "share/tsir/bundle.json");
  return {.program = word_after(description, "\"glibc\": \""),
          .cxx_library = word_after(description, "\"cxx_library_glibc\": \"")};
}

std::string glibc_version(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    // It prints this text if it is run as a program: "GNU C Library (…) stable release version 2.36."
    const std::string library = contents(folder / "libc.so.6");
    if (!library.empty()) {
      const std::string version = word_after(library, " release version ");
      return version.substr(0, version.find_last_not_of('.') + 1);
    }
  }
  return "";
}

void check_glibc(const std::string& system, const GlibcNeeds& needs) {
  if (is_older(system, needs.program)) {
    throw NotFound("this tsir needs glibc " + needs.program + " or newer, and this system has glibc " + system +
                   ": build tsir here, or make a bundle on a system that is as old");
  }
}

std::vector<fs::path> library_folders(const fs::path& installation, const fs::path& libtorch,
                                      const std::vector<fs::path>& system_folders, const std::string& system_glibc) {
  std::vector<fs::path> folders = {installation / "lib", libtorch / "lib"};
  const fs::path own = installation / "lib/c++";
  std::vector<int> newest;
  for (const fs::path& folder : system_folders) {
    newest = std::max(newest, cxx_library_version(folder));
  }
  if (newest < cxx_library_version(own) && !is_older(system_glibc, glibc_needs(installation).cxx_library)) {
    folders.push_back(own);
  }
  return folders;
}

} // namespace tsir::launcher

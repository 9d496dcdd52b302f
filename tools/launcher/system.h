// What an installed tsir takes from the system: glibc, and the C++ library if it is new enough.
#pragma once

#include "tools/launcher/not_found.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tsir::launcher {

// Versions of glibc such as "2.34"; "" if it is not known.
struct GlibcNeeds {
  std::string program = {};     // of the program and its libraries
  std::string cxx_library = {}; // of tsir's copy of the C++ library
};

// What tools/bundle has written to share/tsir/bundle.json.
GlibcNeeds glibc_needs(const std::filesystem::path& installation);

// The version of the libc.so.6 in the first of the folders that has one; "" if there is none, or if it is not glibc.
std::string glibc_version(const std::vector<std::filesystem::path>& folders);

// Throws NotFound if the system's version is known and is older than that which the program needs.
void check_glibc(const std::string& system, const GlibcNeeds& needs);

// The folders for LD_LIBRARY_PATH: tsir's own libraries, LibTorch's, and tsir's copy of the C++ library if those of
// `system_folders` are older or missing. The copy is left out if it needs a newer glibc than the system's: such a
// system has a C++ library that is new enough for the program.
std::vector<std::filesystem::path> library_folders(const std::filesystem::path& installation,
                                                   const std::filesystem::path& libtorch,
                                                   const std::vector<std::filesystem::path>& system_folders,
                                                   const std::string& system_glibc);

} // namespace tsir::launcher

// Finds the LibTorch that an installed tsir runs on. Uses only the standard library, because it is linked statically.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tsir::launcher {

// One line: what is missing, and what to do.
struct NotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "" for a variable that is not set.
struct Surroundings {
  std::filesystem::path installation; // the folder that holds bin/ and lib/
  std::string libtorch = {};          // TSIR_LIBTORCH
  std::string virtual_env = {};       // VIRTUAL_ENV
  std::string conda_prefix = {};      // CONDA_PREFIX
  std::string path = {};              // PATH
};

// The folder of LibTorch, which holds lib/libtorch_cpu.so. Looks at TSIR_LIBTORCH; the folder libtorch in the
// installation or beside it; torch in the active virtual environment or conda environment; torch of the python3 on the
// PATH. Throws NotFound.
std::filesystem::path find_libtorch(const Surroundings& surroundings);

// "2.13.0+cpu", as the folder's own files tell; "" if they do not.
std::string libtorch_version(const std::filesystem::path& libtorch);

// Throws NotFound if a LibTorch's minor version is known and is not `built_for`, such as "2.13".
void check_version(const std::filesystem::path& libtorch, const std::string& built_for);

// The folders for LD_LIBRARY_PATH: tsir's own libraries, LibTorch's, tsir's copy of the C++ library if those of
// `system_folders` are older or missing.
std::vector<std::filesystem::path> library_folders(const std::filesystem::path& installation,
                                                   const std::filesystem::path& libtorch,
                                                   const std::vector<std::filesystem::path>& system_folders);

} // namespace tsir::launcher

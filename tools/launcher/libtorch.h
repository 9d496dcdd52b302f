// Finds the LibTorch that an installed tsir runs on. Uses only the standard library, because it is linked statically.
#pragma once

#include "tools/launcher/not_found.h"

#include <filesystem>
#include <string>

namespace tsir::launcher {

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

} // namespace tsir::launcher

#include "tools/launcher/libtorch.h"

#include "tools/launcher/text.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

namespace tsir::launcher {
namespace {

namespace fs = std::filesystem;

bool has_libtorch(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "lib/libtorch_cpu.so", ignored);
}

// A folder that a user names may be LibTorch, hold it, or be its lib.
std::optional<fs::path> libtorch_at(const fs::path& folder) {
  for (const fs::path& candidate : {folder, folder / "libtorch", folder / "torch", folder / ".."}) {
    if (has_libtorch(candidate)) {
      std::error_code failed;
      const fs::path resolved = fs::canonical(candidate, failed);
      return failed ? candidate : resolved;
    }
  }
  return std::nullopt;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    entries.push_back(entry->path());
  }
  std::ranges::sort(entries);
  return entries;
}

// torch among the packages of the Python that is installed at `prefix`.
std::optional<fs::path> torch_of_python(const fs::path& prefix) {
  for (const char* lib : {"lib", "lib64", "local/lib"}) {
    for (const fs::path& python : entries_of(prefix / lib)) {
      if (!python.filename().string().starts_with("python3")) {
        continue;
      }
      for (const char* packages : {"site-packages", "dist-packages"}) {
        if (has_libtorch(python / packages / "torch")) {
          return python / packages / "torch";
        }
      }
    }
  }
  return std::nullopt;
}

// The prefix of the first python3 on the PATH. Links are not followed: a virtual environment's python3 is one.
std::optional<fs::path> python_prefix(const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code ignored;
    if (!folder.empty() && fs::exists(fs::path(folder) / "python3", ignored)) {
      return (fs::path(folder) / ".").parent_path().parent_path(); // the folder may end in a slash
    }
  }
  return std::nullopt;
}

// "2.13" of "2.13.0+cpu".
std::string minor_version(const std::string& version) {
  const size_t dot = version.find('.');
  return dot == std::string::npos ? version : version.substr(0, version.find_first_not_of("0123456789", dot + 1));
}

} // namespace

fs::path find_libtorch(const Surroundings& surroundings) {
  if (!surroundings.libtorch.empty()) {
    if (const auto given = libtorch_at(surroundings.libtorch)) {
      return *given;
    }
    throw NotFound("there is no LibTorch in TSIR_LIBTORCH=" + surroundings.libtorch +
                   ": it must name a folder that has lib/libtorch_cpu.so");
  }
  const fs::path beside = surroundings.installation.parent_path() / "libtorch";
  for (const fs::path& folder : {surroundings.installation / "libtorch", beside}) {
    if (has_libtorch(folder)) {
      return folder;
    }
  }
  for (const std::string& prefix : {surroundings.virtual_env, surroundings.conda_prefix}) {
    if (const auto torch = prefix.empty() ? std::nullopt : torch_of_python(prefix)) {
      return *torch;
    }
  }
  if (const auto prefix = python_prefix(surroundings.path)) {
    if (const auto torch = torch_of_python(*prefix)) {
      return *torch;
    }
  }
  throw NotFound("no LibTorch found: set TSIR_LIBTORCH to its folder, unpack it to " + beside.string() +
                 ", or activate a Python environment that has torch");
}

std::string libtorch_version(const fs::path& libtorch) {
  // The wheel has the first, an archive the second.
  const std::string version = word_after(contents(libtorch / "version.py"), "__version__ = '");
  return version.empty() ? word_after(contents(libtorch / "build-version"), "") : version;
}

void check_version(const fs::path& libtorch, const std::string& built_for) {
  const std::string version = libtorch_version(libtorch);
  if (!version.empty() && minor_version(version) != built_for) {
    throw NotFound("this tsir is built for LibTorch " + built_for + ", and " + libtorch.string() + " is version " +
                   version + ": set TSIR_LIBTORCH to another, or install the tsir that is built for this one");
  }
}

} // namespace tsir::launcher

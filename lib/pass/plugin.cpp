#include "lib/pass/plugin.h"

#include "lib/base/error.h"
#include "lib/base/file_kind.h"
#include "lib/base/setting.h"

#include <dlfcn.h>

namespace tsir {
namespace {

template <typename Function> Function* symbol(void* library, const char* name, const std::string& path) {
  void* found = ::dlsym(library, name);
  if (found == nullptr) {
    throw Error(ErrorKind::usage, fmt::format("{} is not a pass plugin: it has no function {}; write "
                                              "TSIR_PASS_PLUGIN(your_function) in it, see docs/pass_plugin",
                                              path, name));
  }
  return reinterpret_cast<Function*>(found);
}

} // namespace

void load_pass_plugin(const std::string& path, Registry& registry) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} {}: there is no such file", spelled(Setting::load_pass_plugin), path));
  }
  if (const std::string kind = special_kind(path); !kind.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("{} {}: it is {}, not a file", spelled(Setting::load_pass_plugin), path, kind));
  }
  // Stays loaded, because its rows point into it. Absolute, because dlopen looks for bare names in the system's
  // folders.
  void* library = ::dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(ErrorKind::usage, fmt::format("cannot load pass plugin {}: {}", path, one_line(::dlerror())));
  }
  const std::string built_for = symbol<const char*()>(library, "tsir_plugin_interface", path)();
  if (built_for != TSIR_PLUGIN_INTERFACE) {
    throw Error(ErrorKind::usage, fmt::format("pass plugin {} was built for '{}', but this is '{}': rebuild it", path,
                                              built_for, TSIR_PLUGIN_INTERFACE));
  }
  const auto add_rows = symbol<void(Registry&)>(library, "tsir_register_passes", path);
  try {
    add_rows(registry);
  } catch (const std::exception& error) { // a name that is already in use, or an incomplete row
    throw Error(ErrorKind::usage, fmt::format("pass plugin {}: {}", path, one_line(error)));
  }
}

} // namespace tsir

#include "lib/model/load/load.h"

#include "lib/archive/model_bytes.h"
#include "lib/archive/module_file.h"
#include "lib/archive/read_adapter.h"
#include "lib/base/error.h"
#include "lib/base/file_kind.h"
#include "lib/base/setting.h"
#include "lib/model/load/compile_error.h"
#include "lib/model/load/inspect.h"
#include "lib/process/phase.h"

#include <torch/csrc/jit/serialization/import.h>

#include <dlfcn.h>

namespace tsir {

ModelSource::ModelSource(const std::string& path) : ModelSource(open_model_bytes(path)) {}

ModelSource::ModelSource(std::shared_ptr<const Bytes> bytes) : path_(bytes->path()), bytes_(std::move(bytes)) {
  const Phase phase("reading " + path_);
  file_ = std::make_shared<const ModuleFile>(open_module(bytes_, Defaults::any));
}

std::set<std::string> ModelSource::saved_on() const {
  return devices_of_tensors(*file_);
}

jit::Module ModelSource::instantiate(c10::Device device) const {
  const Phase phase("loading " + path_);
  try {
    return jit::load(std::make_shared<BytesAdapter>(bytes_), device);
  } catch (const std::exception& error) {
    inspect(bytes_); // throws a better message for faults that LibTorch does not check
    throw compile_error(*file_, error);
  }
}

void load_libraries(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    load_library(path);
  }
}

void load_library(const std::string& path) {
  const Phase phase("loading the library " + path);
  // With a bare name, the loader would search the system's folders, but a file in the current folder is meant.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  if (const std::string kind = special_kind(file); !kind.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("{} {}: it is {}, not a file", spelled(Setting::load_library), path, kind));
  }
  try {
    if (dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      throw Error(ErrorKind::usage, spelled(Setting::load_library) + ": " + one_line(dlerror()));
    }
  } catch (const c10::Error& error) { // for example, if an operator is registered twice
    throw Error(ErrorKind::usage, fmt::format("{} {}: {}", spelled(Setting::load_library), path, one_line(error)));
  }
}

} // namespace tsir

#include "lib/dump/lite_operators.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/model/load/inspect.h"
#include "lib/model/unit.h"
#include "lib/process/phase.h"

#include <torch/csrc/jit/serialization/export.h>

namespace tsir {

std::string lite_operators_yaml(const std::shared_ptr<const Bytes>& bytes, std::chrono::nanoseconds limit) {
  const TimeLimit until(limit);
  const InspectedModule inspected = inspect(bytes);
  for (const std::string& name : method_names(inspected.module)) {
    if (!inlines_within(*inspected.module.get_method(name).graph())) {
      throw Error(ErrorKind::check, fmt::format("{}: {} would inline to too many nodes", bytes->path(), name));
    }
  }
  std::vector<std::string> names;
  try {
    names = jit::export_opnames(inspected.module);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check,
                fmt::format("{}: LibTorch's lite interpreter cannot run it: {}", bytes->path(), one_line(error)));
  }
  std::string yaml;
  for (const std::string& name : names) {
    yaml += "- " + name + "\n";
  }
  return yaml;
}

} // namespace tsir

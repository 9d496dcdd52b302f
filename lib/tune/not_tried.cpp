#include "lib/tune/not_tried.h"

#include "lib/compat/versions.h"
#include "lib/run/device.h"
#include "lib/run/libtorch_build.h"

namespace tsir {
namespace {

std::vector<std::string> not_tried_on_cpu(const Space& space) {
  std::vector<std::string> lines;
  const std::vector<std::string> others = usable_devices();
  lines.push_back(others.empty()
                      ? fmt::format("not tried: a GPU, because LibTorch {} finds none here", libtorch_version())
                      : fmt::format("tried on the CPU only. This machine also has: {}", fmt::join(others, ", ")));
  if (space.wants("fuse") && !nnc_has_llvm()) {
    lines.emplace_back("not tried: the fuser NNC, which needs a LibTorch with LLVM to compile for CPUs");
  }
  return lines;
}

} // namespace

std::vector<std::string> not_tried(const Space& space, c10::Device device) {
  if (device.is_cpu()) {
    return not_tried_on_cpu(space);
  }
  std::vector<std::string> names;
  for (const Part& part : tuning_parts()) {
    if (part.for_cpu && space.wants(part.name)) {
      names.push_back(part.name);
    }
  }
  return names.empty() ? std::vector<std::string>()
                       : std::vector{fmt::format("not tried on {}, because they are for the CPU: {}", device.str(),
                                                 fmt::join(names, ", "))};
}

} // namespace tsir

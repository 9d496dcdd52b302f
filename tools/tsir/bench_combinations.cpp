#include "tools/tsir/bench_combinations.h"

#include "lib/base/error.h"

namespace tsir::tool {
namespace {

// The first flag given that a sweep's points cannot have; "" where there is none.
std::string for_one_bench(const BenchOptions& options) {
  const std::pair<bool, const char*> flags[] = {{options.train.given, "--train"},
                                                {options.ops.given, "--ops"},
                                                {!options.rivals.commands.empty(), "--rival"},
                                                {!options.baseline.compare.empty(), "--baseline"},
                                                {!options.baseline.save.empty(), "--save-baseline"}};
  const auto* found = std::ranges::find_if(flags, [](const auto& flag) { return flag.first; });
  return found == std::end(flags) ? "" : found->second;
}

} // namespace

void check_combinations(const BenchOptions& options) {
  const std::string alone = for_one_bench(options);
  if (options.sweep.given() && !alone.empty()) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{} is for one bench, not for several points: leave out --batch, --input-set, --threads with "
                    "several numbers, --clients and --cold",
                    alone));
  }
  if (options.train.given && options.ops.given) {
    throw Error(ErrorKind::usage, "--ops looks into calls, not into training steps: leave out --ops or --train");
  }
}

} // namespace tsir::tool

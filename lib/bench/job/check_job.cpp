// Combinations that are not supported.
#include "lib/base/setting.h"
#include "lib/bench/job/job.h"
#include "lib/bench/job/rivals.h"

namespace tsir {
namespace {

// A setting of the job that is not supported at several points, if any.
std::optional<Setting> for_one_bench(const BenchJob& job) {
  const std::pair<bool, Setting> settings[] = {{job.training.has_value(), Setting::train},
                                               {job.operators.has_value(), Setting::ops},
                                               {!job.rivals.empty(), Setting::rival},
                                               {job.baseline.has_value(), Setting::baseline},
                                               {job.save, Setting::save_baseline}};
  const auto* found = std::ranges::find_if(settings, [](const auto& setting) { return setting.first; });
  return found == std::end(settings) ? std::nullopt : std::optional(found->second);
}

void check_axes(const BenchJob& job) {
  if (const auto alone = for_one_bench(job)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} is for one bench, not for several points: leave out {}", spelled(*alone), axes_text()));
  }
  if (job.axes.cold && !job.axes.clients.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("{} with {}: the flush before one client's call would disturb the calls of the others",
                            spelled(Setting::cold), spelled(Setting::clients)));
  }
  if (job.axes.cold && job.workload.device != "cpu") {
    throw Error(ErrorKind::usage, fmt::format("{} flushes the processor's caches, not those of device {}",
                                              spelled(Setting::cold), job.workload.device));
  }
  points_of(job.axes);
}

} // namespace

void check_job(const BenchJob& job) {
  if (!job.axes.empty()) {
    check_axes(job);
  }
  if (job.training && job.operators) {
    throw Error(ErrorKind::usage, fmt::format("{0} profiles calls, not training steps: leave out {0} or {1}",
                                              spelled(Setting::ops), spelled(Setting::train)));
  }
  check_rivals(job.rivals);
}

} // namespace tsir

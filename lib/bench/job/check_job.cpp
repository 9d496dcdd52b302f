// What cannot be asked for together.
#include "lib/bench/job/job.h"
#include "lib/bench/job/rivals.h"

namespace tsir {
namespace {

// What is asked for that a sweep's points cannot have; "" where there is nothing.
std::string for_one_bench(const BenchJob& job) {
  const std::pair<bool, const char*> settings[] = {{job.training.has_value(), "--train"},
                                                   {job.operators.has_value(), "--ops"},
                                                   {!job.rivals.empty(), "--rival"},
                                                   {job.baseline.has_value(), "--baseline"},
                                                   {job.save, "--save-baseline"}};
  const auto* found = std::ranges::find_if(settings, [](const auto& setting) { return setting.first; });
  return found == std::end(settings) ? "" : found->second;
}

void check_axes(const BenchJob& job) {
  if (const std::string alone = for_one_bench(job); !alone.empty()) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{} is for one bench, not for several points: leave out --batch, --input-set, --threads with "
                    "several numbers, --clients and --cold",
                    alone));
  }
  if (job.axes.cold && !job.axes.clients.empty()) {
    throw Error(ErrorKind::usage,
                "--cold with --clients: the flush before one client's call would hit those of the others");
  }
  if (job.axes.cold && job.workload.device != "cpu") {
    throw Error(ErrorKind::usage,
                fmt::format("--cold flushes the processor's caches, not those of device {}", job.workload.device));
  }
  points_of(job.axes);
}

} // namespace

void check_job(const BenchJob& job) {
  if (!job.axes.empty()) {
    check_axes(job);
  }
  if (job.training && job.operators) {
    throw Error(ErrorKind::usage, "--ops looks into calls, not into training steps: leave out --ops or --train");
  }
  check_rivals(job.rivals);
}

} // namespace tsir

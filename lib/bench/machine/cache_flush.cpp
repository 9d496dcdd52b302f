#include "lib/bench/machine/cache_flush.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"

#include <ATen/Parallel.h>

#include <atomic>

namespace tsir {
namespace {

constexpr int64_t line_bytes = 64;

Usage& operator+=(Usage& sum, const Usage& part) {
  sum.cpu_ns += part.cpu_ns;
  sum.involuntary_switches += part.involuntary_switches;
  sum.page_faults += part.page_faults;
  return sum;
}

} // namespace

uint64_t flush_bytes(const Environment& environment, int threads) {
  CacheInfo last;
  for (const CacheInfo& cache : environment.caches) {
    last = cache.level > last.level ? cache : last;
  }
  if (last.size == 0) {
    throw Error(ErrorKind::usage, fmt::format("{}: this machine does not report the sizes of its caches (/sys/devices/"
                                              "system/cpu/cpu0/cache), so they cannot be flushed",
                                              spelled(Setting::cold)));
  }
  // A large processor has several last-level caches, and each thread may use a different one.
  const int caches_present =
      last.num_sharing > 0 ? (environment.num_cpus + last.num_sharing - 1) / last.num_sharing : 1;
  const uint64_t bytes = 2 * last.size * static_cast<uint64_t>(std::clamp(threads, 1, std::max(caches_present, 1)));
  if (environment.memory_available > 0 && bytes > environment.memory_available / 4) {
    throw Error(ErrorKind::usage,
                fmt::format("{} needs {} of memory to flush the caches, but only {} are free", spelled(Setting::cold),
                            human_bytes(bytes), human_bytes(environment.memory_available)));
  }
  return bytes;
}

std::function<void()> make_flush(uint64_t bytes) {
  // Written to once, because reading pages that were never written reads the same page of zeros again and again.
  const auto memory = std::make_shared<const std::vector<uint8_t>>(bytes, 1);
  const auto sum = std::make_shared<std::atomic<uint64_t>>(0); // so that the compiler does not remove the reads
  return [memory, sum] {
    const auto lines = static_cast<int64_t>(memory->size()) / line_bytes;
    at::parallel_for(0, lines, 4096, [&](int64_t begin, int64_t end) {
      uint64_t part = 0;
      for (int64_t line = begin; line < end; ++line) {
        part += (*memory)[static_cast<size_t>(line * line_bytes)];
      }
      *sum += part;
    });
  };
}

Arm cold_arm(Arm arm, std::function<void()> flush, std::shared_ptr<Clock> clock) {
  const auto own = std::make_shared<OwnCalls>();
  Arm cold;
  cold.plan = arm.plan;
  cold.enter = arm.enter;
  cold.call = [call = arm.call, flush] {
    flush();
    call();
  };
  cold.take_samples = [call = arm.call, flush = std::move(flush), clock = std::move(clock),
                       own](std::span<double> sample_ns, size_t calls_per_sample) {
    Usage used;
    for (double& sample : sample_ns) {
      int64_t total = 0;
      for (size_t i = 0; i < calls_per_sample; ++i) {
        flush();
        const Usage before = clock->usage();
        const int64_t start = clock->now();
        call();
        total += clock->now() - start;
        used += clock->usage() - before;
      }
      sample = static_cast<double>(total) / static_cast<double>(calls_per_sample);
    }
    *own = {sample_ns.size() * calls_per_sample, used, {}};
  };
  cold.own_calls = [own] { return *own; };
  return cold;
}

} // namespace tsir

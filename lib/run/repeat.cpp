#include "lib/run/repeat.h"

#include "lib/run/device.h"
#include "lib/run/state.h"

namespace tsir {
Repetition repeat(const Runnable& runnable, const std::vector<c10::IValue>& inputs, size_t runs, c10::Device device,
                  uint64_t seed, bool seed_once) {
  Repetition result;
  result.times.first_calls = first_calls(runnable.executor());
  for (size_t run = 1; run <= runs; ++run) {
    const std::vector<c10::IValue> fresh = deep_copies(inputs);
    if (run == 1 || !seed_once) {
      seed_generators(seed);
    }
    synchronize(device);
    const auto begin = std::chrono::steady_clock::now();
    std::vector<c10::IValue> outputs = runnable.run(fresh);
    synchronize(device);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    result.times.milliseconds.push_back(time.count());
    if (run == 1) {
      result.outputs = deep_copies(outputs); // a later run may change a buffer that is also an output
    } else if (result.differing_run == 0) {
      result.difference = compare(result.outputs, outputs);
      result.differing_run = result.difference.same ? 0 : run;
    }
  }
  return result;
}

} // namespace tsir

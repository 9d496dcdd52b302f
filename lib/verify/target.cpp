#include "lib/verify/target.h"

#include "lib/run/threads.h"
#include "lib/run/tolerance.h"

namespace tsir {

VerifyTarget prepare_target(const Workload& workload, const Registry& registry, const Pipeline& passes,
                            Purpose purpose) {
  const Pipeline start = start_of(workload, registry);
  const Prepared prepared = prepare(workload, start.followed_by(passes.uses()), purpose);
  return {.open = opener(prepared, start),
          .start = nullptr,
          .observe = {.input_sets = prepared.input_sets,
                      .calls = workload.calls,
                      .seed = workload.inputs.seed,
                      .executor = workload.executor,
                      .grad = workload.grad},
          .tolerance = parse_tolerances(workload.tolerance),
          .device = prepared.device};
}

VerifyTarget make_target(const Workload& workload, const Registry& registry, const Pipeline& passes, Purpose purpose) {
  set_threads(workload.threads);
  return prepare_target(workload, registry, passes, purpose);
}

SweepSettings sweep_settings(const Workload& workload, const Registry& registry, const Pipeline& passes,
                             Purpose purpose) {
  return {
      .target = [workload, &registry, passes, purpose] { return prepare_target(workload, registry, passes, purpose); },
      .threads = workload.threads,
      .shared = device_of(workload).is_cpu()};
}

} // namespace tsir

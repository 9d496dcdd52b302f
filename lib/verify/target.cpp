#include "lib/verify/target.h"

#include "lib/run/threads.h"
#include "lib/run/tolerance.h"

namespace tsir {

VerifyTarget make_target(const Workload& workload, const Registry& registry, const Pipeline& passes, Purpose purpose) {
  set_threads(workload.threads);
  const Pipeline start = start_of(workload, registry);
  const Prepared prepared = prepare(workload, start.followed_by(passes.uses()), purpose);
  return {.open = opener(prepared, start),
          .observe = {.input_sets = prepared.input_sets,
                      .calls = workload.calls,
                      .seed = workload.inputs.seed,
                      .executor = workload.executor,
                      .grad = workload.grad},
          .tolerance = parse_tolerances(workload.tolerance),
          .device = prepared.device};
}

} // namespace tsir

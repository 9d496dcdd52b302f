#include "lib/diff/job.h"

#include "lib/base/error.h"
#include "lib/diff/units.h"
#include "lib/run/threads.h"

namespace tsir {
namespace {

struct Opened {
  Unit unit;
  std::string name;
};

Opened open_side(const Workload& workload, const Pipeline& passes, const Warn& warn) {
  Prepared prepared = prepare(workload, passes, {}, warn);
  std::string name = side_name(workload.source.file, prepared.unit, passes.text());
  passes.run(prepared.unit, prepared.run_settings());
  return {std::move(prepared.unit), std::move(name)};
}

} // namespace

DiffReport diff(const DiffJob& job, const Warn& warn) {
  if (job.before.source.file == "-" && job.after.source.file == "-") {
    throw Error(ErrorKind::usage, "standard input can be read once: give the other graph as a file");
  }
  set_threads(job.before.threads);
  const Opened before = open_side(job.before, job.before_passes, warn);
  const Opened after = open_side(job.after, job.after_passes, warn);
  return diff_units({before.unit, before.name}, {after.unit, after.name}, job.inline_calls, job.settings);
}

} // namespace tsir

// From the flags of `tsir bench` to what is measured: the target, its variants, and how.
#pragma once

#include "lib/bench/machine/environment.h"
#include "tools/tsir/bench_options.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

// Throws Error(usage) on passes that do not exist.
std::vector<VariantSpec> variants_of(const BenchOptions& options, const Session& session, c10::Device device);
// Opens the file of --against, where there is one, and puts it before all others as their baseline.
void put_against(std::vector<VariantSpec>& specs, const BenchOptions& options, const Workload& workload);
BenchSettings settings_of(const BenchOptions& options, const Environment& environment);
// `model` must outlive the target. Makes the inputs. Throws Error(usage) where they do not fit.
BenchTarget target_of(const BenchOptions& options, const OpenedModel& model, c10::Device device);

} // namespace tsir::tool

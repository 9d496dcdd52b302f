// The common part of `run` and `sweep`: a job with its files open, ready to be measured.
#pragma once

#include "lib/bench/job/job.h"
#include "lib/bench/variants/rival.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

class ReadyJob {
public:
  // Sets up the process, starts each rival and reads its greeting, and opens the files. `job` must outlive this.
  ReadyJob(const BenchJob& job, const JobHooks& hooks);

  const BenchJob& job() const { return job_; }
  c10::Device device() const { return device_; }
  const std::vector<VariantSpec>& specs() const { return specs_; } // without rivals
  const BenchContext& context() const { return context_; }         // without method and conditions
  const BenchSettings& settings() const { return context_.settings; }
  // The number of variants that fit into memory together if each is there `copies` times, but at most the settings'
  // one.
  size_t fitting_arms(size_t copies) const;
  // Makes the inputs. Throws Error(usage) if they do not match.
  BenchTarget target_at(const Point& point) const;
  // Appends the rivals, which get the target's inputs, to `specs`. Throws Error(usage) if a name is taken.
  std::vector<VariantSpec> with_rivals(std::vector<VariantSpec> specs, const BenchTarget& target) const;

private:
  std::vector<VariantSpec> make_specs() const;
  void put_against();
  void require_saved_variant() const;

  const BenchJob& job_;
  c10::Device device_;
  BenchContext context_;
  std::vector<VariantSpec> specs_;
  std::vector<Rival> rivals_;
  Pipeline start_;
  std::shared_ptr<const OpenedModel> model_;
  std::shared_ptr<Training> training_;
};

// With settings.each, marks the passes that crash, so that they do not end the bench of the others.
void mark_crashing_passes(std::vector<VariantSpec>& specs, const ReadyJob& ready,
                          const std::function<BenchTarget()>& target, const Hooks& hooks);
// Throws Error(check) if a later call of the baseline failed, although its first calls did not: then there is nothing
// to compare with.
void require_baseline(const BenchOutcome& result);

} // namespace tsir

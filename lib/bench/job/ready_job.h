// What `run` and `sweep` have in common: a job with its files open, ready to be measured.
#pragma once

#include "lib/bench/job/job.h"
#include "lib/bench/variants/rival.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

class ReadyJob {
public:
  // Sets up the process, starts each rival as far as its greeting, and opens the files. `job` must outlive this.
  ReadyJob(const BenchJob& job, const JobHooks& hooks);

  const BenchJob& job() const { return job_; }
  c10::Device device() const { return device_; }
  const std::vector<VariantSpec>& specs() const { return specs_; } // without rivals
  const BenchContext& context() const { return context_; }         // without method and conditions
  const BenchSettings& settings() const { return context_.settings; }
  // Makes the inputs. Throws Error(usage) where they do not fit.
  BenchTarget target_at(const Point& point) const;
  // `specs` with the rivals after them, which get the target's inputs. Throws Error(usage) where a name is taken.
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

// One bad pass must not end the sweep over the others: with settings.each, those that crash are marked beforehand.
void mark_crashing_passes(std::vector<VariantSpec>& specs, const BenchSettings& settings,
                          const std::function<BenchTarget()>& target, const Hooks& hooks);
// A later call of the baseline may fail although its first ones did not: then there is nothing to report against, and
// this throws Error(check).
void require_baseline(const BenchOutcome& result);

} // namespace tsir

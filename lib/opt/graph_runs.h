// A job on the graphs of its file, one at a time.
#pragma once

#include "lib/opt/job.h"

namespace tsir {

class GraphRuns {
public:
  // Checks the job and opens the file. Throws Error(usage) and Error(load). Refers to both arguments.
  GraphRuns(const OptJob& job, const OptHooks& hooks);
  const OpenedModel& model() const { return *model_; }
  size_t count() const { return model_->graphs(); }
  // Runs the passes on the graph and writes the result. `graph`: from 1 on; `warn` takes the place of the hook.
  OptOutcome run(size_t graph, const Warn& warn) const;

private:
  Prepared prepared_graph(size_t number, const Warn& warn) const;
  void write(Prepared& prepared, size_t number, const FileContents& before, OptOutcome& outcome) const;

  const OptJob& job_;
  const OptHooks& hooks_;
  std::shared_ptr<const OpenedModel> model_;
};

} // namespace tsir

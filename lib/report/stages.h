// Runs a pipeline and collects what each pass did, with drawings of the states between.
#pragma once

#include "lib/report/job.h"

namespace tsir {

struct StageSettings {
  bool draw = true;
  size_t first_picture = 0; // the number of the next picture
  int start_picture = -1;   // that of the start, if it is drawn already
  double time_seconds = 0;  // for measuring the time of each node of a state
};

struct Stages {
  std::string method;
  std::vector<ReportPass> passes;
  std::vector<ReportPicture> pictures;
  std::vector<std::string> warnings;
};

// Runs in a child process. The last pass of the result may be one that failed. Throws the Error that opening the file
// meets.
Stages run_stages(const ReportJob& job, const Pipeline& passes, const StageSettings& settings,
                  const ReportHooks& hooks);

} // namespace tsir

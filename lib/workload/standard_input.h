// Standard input as the file to work on.
#pragma once

#include "lib/base/bytes.h"
#include "lib/workload/workload.h"

namespace tsir {

// If the file is "-", reads it here, once: a child process would use up standard input, and leave nothing for the next.
inline void read_before_children(const Workload& workload) {
  if (workload.source.file == "-") {
    Bytes::open(workload.source.file);
  }
}

} // namespace tsir

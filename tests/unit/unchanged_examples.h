// Passes whose example cannot change with this build, and the reason.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// "" for all others.
inline std::string reason_for_no_change(const PassRow& row) {
  static const std::map<std::string, std::string> reasons{
      {"canonicalize", "renames only"},
      {"frozen-concat-linear", "acts on CUDA weights only"},
      {"fuse-frozen-conv-add-relu", "only in a CUDA build"},
  };
  const auto found = reasons.find(row.name);
  return found == reasons.end() ? "" : found->second;
}

} // namespace tsir

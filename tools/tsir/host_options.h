// The flags for LibTorch's settings that a program makes itself.
#pragma once

#include "lib/run/host_settings.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

class HostOptions {
public:
  void add_to(CLI::App& app);
  // Throws Error(usage) on an executor that does not exist.
  HostSettings settings() const;

private:
  HostSettings settings_;
  std::string executor_ = "as-is";
};

} // namespace tsir::tool

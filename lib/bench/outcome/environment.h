// The machine and its state when a measurement began, which are needed to interpret the numbers later.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tsir {

struct CacheInfo {
  std::string type; // "Data", "Instruction", "Unified"
  int level = 0;
  uint64_t size = 0; // bytes
  int num_sharing = 0;
};

// Unknown fields are empty, 0 or negative. Filled by read_environment (machine/environment.h).
struct Environment {
  std::string date; // local time, ISO 8601 with offset
  std::string host_name;
  std::string kernel;
  std::string cpu_model;
  int num_cpus = 0; // number that this process may use
  double mhz_per_cpu = 0;
  std::string governor; // of frequency scaling
  std::vector<CacheInfo> caches;
  std::vector<double> load_average; // over 1, 5 and 15 minutes
  double cpu_quota = 0;             // processors that a control group allows; 0: no limit
  int address_randomization = -1;
  double clock_cost_ns = 0; // of reading the steady clock once
  std::string libtorch;     // version
  std::string capability;   // the vector instructions LibTorch uses: "AVX2"
  int threads = 0;
  int interop_threads = 0;
  uint64_t memory_available = 0; // bytes
};

} // namespace tsir

// Checks whether an NVIDIA GPU kept its clocks while it was timed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tsir {

// The current state of a GPU, as the driver's library NVML reports it.
struct GpuState {
  std::string name;
  unsigned clock_mhz = 0;     // of the multiprocessors
  unsigned max_clock_mhz = 0; // the maximum
  unsigned celsius = 0;
  uint64_t slowed_by = 0; // NVML's clocks-throttle reasons, one bit each
};

// The state of the machine's GPU with this number. NVML is loaded at the first call and stays loaded, so nothing is
// linked against it. Empty if there is no such library or GPU.
std::optional<GpuState> read_gpu(unsigned index, const char* library = "libnvidia-ml.so.1");

// "heat", "power cap", …: the reasons that slowed the GPU down; "" if there are none.
std::string slowdown_words(uint64_t slowed_by);

// Samples the state of a GPU during a measurement, and reports it at the end.
class GpuWatch {
public:
  // Without a number, no GPU is watched.
  explicit GpuWatch(std::optional<unsigned> index) : index_(index) {}
  // To be called between timed slots, because the driver takes some time.
  void sample();
  // Lines for a report: the clocks, and a warning if the GPU was slowed down.
  std::vector<std::string> notes() const;

private:
  std::optional<unsigned> index_;
  std::vector<GpuState> seen_;
};

std::vector<std::string> gpu_notes(const std::vector<GpuState>& seen);

} // namespace tsir

// Whether an NVIDIA GPU kept its clocks while it was timed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tsir {

// The current state of a GPU, from the driver's library NVML.
struct GpuState {
  std::string name;
  unsigned clock_mhz = 0;     // of the multiprocessors
  unsigned max_clock_mhz = 0; // that they may reach
  unsigned celsius = 0;
  uint64_t slowed_by = 0; // NVML's clocks-throttle reasons, a bit each
};

// Of the machine's GPU with this number. NVML is loaded when first asked for, and stays: there is nothing to link
// against. Nothing where there is no such library or GPU.
std::optional<GpuState> read_gpu(unsigned index, const char* library = "libnvidia-ml.so.1");

// "heat", "power cap", … for the reasons that mean that the GPU was slowed down; "" where there are none.
std::string slowdown_words(uint64_t slowed_by);

// Samples a GPU's clocks during a measurement, and reports what it has seen.
class GpuWatch {
public:
  // Without a number nothing is sampled.
  explicit GpuWatch(std::optional<unsigned> index) : index_(index) {}
  // To be called between timed slots: it takes the driver some time.
  void sample();
  // Lines for a report: what the clocks were, and a warning where the GPU was slowed down.
  std::vector<std::string> notes() const;

private:
  std::optional<unsigned> index_;
  std::vector<GpuState> seen_;
};

std::vector<std::string> gpu_notes(const std::vector<GpuState>& seen);

} // namespace tsir

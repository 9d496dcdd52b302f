// Whether an NVIDIA GPU kept its clocks while it was timed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tsir {

// What the driver's library, NVML, says about a GPU just now.
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

// "heat", "power cap", … of the reasons that mean that the GPU was not let run as fast as it could; "" where none.
std::string slowdown_words(uint64_t slowed_by);

// Looks at a GPU now and then, and tells in the end what it has seen.
class GpuWatch {
public:
  // Nothing is looked at where there is no number.
  explicit GpuWatch(std::optional<unsigned> index) : index_(index) {}
  // Between timed slots: it takes the driver a while.
  void sample();
  // Lines for a report: what the clocks were, and that times are not to be trusted where the GPU was slowed down.
  std::vector<std::string> notes() const;

private:
  std::optional<unsigned> index_;
  std::vector<GpuState> seen_;
};

std::vector<std::string> gpu_notes(const std::vector<GpuState>& seen);

} // namespace tsir

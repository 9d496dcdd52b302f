#include "lib/bench/machine/gpu_watch.h"

#include <algorithm>
#include <array>
#include <dlfcn.h>
#include <fmt/format.h>
#include <map>

namespace tsir {
namespace {

// The part of NVML's interface that is needed (docs.nvidia.com/deploy/nvml-api). Every function returns 0 on success.
using Device = void*;
constexpr int sm_clock = 1; // NVML_CLOCK_SM
constexpr int gpu_sensor = 0;
constexpr size_t name_size = 96;

struct Nvml {
  int (*init)() = nullptr;
  int (*handle_by_index)(unsigned, Device*) = nullptr;
  int (*name)(Device, char*, unsigned) = nullptr;
  int (*clock)(Device, int, unsigned*) = nullptr;
  int (*max_clock)(Device, int, unsigned*) = nullptr;
  int (*temperature)(Device, int, unsigned*) = nullptr;
  int (*reasons)(Device, unsigned long long*) = nullptr;
  bool usable = false;
};

Nvml load(const char* library) {
  Nvml nvml;
  void* handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return nvml;
  }
  const auto find = [&](auto& function, const char* symbol) {
    function = reinterpret_cast<std::decay_t<decltype(function)>>(::dlsym(handle, symbol));
    return function != nullptr;
  };
  nvml.usable = find(nvml.init, "nvmlInit_v2") && find(nvml.handle_by_index, "nvmlDeviceGetHandleByIndex_v2") &&
                find(nvml.name, "nvmlDeviceGetName") && find(nvml.clock, "nvmlDeviceGetClockInfo") &&
                find(nvml.max_clock, "nvmlDeviceGetMaxClockInfo") &&
                find(nvml.temperature, "nvmlDeviceGetTemperature") &&
                find(nvml.reasons, "nvmlDeviceGetCurrentClocksThrottleReasons") && nvml.init() == 0;
  return nvml;
}

constexpr uint64_t idle = 1;

struct Reason {
  uint64_t bit;
  const char* words;
};
// Idleness, application clocks (2) and display clocks (0x100) do not count as slowdowns.
constexpr std::array<Reason, 5> reasons = {{{0x4, "a power cap"},
                                            {0x8, "the hardware"},
                                            {0x20, "heat"},
                                            {0x40, "heat (the hardware)"},
                                            {0x80, "a power brake"}}};

} // namespace

std::optional<GpuState> read_gpu(unsigned index, const char* library) {
  static std::map<std::string, Nvml> loaded;
  auto found = loaded.find(library);
  if (found == loaded.end()) {
    found = loaded.emplace(library, load(library)).first;
  }
  const Nvml& nvml = found->second;
  Device handle = nullptr;
  if (!nvml.usable || nvml.handle_by_index(index, &handle) != 0) {
    return std::nullopt;
  }
  GpuState state;
  std::array<char, name_size> name{};
  unsigned long long slowed_by = 0;
  if (nvml.name(handle, name.data(), name_size) != 0 || nvml.clock(handle, sm_clock, &state.clock_mhz) != 0 ||
      nvml.max_clock(handle, sm_clock, &state.max_clock_mhz) != 0) {
    return std::nullopt;
  }
  nvml.temperature(handle, gpu_sensor, &state.celsius); // some GPUs have no sensor or do not report it
  nvml.reasons(handle, &slowed_by);
  state.name = name.data();
  state.slowed_by = slowed_by;
  return state;
}

std::string slowdown_words(uint64_t slowed_by) {
  std::string words;
  for (const Reason& reason : reasons) {
    if ((slowed_by & reason.bit) != 0) {
      words += (words.empty() ? "" : ", ") + std::string(reason.words);
    }
  }
  return words;
}

void GpuWatch::sample() {
  auto state = index_ ? read_gpu(*index_) : std::nullopt;
  if (state && (state->slowed_by & idle) == 0) { // the clocks of an idle GPU have no meaning
    seen_.push_back(std::move(*state));
  }
}

std::vector<std::string> GpuWatch::notes() const {
  return gpu_notes(seen_);
}

std::vector<std::string> gpu_notes(const std::vector<GpuState>& seen) {
  if (seen.empty()) {
    return {};
  }
  unsigned lowest = seen.front().clock_mhz;
  unsigned highest = lowest;
  unsigned hottest = 0;
  size_t slow = 0;
  uint64_t slowed_by = 0;
  for (const GpuState& state : seen) {
    lowest = std::min(lowest, state.clock_mhz);
    highest = std::max(highest, state.clock_mhz);
    hottest = std::max(hottest, state.celsius);
    slow += slowdown_words(state.slowed_by).empty() ? 0 : 1;
    slowed_by |= state.slowed_by;
  }
  std::vector<std::string> notes = {fmt::format("{}: clock {} to {} of {} MHz, up to {} °C", seen.front().name, lowest,
                                                highest, seen.front().max_clock_mhz, hottest)};
  if (slow > 0) {
    notes.push_back(fmt::format(
        "THROTTLED: the GPU was slowed down by {} in {} of {} samples, so its times depend on when they were taken",
        slowdown_words(slowed_by), slow, seen.size()));
  }
  return notes;
}

} // namespace tsir

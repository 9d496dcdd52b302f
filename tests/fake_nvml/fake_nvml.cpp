// The part of NVML that lib/bench/machine/gpu_watch.cpp uses, with two GPUs: GPU 0 is hot and throttled, GPU 1 is not.
#include <cstdint>
#include <cstring>

extern "C" {

int nvmlInit_v2() {
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  *device = reinterpret_cast<void*>(static_cast<uintptr_t>(index) + 1);
  return index < 2 ? 0 : 2; // NVML_ERROR_INVALID_ARGUMENT
}

int nvmlDeviceGetName(void* device, char* name, unsigned size) {
  std::strncpy(name, reinterpret_cast<uintptr_t>(device) == 1 ? "Hot GPU" : "Cool GPU", size);
  return 0;
}

int nvmlDeviceGetClockInfo(void* device, int type, unsigned* mhz) {
  *mhz = reinterpret_cast<uintptr_t>(device) == 1 ? 900 : 1900;
  return type == 1 ? 0 : 2;
}

int nvmlDeviceGetMaxClockInfo(void* /*device*/, int type, unsigned* mhz) {
  *mhz = 1980;
  return type == 1 ? 0 : 2;
}

int nvmlDeviceGetTemperature(void* device, int /*sensor*/, unsigned* celsius) {
  *celsius = reinterpret_cast<uintptr_t>(device) == 1 ? 91 : 40;
  return 0;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void* device, unsigned long long* reasons) {
  *reasons = reinterpret_cast<uintptr_t>(device) == 1 ? 0x24 : 0x2; // heat and a power cap; the applications' clocks
  return 0;
}

} // extern "C"

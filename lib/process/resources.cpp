#include "lib/process/resources.h"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace tsir {

size_t usable_cores() {
  cpu_set_t cores;
  return ::sched_getaffinity(0, sizeof cores, &cores) == 0 ? std::max<size_t>(CPU_COUNT(&cores), 1) : 1;
}

uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string key, unit; file >> key;) {
    uint64_t kib = 0;
    if (!(file >> kib)) {
      break;
    }
    if (key == "MemAvailable:") {
      return kib * 1024;
    }
    std::getline(file, unit);
  }
  return 0;
}

uint64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0;
  uint64_t resident = 0;
  return file >> all >> resident ? resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

size_t running_threads() {
  std::error_code failed;
  std::filesystem::directory_iterator threads("/proc/self/task", failed);
  return failed ? 0 : static_cast<size_t>(std::distance(begin(threads), end(threads)));
}

} // namespace tsir

#include "lib/bench/machine/environment.h"

#include "lib/bench/timing/clock.h"
#include "lib/compat/versions.h"
#include "lib/process/resources.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <ctime>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/utsname.h>
#include <unistd.h>

namespace tsir {
namespace {

// Returns the first line of a file, or "".
std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The value of `key` in a file of lines `key : value`.
std::string value_in(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(':');
    if (line.rfind(key, 0) == 0 && colon != std::string::npos) {
      const size_t begin = line.find_first_not_of(" \t", colon + 1);
      return begin == std::string::npos ? "" : line.substr(begin);
    }
  }
  return "";
}

template <class Number> Number number_or(const std::string& text, Number otherwise) {
  std::istringstream stream(text);
  Number number = otherwise;
  return stream >> number ? number : otherwise;
}

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string result = text;
  result.insert(result.size() - 2, ":"); // +0200 as +02:00
  return result;
}

int usable_cpus() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) == 0) {
    return CPU_COUNT(&cpus);
  }
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

uint64_t cache_size(const std::string& text) { // "32K"
  const uint64_t number = number_or<uint64_t>(text, 0);
  const char unit = text.empty() ? ' ' : text.back();
  return number * (unit == 'K' ? 1024U : unit == 'M' ? 1024U * 1024U : 1U);
}

int bits_in_hex(const std::string& text) { // "0000,00000003"
  int bits = 0;
  for (const char digit : text) {
    bits += std::isxdigit(static_cast<unsigned char>(digit)) != 0
                ? __builtin_popcount(static_cast<unsigned>(std::stoi(std::string(1, digit), nullptr, 16)))
                : 0;
  }
  return bits;
}

std::vector<CacheInfo> read_caches() {
  std::vector<CacheInfo> caches;
  for (int index = 0;; ++index) {
    const std::string folder = fmt::format("/sys/devices/system/cpu/cpu0/cache/index{}/", index);
    const std::string type = first_line(folder + "type");
    if (type.empty()) {
      return caches;
    }
    caches.push_back({type, number_or(first_line(folder + "level"), 0), cache_size(first_line(folder + "size")),
                      bits_in_hex(first_line(folder + "shared_cpu_map"))});
  }
}

std::vector<double> read_load() {
  std::vector<double> load(3);
  load.resize(static_cast<size_t>(std::max(0, getloadavg(load.data(), 3))));
  return load;
}

double read_quota() {
  std::istringstream line(first_line("/sys/fs/cgroup/cpu.max")); // "max 100000" or "150000 100000"
  double quota = 0;
  double period = 0;
  return line >> quota >> period && period > 0 ? quota / period : 0;
}

double measure_clock_cost() {
  SteadyClock clock;
  constexpr int reads = 1000;
  const int64_t start = clock.now();
  int64_t last = start;
  for (int i = 0; i < reads; ++i) {
    last = clock.now();
  }
  return static_cast<double>(last - start) / reads;
}

} // namespace

Environment read_environment() {
  Environment environment;
  environment.date = local_time();
  utsname system{};
  if (uname(&system) == 0) {
    environment.host_name = system.nodename;
    environment.kernel = fmt::format("{} {}", system.sysname, system.release);
  }
  environment.cpu_model = value_in("/proc/cpuinfo", "model name");
  environment.num_cpus = usable_cpus();
  environment.mhz_per_cpu = number_or(value_in("/proc/cpuinfo", "cpu MHz"), 0.0);
  environment.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  environment.caches = read_caches();
  environment.load_average = read_load();
  environment.cpu_quota = read_quota();
  environment.address_randomization = number_or(first_line("/proc/sys/kernel/randomize_va_space"), -1);
  environment.clock_cost_ns = measure_clock_cost();
  environment.libtorch = libtorch_version();
  environment.capability = at::get_cpu_capability();
  environment.threads = at::get_num_threads();
  environment.interop_threads = at::get_num_interop_threads();
  environment.memory_available = available_memory();
  return environment;
}

} // namespace tsir

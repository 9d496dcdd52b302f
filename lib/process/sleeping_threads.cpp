#include "lib/process/sleeping_threads.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>

namespace tsir {
namespace {

namespace fs = std::filesystem;

// The state stands after the name, which is in parentheses and may contain any character.
bool runs(const fs::path& task) {
  std::ifstream file(task / "stat");
  std::string line;
  std::getline(file, line);
  const size_t name_end = line.rfind(')');
  return name_end != std::string::npos && name_end + 2 < line.size() && line[name_end + 2] == 'R';
}

bool another_runs() {
  const std::string own = std::to_string(::gettid());
  std::error_code gone; // threads may end meanwhile
  for (const fs::directory_entry& task : fs::directory_iterator("/proc/self/task", gone)) {
    if (task.path().filename() != own && runs(task.path())) {
      return true;
    }
  }
  return false;
}

} // namespace

bool wait_until_others_sleep(std::chrono::nanoseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (another_runs()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return true;
}

} // namespace tsir

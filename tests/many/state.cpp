#include "tests/many/state.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tsir::many {
namespace {

bool passes(std::string_view name) {
  // LC_CTYPE: Python sets it for its children.
  constexpr std::array<std::string_view, 10> names = {"PWD",    "OLDPWD", "SHLVL", "_",       "LC_CTYPE",
                                                      "TMPDIR", "TMP",    "TEMP",  "TEMPDIR", "TSIR_MANY"};
  return name.starts_with("LIT_") || std::find(names.begin(), names.end(), name) != names.end();
}

nlohmann::json environment(bool passing) {
  nlohmann::json variables = nlohmann::json::object();
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const size_t equals = text.find('=');
    if (equals != text.npos && passes(text.substr(0, equals)) == passing) {
      variables[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
  }
  return variables;
}

nlohmann::json limits() {
  nlohmann::json all;
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    rlimit limit{};
    ::getrlimit(static_cast<__rlimit_resource>(resource), &limit);
    all.push_back({limit.rlim_cur, limit.rlim_max});
  }
  return all;
}

mode_t file_mask() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

nlohmann::json processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof(set), &set);
  nlohmann::json numbers = nlohmann::json::array();
  for (int number = 0; number < CPU_SETSIZE; ++number) {
    if (CPU_ISSET(number, &set)) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

} // namespace

nlohmann::json inherited_state() {
  return {{"environment", environment(false)},
          {"limits", limits()},
          {"mask of new files", file_mask()},
          {"priority", ::getpriority(PRIO_PROCESS, 0)},
          {"processors", processors()}};
}

nlohmann::json passing_environment() {
  return environment(true);
}

void set_environment(const nlohmann::json& variables) {
  for (const auto& [name, value] : variables.items()) {
    ::setenv(name.c_str(), value.get<std::string>().c_str(), 1);
  }
}

nlohmann::json ignored_signals() {
  nlohmann::json numbers = nlohmann::json::array();
  for (int number = 1; number < SIGRTMIN; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

void ignore_signals(const nlohmann::json& numbers) {
  for (const int number : ignored_signals()) {
    ::signal(number, SIG_DFL);
  }
  for (const int number : numbers) {
    ::signal(number, SIG_IGN);
  }
}

} // namespace tsir::many

#include "lib/bench/job/rivals.h"

#include "lib/base/setting.h"
#include "lib/bench/outcome/training.h"
#include "lib/process/phase.h"

#include <ATen/Parallel.h>

#include <filesystem>
#include <set>

namespace tsir {
namespace {

// Names are used in tables, in file formats with their own separators, and in regular expressions.
bool good_name(const std::string& name) {
  const auto good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && std::ranges::all_of(name, good);
}

// The protocol has one line for a path, so a path must not contain line ends.
std::string path_for_rivals(const std::string& file) {
  if (file == "-") {
    throw Error(ErrorKind::usage, spelled(Setting::rival) + " needs the model in a file, not on standard input");
  }
  std::string path = std::filesystem::absolute(file).string();
  if (path.find('\n') != std::string::npos) {
    throw Error(ErrorKind::usage, spelled(Setting::rival) + " cannot pass on a path that contains a line end");
  }
  return path;
}

void expect_greeting(const Rival& rival, const std::function<bool()>& stop) {
  const Phase phase(fmt::format("starting rival {}", rival.name));
  try {
    const RivalProcess process(rival, stop);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("rival {}: {}", rival.name, error.what()));
  }
}

} // namespace

void check_rivals(const std::vector<RivalCommand>& rivals) {
  const std::string setting = spelled(Setting::rival);
  std::set<std::string> names = {"baseline", "control"};
  for (const RivalCommand& rival : rivals) {
    const std::string written = rival.name + "=" + rival.command;
    if (!good_name(rival.name)) {
      throw Error(
          ErrorKind::usage,
          fmt::format("{} '{}': a name of letters, digits, '.', '_' or '-' must come before '='", setting, written));
    }
    if (rival.command.find_first_not_of(" \t\n") == std::string::npos) {
      throw Error(ErrorKind::usage, fmt::format("{} '{}': no command after '='", setting, written));
    }
    if (!names.insert(rival.name).second) {
      throw Error(ErrorKind::usage, fmt::format("{} {}: there is another rival of that name", setting, rival.name));
    }
  }
}

std::vector<Rival> start_rivals(const BenchJob& job, const JobHooks& hooks) {
  std::vector<Rival> rivals;
  if (job.rivals.empty()) {
    return rivals;
  }
  const auto shared = std::make_shared<RivalJob>();
  shared->model = path_for_rivals(job.workload.source.file);
  shared->threads = at::get_num_threads();
  shared->grad = job.workload.grad || job.training;
  shared->training = job.training ? protocol_text(*job.training) : "";
  shared->seed = job.workload.inputs.seed;
  shared->files = RivalFiles(std::filesystem::temp_directory_path().string());
  for (const RivalCommand& rival : job.rivals) {
    rivals.push_back({rival.name, rival.command, job.rival_limit, shared});
  }
  const std::shared_ptr<void> watched = hooks.watch ? hooks.watch() : nullptr;
  try {
    for (const Rival& rival : rivals) {
      expect_greeting(rival, hooks.stop);
    }
  } catch (const Error&) {
    if (hooks.stop && hooks.stop()) {
      throw Interrupted();
    }
    throw;
  }
  return rivals;
}

} // namespace tsir

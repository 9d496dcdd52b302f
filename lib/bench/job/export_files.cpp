#include "lib/bench/job/export_files.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/run_all.h"
#include "lib/bench/job/points.h"
#include "lib/bench/plot/plot.h"

namespace tsir {
namespace {

std::string file_content(const ExportFile& wanted, const std::vector<const BenchOutcome*>& benches) {
  return wanted.format ? export_text(*wanted.format, benches) : bench_plot(*benches.front(), plot_format(wanted.file));
}

void check_export(const ExportFile& wanted, bool points) {
  if (wanted.file == "-") {
    throw Error(ErrorKind::usage, fmt::format("{} needs a file; standard output is for the report", wanted.setting));
  }
  if (!wanted.format) {
    plot_format(wanted.file);
  }
  if (points && !(wanted.format && holds_points(*wanted.format))) {
    throw Error(ErrorKind::usage,
                fmt::format("{} shows one bench, not several points: leave out {}", wanted.setting, axes_text()));
  }
  check_writable(wanted.file);
}

} // namespace

void check_not_taken(const std::string& file, const std::string& use, const std::vector<TakenFile>& taken) {
  for (const TakenFile& other : taken) {
    if (path_identity(other.file) == path_identity(file)) {
      throw Error(ErrorKind::usage, fmt::format("{} and {}: one would overwrite the other", other.use, use));
    }
  }
}

void check_exports(const std::vector<ExportFile>& files, const std::vector<TakenFile>& taken, bool points) {
  std::vector<TakenFile> used = taken;
  for (const ExportFile& wanted : files) {
    check_export(wanted, points);
    const std::string use = fmt::format("{} {}", wanted.setting, wanted.file);
    check_not_taken(wanted.file, use, used);
    used.push_back({wanted.file, use});
  }
}

void write_exports(const std::vector<ExportFile>& files, const std::vector<const BenchOutcome*>& benches) {
  std::vector<std::function<void()>> steps; // measuring took long: if one file cannot be written, the others still are
  for (const ExportFile& wanted : files) {
    steps.emplace_back([&] { write_file(wanted.file, file_content(wanted, benches)); });
  }
  run_all(steps);
}

} // namespace tsir

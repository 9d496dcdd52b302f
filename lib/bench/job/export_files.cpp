#include "lib/bench/job/export_files.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/job/points.h"
#include "lib/bench/plot/plot.h"

#include <exception>
#include <map>

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

void check_exports(const std::vector<ExportFile>& files, const std::vector<TakenFile>& taken, bool points) {
  std::map<std::string, std::string> uses;
  for (const TakenFile& other : taken) {
    uses.emplace(path_identity(other.file), other.use);
  }
  for (const ExportFile& wanted : files) {
    check_export(wanted, points);
    const std::string use = fmt::format("{} {}", wanted.setting, wanted.file);
    const auto [other, first] = uses.emplace(path_identity(wanted.file), use);
    if (!first) {
      throw Error(ErrorKind::usage, fmt::format("{} and {}: one would overwrite the other", other->second, use));
    }
  }
}

void write_exports(const std::vector<ExportFile>& files, const std::vector<const BenchOutcome*>& benches) {
  std::exception_ptr failure; // measuring took long: if one file cannot be written, the others still are
  for (const ExportFile& wanted : files) {
    try {
      write_file(wanted.file, file_content(wanted, benches));
    } catch (const Error&) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace tsir

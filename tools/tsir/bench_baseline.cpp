#include "tools/tsir/bench_baseline.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/export/rows.h"

#include <cstdio>

namespace tsir::tool {
namespace {

constexpr const char* baselines_group = "Saved baselines";

} // namespace

void BaselineOptions::add_to(CLI::App& app) {
  app.add_option("--save-baseline", save, "Save this run's times to FILE, for a later --baseline")
      ->type_name("FILE")
      ->group(baselines_group);
  auto* baseline = app.add_option("--baseline", compare,
                                  "Compare with a saved run, variant by variant; --against is more reliable if the old "
                                  "model is still available")
                       ->type_name("FILE")
                       ->group(baselines_group);
  app.add_flag("--allow-other-conditions", other_conditions,
               "Compare even if the processor, threads, LibTorch, device, executor, method or inputs differ")
      ->needs(baseline)
      ->group(baselines_group);
}

void BaselineOptions::check(const std::vector<std::string>& taken) const {
  if (save.empty()) {
    return;
  }
  if (save == "-") {
    throw Error(ErrorKind::usage, "--save-baseline needs a file; standard output is for the report");
  }
  check_writable(save);
  for (const std::string& other : taken) {
    if (same_file(save, other)) {
      throw Error(ErrorKind::usage, fmt::format("--save-baseline {} would overwrite {}", save, other));
    }
  }
}

std::optional<SavedBaseline> BaselineOptions::read() const {
  return compare.empty() ? std::nullopt : std::optional(read_baseline(compare));
}

void BaselineOptions::write(const BenchOutcome& result) const {
  if (save.empty()) {
    return;
  }
  if (result.interrupted) {
    std::fprintf(stderr, "tsir: interrupted: %s is left unchanged\n", save.c_str());
    return;
  }
  write_file(save, dump_export(baseline_json(make_baseline(result), result)));
}

} // namespace tsir::tool

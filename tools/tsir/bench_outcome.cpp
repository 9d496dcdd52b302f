#include "tools/tsir/bench_outcome.h"

#include "lib/base/error.h"
#include "tools/tsir/bench_progress.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

// The line of a contrast that fails the run, or "".
std::string failing_line(const BenchResult& result, const Contrast& contrast, const BenchOptions& options) {
  const std::string& name = result.variants[contrast.variant].spec.name;
  const std::string& reference = result.variants[contrast.reference].spec.name;
  if (options.fail_on.empty() || contrast.reference != 0 || !contrast.decision) {
    return "";
  }
  if (contrast.outcome() == Outcome::slower) {
    return fmt::format("{} is slower than {}: {}", name, reference, describe(*contrast.decision));
  }
  return options.strict && contrast.outcome() == Outcome::inconclusive
             ? fmt::format("{} against {} is not decided: {}", name, reference, describe(*contrast.decision))
             : "";
}

} // namespace

void check_baseline(const BenchResult& result) {
  if (result.variants[0].state == VariantState::run_failed) {
    throw Error(ErrorKind::check, fmt::format("{}: {}", result.variants[0].spec.name, result.variants[0].detail));
  }
}

std::vector<std::string> failing_verdicts(const BenchResult& result, const BenchOptions& options) {
  std::vector<std::string> lines;
  if (!options.fail_on.empty() && result.machine_unfit()) {
    lines.emplace_back("the machine is not fit: the baseline differs from itself");
  }
  for (const Contrast& contrast : result.contrasts) {
    if (std::string line = failing_line(result, contrast, options); !line.empty()) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::vector<std::string> failed_variants(const BenchResult& result) {
  std::vector<std::string> lines;
  for (const CheckedVariant& variant : result.variants) {
    if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed ||
        variant.state == VariantState::wrong || variant.state == VariantState::refused) {
      lines.push_back(variant.spec.name + ": " + variant.detail);
    }
  }
  return lines;
}

int exit_code(const BenchResult& result, const BenchOptions& options, bool verdicts_fail) {
  const bool sweep = options.settings.each && options.passes.empty();
  int code = verdicts_fail ? static_cast<int>(ErrorKind::check) : 0;
  for (const CheckedVariant& variant : result.variants) {
    const bool untrainable = options.train.given && variant.state == VariantState::refused;
    if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed || untrainable) {
      code = sweep && !variant.spec.rival ? code : static_cast<int>(ErrorKind::pass);
    } else if (variant.state == VariantState::wrong) {
      code = std::max(code, static_cast<int>(ErrorKind::check));
    }
  }
  return result.interrupted ? 128 + StopSignal::received() : code;
}

int close_bench(const Closing& closing, const BenchOptions& options, const Session& session) {
  const bool json_only = options.json.takes_output();
  if (!json_only) {
    write_results(session, closing.text);
  }
  if (closing.code != 0 && (json_only || ::isatty(session.results_fd) == 0)) {
    for (const std::string& line : closing.why) {
      std::fprintf(stderr, "tsir: error: %s\n", line.c_str());
    }
  }
  if (options.json.given) {
    write_json(session, closing.json(), options.json.file);
  }
  return closing.code;
}

} // namespace tsir::tool

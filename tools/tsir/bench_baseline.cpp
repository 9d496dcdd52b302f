#include "tools/tsir/bench_baseline.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"

#include <cstdio>

namespace tsir::tool {
namespace {

constexpr const char* baselines_group = "Saved baselines";

bool same_path(const std::string& one, const std::string& other) {
  std::error_code failed;
  return one == other || std::filesystem::equivalent(one, other, failed);
}

} // namespace

void BaselineOptions::add_to(CLI::App& app) {
  app.add_option("--save-baseline", save, "Keep this run's times for a later --baseline")
      ->type_name("FILE")
      ->group(baselines_group);
  auto* baseline = app.add_option("--baseline", compare,
                                  "Compare with a saved run, variant by variant; --against is surer, where the old "
                                  "model is still there")
                       ->type_name("FILE")
                       ->group(baselines_group);
  app.add_flag("--allow-other-conditions", other_conditions,
               "Compare even where processor, threads, LibTorch, device, executor, method or inputs were others")
      ->needs(baseline)
      ->group(baselines_group);
}

void BaselineOptions::apply(BenchSettings& settings) const {
  constexpr size_t for_later = 16; // the verdicts of this run may need fewer, those across time do not know yet
  settings.least_rounds = any() ? for_later : settings.least_rounds;
}

BaselineFiles::BaselineFiles(const BaselineOptions& options, const std::string& model,
                             const std::vector<std::string>& taken)
    : options_(options) {
  if (!options.save.empty()) {
    if (options.save == "-") {
      throw Error(ErrorKind::usage, "--save-baseline needs a file; standard output is for the report");
    }
    check_writable(options.save);
    for (const std::string& other : taken) {
      if (!other.empty() && other != "-" && same_path(options.save, other)) {
        throw Error(ErrorKind::usage, fmt::format("--save-baseline {} would overwrite {}", options.save, other));
      }
    }
  }
  if (!options.compare.empty()) {
    saved_ = read_baseline(options.compare);
  }
  if (options.any()) {
    sha1_ = file_sha1(model);
  }
}

void BaselineFiles::check(const std::vector<VariantSpec>& specs) const {
  const auto saved = [&](const VariantSpec& spec) { return saved_variant(*saved_, spec).has_value(); };
  if (saved_ && std::ranges::none_of(specs, saved)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} has none of the variants of this run: it was saved with other --passes", saved_->path));
  }
}

void BaselineFiles::check(const BenchTarget& target, const Environment& environment, bool shaken) {
  if (!options_.any()) {
    return;
  }
  conditions_ = conditions_of(target, environment, shaken);
  different_ = saved_ ? different_conditions(*saved_, conditions_) : "";
  if (!different_.empty() && !options_.other_conditions) {
    throw Error(ErrorKind::usage, fmt::format("{} was measured under other conditions ({}): --allow-other-conditions "
                                              "compares all the same",
                                              options_.compare, different_));
  }
}

void BaselineFiles::compare(const BenchResult& result, BenchContext& context, bool fail_on_slower, bool strict,
                            std::vector<std::string>& failing) const {
  if (!saved_) {
    return;
  }
  const AcrossTimes compared = compare_across_time(*saved_, result, context.settings.rule);
  context.sections.push_back(saved_baseline_section(*saved_, compared, result, sha1_, different_));
  for (const AcrossTime& pair : compared.pairs) {
    const std::string& name = result.variants[pair.variant].spec.name;
    if (fail_on_slower && pair.decision.outcome == Outcome::slower) {
      failing.push_back(fmt::format("{} is slower than in {}: {}", name, saved_->path, describe(pair)));
    } else if (fail_on_slower && strict && pair.decision.outcome == Outcome::inconclusive) {
      failing.push_back(fmt::format("{} against {} is not decided: {}", name, saved_->path, describe(pair)));
    }
  }
}

void BaselineFiles::save(const BenchResult& result, const BenchContext& context) const {
  if (options_.save.empty()) {
    return;
  }
  if (result.interrupted) {
    std::fprintf(stderr, "tsir: interrupted: %s is left as it was\n", options_.save.c_str());
    return;
  }
  const SavedBaseline baseline = make_baseline(result, context, conditions_, sha1_);
  // Text from a hostile file may be no UTF-8.
  write_file(
      options_.save,
      baseline_json(baseline, result, context).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
          "\n");
}

} // namespace tsir::tool

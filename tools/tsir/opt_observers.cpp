#include "tools/tsir/opt_observers.h"

#include "lib/base/error.h"
#include "lib/pass/pipeline.h"
#include "lib/run/tolerance.h"

#include <cstdio>

namespace tsir::tool {
namespace {

void to_stderr(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

} // namespace

void OptionalValue::add_to(CLI::App& app, const std::string& name, const std::string& label, const std::string& help) {
  // A flag takes its value after '=' only, so that `--compare m.pt` keeps m.pt for FILE.
  auto* flag = app.add_flag(name + "{true}", help);
  flag->option_text(label);
  flag->each([this](const std::string& text) {
    given = true;
    value = text == "true" ? "" : text;
  });
}

void ObserverOptions::add_to(CLI::App& app) {
  print_before.add_to(app, "--print-before", "PASSES",
                      "Print the graph before every pass, or before those named: --print-before=cse,dce");
  print_after.add_to(app, "--print-after", "PASSES", "Print the graph after every pass, or after those named");
  app.add_flag("--print-after-all", print_after_all, "Print the graph after every pass");
  print_changed.add_to(app, "--print-changed", "diff",
                       "Print the graph after passes that changed it; =diff prints the difference");
  app.add_option("--dump-dir", dump_dir, "Write the graph at the start and after every pass into this folder")
      ->type_name("DIR");
  app.add_flag("--time-passes", time_passes, "Show how long each pass took");
  app.add_flag("--stats", stats, "Show the operators that each pass added and removed");
  app.add_flag("--verify-each,!--no-verify-each", verify_each, "Check the graph after every pass (on by default)");
  compare.add_to(app, "--compare", "RTOL,ATOL",
                 "Run the unit after every pass and compare its outputs with those of the start; "
                 "=RTOL,ATOL sets the tolerance");
  app.add_flag("-q,--quiet", quiet, "Leave out the passes' remarks");
}

OptObservers::OptObservers(const ObserverOptions& options, const Session& session, const Pipeline& pipeline,
                           PrintSettings print)
    : options_(options), session_(session), print_(print),
      tolerance_(parse_tolerances(options.compare.value.empty() ? std::vector<std::string>{}
                                                                : std::vector{options.compare.value},
                                  Setting::compare)) {
  before_ = filter(Setting::print_before, options.print_before, pipeline);
  after_ = filter(Setting::print_after, options.print_after, pipeline);
  after_.all = after_.all || options.print_after_all;
  const std::string& changed = options.print_changed.value;
  if (!changed.empty() && changed != "diff") {
    throw Error(ErrorKind::usage, fmt::format("--print-changed={}: only =diff is known", changed));
  }
}

PassFilter OptObservers::filter(Setting from, const OptionalValue& option, const Pipeline& pipeline) const {
  PassFilter chosen;
  chosen.all = option.given && option.value.empty();
  if (!option.value.empty()) {
    const Pipeline named = Pipeline::parse(option.value, session_.registry, from);
    for (const PassUse& use : named.uses()) {
      if (std::ranges::none_of(pipeline.uses(), [&](const PassUse& run) { return run.row == use.row; })) {
        throw Error(ErrorKind::usage, fmt::format("{}={}: {} is not in the pipeline '{}'", spelled(from), option.value,
                                                  use.row->name, pipeline.text()));
      }
      chosen.names.insert(use.row->name);
    }
  }
  return chosen;
}

std::vector<Observer*> OptObservers::make(const std::vector<c10::IValue>* inputs, bool grad, uint64_t seed) {
  // After a pass the list is called from its end: the record first, so that a failing check cannot lose it.
  if (options_.compare.given) {
    owned_.push_back(std::make_unique<CompareObserver>(*inputs, tolerance_, grad, seed, to_stderr));
  }
  if (options_.verify_each) {
    owned_.push_back(std::make_unique<VerifyObserver>());
  }
  if (!options_.dump_dir.empty()) {
    owned_.push_back(std::make_unique<DumpObserver>(options_.dump_dir, print_));
  }
  if (options_.print_changed.given) {
    owned_.push_back(std::make_unique<ChangeObserver>(options_.print_changed.value == "diff", session_.color_stderr,
                                                      print_, to_stderr));
  }
  if (before_.all || after_.all || !before_.names.empty() || !after_.names.empty()) {
    owned_.push_back(std::make_unique<PrintObserver>(before_, after_, print_, to_stderr));
  }
  if (!options_.quiet) {
    owned_.push_back(std::make_unique<NoteObserver>(to_stderr));
  }
  owned_.push_back(std::make_unique<ReportObserver>([this](const std::string& text) { reports_ += text; }));
  std::vector<Observer*> all;
  for (const auto& observer : owned_) {
    all.push_back(observer.get());
  }
  all.push_back(&record_);
  return all;
}

void OptObservers::print_tables() const {
  if (options_.time_passes) {
    to_stderr(time_table(records()));
  }
  if (options_.stats) {
    to_stderr(stats_table(records()));
  }
}

} // namespace tsir::tool

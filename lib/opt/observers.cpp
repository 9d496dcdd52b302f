#include "lib/opt/observers.h"

#include "lib/base/error.h"
#include "lib/pass/observers/compare.h"
#include "lib/pass/observers/dump_dir.h"
#include "lib/pass/observers/note.h"
#include "lib/pass/observers/report.h"
#include "lib/pass/observers/verify.h"

namespace tsir {
namespace {

bool is_empty(const PassFilter& filter) {
  return !filter.all && filter.names.empty();
}

} // namespace

PassFilter pass_filter(const std::string& names, const Pipeline& pipeline, const Registry& registry, Setting from) {
  const Pipeline listed = Pipeline::parse(names, registry, from);
  PassFilter chosen;
  for (const PassUse& use : listed.uses()) {
    if (std::ranges::none_of(pipeline.uses(), [&](const PassUse& run) { return run.row == use.row; })) {
      throw Error(ErrorKind::usage, fmt::format("{}={}: {} is not in the pipeline '{}'", spelled(from), names,
                                                use.row->name, pipeline.text()));
    }
    chosen.names.insert(use.row->name);
  }
  return chosen;
}

ObserverSet::ObserverSet(const ObserverSettings& settings, PrintSettings print, const RunSettings& run, uint64_t seed,
                         Sink text) {
  if (!text) {
    text = [](const std::string&) {};
  }
  if (settings.compare) {
    owned_.push_back(std::make_unique<CompareObserver>(*run.inputs, *settings.compare, run.grad, seed, text));
  }
  if (settings.verify_each) {
    owned_.push_back(std::make_unique<VerifyObserver>());
  }
  if (!settings.dump_folder.empty()) {
    owned_.push_back(std::make_unique<DumpObserver>(settings.dump_folder, print));
  }
  if (settings.changes != ShowChanges::no) {
    const bool diff = settings.changes == ShowChanges::diff;
    owned_.push_back(std::make_unique<ChangeObserver>(diff, settings.color, print, text));
  }
  if (!is_empty(settings.print_before) || !is_empty(settings.print_after)) {
    owned_.push_back(std::make_unique<PrintObserver>(settings.print_before, settings.print_after, print, text));
  }
  if (!settings.quiet) {
    owned_.push_back(std::make_unique<NoteObserver>(text));
  }
  owned_.push_back(std::make_unique<ReportObserver>([this](const std::string& report) { reports_ += report; }));
}

std::vector<Observer*> ObserverSet::observers() {
  std::vector<Observer*> all;
  for (const auto& observer : owned_) {
    all.push_back(observer.get());
  }
  all.push_back(&record_); // after a pass the last is called first: a check that fails cannot lose the record
  return all;
}

} // namespace tsir

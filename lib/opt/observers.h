// The observers that a run of passes can have, made from plain settings.
#pragma once

#include "lib/pass/observers/print.h"
#include "lib/pass/observers/record.h"
#include "lib/pass/observers/sink.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"

namespace tsir {

// How the graph after a pass that changed it is shown.
enum class ShowChanges { no, graph, diff };

struct ObserverSettings {
  PassFilter print_before; // print the graph before these passes
  PassFilter print_after;
  ShowChanges changes = ShowChanges::no;
  bool color = false; // in diffs
  std::optional<Tolerance> compare =
      {};                  // run the unit after every pass, and compare its outputs with those of the start
  bool verify_each = true; // check the graph after every pass
  bool quiet = false;      // leave out the notes of passes
  std::string dump_folder; // write the graph at the start and after every pass; "" for no files
};

// The passes that `names` lists ("cse,dce"). Throws Error(usage) on one that is not in `pipeline`; the error names the
// text by `from`, the setting that the user gave it with.
PassFilter pass_filter(const std::string& names, const Pipeline& pipeline, const Registry& registry, Setting from);

// The observers of one run, and what they collect.
class ObserverSet {
public:
  // `text` gets what the observers print; may be empty. With settings.compare, `run` must have inputs; `seed` is that
  // of the random generators. Throws Error(usage) if the dump folder cannot be created.
  ObserverSet(const ObserverSettings& settings, PrintSettings print, const RunSettings& run, uint64_t seed, Sink text);
  ObserverSet(const ObserverSet&) = delete;
  ObserverSet& operator=(const ObserverSet&) = delete;

  // For Pipeline::run. They belong to this object.
  std::vector<Observer*> observers();
  const std::vector<PassRecord>& records() const { return record_.records(); }
  // The reports of analyses, as comments of .ir text.
  const std::string& reports() const { return reports_; }

private:
  RecordObserver record_;
  std::string reports_;
  std::vector<std::unique_ptr<Observer>> owned_;
};

} // namespace tsir

// The flags of `tsir opt` that watch passes at work, and the observers they stand for.
#pragma once

#include "lib/pass/observers/compare.h"
#include "lib/pass/observers/dump_dir.h"
#include "lib/pass/observers/note.h"
#include "lib/pass/observers/print.h"
#include "lib/pass/observers/record.h"
#include "lib/pass/observers/report.h"
#include "lib/pass/observers/verify.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// --name[=LABEL]: a flag that may carry a value after '='.
struct OptionalValue {
  bool given = false;
  std::string value;
  void add_to(CLI::App& app, const std::string& name, const std::string& label, const std::string& help);
};

struct ObserverOptions {
  OptionalValue print_before;
  OptionalValue print_after;
  OptionalValue print_changed;
  OptionalValue compare;
  bool print_after_all = false;
  bool time_passes = false;
  bool stats = false;
  bool verify_each = true;
  bool quiet = false;
  std::string dump_dir;
  void add_to(CLI::App& app);
};

class OptObservers {
public:
  // Throws Error(usage) on values that make no sense, before any work is done.
  OptObservers(const ObserverOptions& options, const Session& session, const Pipeline& pipeline, PrintSettings print);
  // The observers asked for, owned here. `inputs` are those to compare outputs on.
  std::vector<Observer*> make(const std::vector<c10::IValue>* inputs, bool grad, uint64_t seed);
  const std::vector<PassRecord>& records() const { return record_.records(); }
  // What the analyses of the pipeline reported, as comments of .ir text.
  const std::string& reports() const { return reports_; }
  // --time-passes and --stats, on standard error.
  void print_tables() const;

private:
  PassFilter filter(Setting from, const OptionalValue& option, const Pipeline& pipeline) const;

  ObserverOptions options_;
  const Session& session_;
  PrintSettings print_;
  Tolerance tolerance_;
  PassFilter before_;
  PassFilter after_;
  RecordObserver record_;
  std::string reports_;
  std::vector<std::unique_ptr<Observer>> owned_;
};

} // namespace tsir::tool

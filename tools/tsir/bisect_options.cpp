#include "tools/tsir/bisect_options.h"

namespace tsir::tool {

void BisectOptions::add_to(CLI::App& app) {
  proof.model.add_to(app, "A .pt module or .ir graph");
  app.add_option("-p,--passes", passes, "Passes in order: the pipeline to look into")->type_name("PASSES");
  app.add_flag("--slower", slower,
               "Look for the pass after which it is slower than the start, by a bench of each state");
  app.add_option("--band", band_percent, "With --slower: what is as good as no difference, in %")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.01, 10000.0))
      ->capture_default_str();
  app.add_option("--bench-time", bench_seconds, "With --slower: how long the bench of a state may take")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  app.add_option("--test", test,
                 "A command for the shell that judges a state: {} is its file (.pt or .ir); exit code 0 is good, 125 "
                 "cannot be told, all else is bad")
      ->type_name("COMMAND");
  app.add_flag("--linear", linear, "Test every state in order: the first bad one, also where later passes hide it");
  app.add_option("--opt-limit", opt_limit,
                 "The source file of LibTorch that PYTORCH_JIT_OPT_LIMIT counts applications in; '' for none")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--reproducers", reproducers,
                 "Folder for what reproduces it: the unit before the pass, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  proof.add_to(app);
  proof.input.add_to(app);
  proof.execution.add_to(app);
  json.add_to(app);
}

} // namespace tsir::tool

#include "tools/tsir/bisect_options.h"

namespace tsir::tool {

void BisectOptions::add_to(CLI::App& app) {
  proof.model.add_to(app, "A .pt or .ff module, or .ir graph");
  app.add_option("-p,--passes", passes, "Pipeline to bisect: passes, in order")->type_name("PASSES");
  app.add_flag("--slower", slower,
               "Find the pass that makes the model slower than the start, with a bench of each state");
  app.add_option("--band", band_percent, "With --slower: equivalence band, in percent")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.01, 10000.0))
      ->capture_default_str();
  app.add_option("--bench-time", bench_seconds,
                 "With --slower: time for the bench of a state; extended while its verdict is open")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  app.add_option("--test", test,
                 "Shell command that judges a state; {} stands for its file (.pt or .ir). Exit code 0: good; 125: "
                 "cannot tell; any other: bad")
      ->type_name("COMMAND");
  app.add_flag("--linear", linear,
               "Test every state in order, to find the first bad one even if a later pass hides it");
  app.add_option("--opt-limit", opt_limit,
                 "Source file of LibTorch whose applications PYTORCH_JIT_OPT_LIMIT counts; '' for none")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--reproducers", reproducers,
                 "Folder for the reproducer: the unit before the pass, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  proof.add_to(app);
  proof.input.add_to(app);
  proof.execution.add_to(app);
  json.add_to(app);
}

} // namespace tsir::tool

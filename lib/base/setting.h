// What a user can set, as messages name it. The library knows no command line: where a message says what to set, it
// writes spelled(Setting::grad), and a front end says once how it spells each setting.
#pragma once

#include <span>
#include <string>

namespace tsir {

enum class Setting {
  // what is opened
  method,
  graph, // which of several in a text
  load_library,
  load_pass_plugin,
  fill_constants,
  time_limit, // for opening the file, or for one command of a test
  // how it runs
  input,
  inputs_file,
  seed,
  device,
  executor,
  threads,
  grad,
  runs,
  // passes
  passes,
  other_passes,
  start,
  print_before,
  print_after,
  pass_time_limit,
  // what is shown
  output, // the file that the result is written to
  json,
  no_inline,
  collapse,
  around,
  depth,
  // checks and reductions
  tolerance,
  compare,
  linear,
  message,
  check_prefix,
  verify_diagnostics,
  // timing
  max_time,
  rounds,
  band,
  force,
  cold,
  batch,
  batch_dim,
  clients,
  train,
  loss,
  learning_rate,
  steps,
  against,
  save_baseline,
  rival_timeout,
  allow_interpreted_nnc,
  input_set,
  ops,
  rival,
  baseline,
  other_conditions,
  // of dump, update-checks and dot
  show,
  define, // a substitution in tests
  fold_constants,
  fold_parameters,
};

// How the front end spells the setting: "--grad" in the tool. Without a front end a plain name: "grad", "inputs file".
// A value that belongs to it follows after a space: fmt::format("{} SECONDS allows more", spelled(…)).
std::string spelled(Setting setting);

struct Spelling {
  Setting setting;
  const char* text;
};

// Says how a front end spells settings; those that are not among `spellings` keep their plain names. The spellings
// belong to the whole process and never change afterwards: call this once at start-up, before anything else of the
// library and before there are other threads. The table is not copied, so it must live as long as the process. Throws
// std::logic_error at the second call.
void install_spellings(std::span<const Spelling> spellings);

} // namespace tsir

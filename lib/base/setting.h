// The settings that messages can name. The library does not know any command line: a message writes
// spelled(Setting::grad), and the front end states once how it spells each setting.
#pragma once

#include <span>
#include <string>

namespace tsir {

enum class Setting {
  // what is opened
  method,
  graph, // selects one of several graphs in a text
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
  each, // each pass on its own
  print_before,
  print_after,
  pass_time_limit,
  // what is shown
  output, // the file that the result is written to
  allow_different,
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
  extra,  // a file stored beside the module
  define, // a substitution in tests
  fold_constants,
  fold_parameters,
  most_boxes,
  full, // everything is drawn
  layout_limit,
  color_by,
};

// The front end's spelling of the setting: "--grad" in the tool. Without a front end, a plain name: "grad", "inputs
// file". Its value, if any, follows after a space: fmt::format("{} SECONDS allows more", spelled(…)).
std::string spelled(Setting setting);

struct Spelling {
  Setting setting;
  const char* text;
};

// Installs a front end's spellings; settings that are not among `spellings` keep their plain names. The spellings are
// global to the process and never change afterwards: call this once at start-up, before any other use of the library
// and before other threads start. The table is not copied, so it must live as long as the process. Throws
// std::logic_error on a second call.
void install_spellings(std::span<const Spelling> spellings);

} // namespace tsir

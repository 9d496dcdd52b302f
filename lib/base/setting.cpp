#include "lib/base/setting.h"

#include <algorithm>
#include <stdexcept>

namespace tsir {
namespace {

std::span<const Spelling> installed_spellings; // written once, at start-up

const char* plain_name(Setting setting) {
  switch (setting) {
  case Setting::method:
    return "method";
  case Setting::graph:
    return "graph";
  case Setting::load_library:
    return "library";
  case Setting::load_pass_plugin:
    return "pass plugin";
  case Setting::fill_constants:
    return "fill constants";
  case Setting::time_limit:
    return "time limit";
  case Setting::input:
    return "input";
  case Setting::inputs_file:
    return "inputs file";
  case Setting::seed:
    return "seed";
  case Setting::device:
    return "device";
  case Setting::executor:
    return "executor";
  case Setting::threads:
    return "threads";
  case Setting::grad:
    return "grad";
  case Setting::runs:
    return "runs";
  case Setting::passes:
    return "passes";
  case Setting::other_passes:
    return "other passes";
  case Setting::start:
    return "start";
  case Setting::each:
    return "each";
  case Setting::print_before:
    return "print before";
  case Setting::print_after:
    return "print after";
  case Setting::pass_time_limit:
    return "pass time limit";
  case Setting::allow_different:
    return "allow different";
  case Setting::output:
    return "output";
  case Setting::json:
    return "JSON";
  case Setting::no_inline:
    return "no inlining";
  case Setting::collapse:
    return "collapse";
  case Setting::around:
    return "around";
  case Setting::depth:
    return "depth";
  case Setting::tolerance:
    return "tolerance";
  case Setting::compare:
    return "compare";
  case Setting::linear:
    return "linear";
  case Setting::message:
    return "message";
  case Setting::check_prefix:
    return "prefix";
  case Setting::verify_diagnostics:
    return "expected diagnostics";
  case Setting::max_time:
    return "max time";
  case Setting::rounds:
    return "rounds";
  case Setting::band:
    return "band";
  case Setting::force:
    return "force";
  case Setting::cold:
    return "cold";
  case Setting::batch:
    return "batch";
  case Setting::batch_dim:
    return "batch dimension";
  case Setting::clients:
    return "clients";
  case Setting::train:
    return "train";
  case Setting::loss:
    return "loss";
  case Setting::learning_rate:
    return "learning rate";
  case Setting::steps:
    return "steps";
  case Setting::against:
    return "against";
  case Setting::save_baseline:
    return "save baseline";
  case Setting::rival_timeout:
    return "rival timeout";
  case Setting::allow_interpreted_nnc:
    return "allow interpreted NNC";
  case Setting::extra:
    return "extra";
  case Setting::show:
    return "sections to show";
  case Setting::define:
    return "substitution";
  case Setting::fold_constants:
    return "fold constants";
  case Setting::fold_parameters:
    return "fold parameters";
  case Setting::most_boxes:
    return "most boxes";
  case Setting::full:
    return "full";
  case Setting::layout_limit:
    return "layout limit";
  case Setting::color_by:
    return "colour by";
  case Setting::input_set:
    return "input set";
  case Setting::ops:
    return "operators";
  case Setting::rival:
    return "rival";
  case Setting::baseline:
    return "baseline";
  case Setting::other_conditions:
    return "other conditions";
  }
  return "?";
}

} // namespace

std::string spelled(Setting setting) {
  const auto found = std::ranges::find(installed_spellings, setting, &Spelling::setting);
  return found == installed_spellings.end() ? plain_name(setting) : found->text;
}

void install_spellings(std::span<const Spelling> spellings) {
  if (!installed_spellings.empty()) {
    throw std::logic_error("the spellings of settings can be installed only once");
  }
  installed_spellings = spellings;
}

} // namespace tsir

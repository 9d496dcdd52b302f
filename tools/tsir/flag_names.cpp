#include "tools/tsir/flag_names.h"

namespace tsir::tool {
namespace {

constexpr Spelling flags[] = {
    {Setting::method, "--method"},
    {Setting::graph, "--graph"},
    {Setting::load_library, "--load-library"},
    {Setting::load_pass_plugin, "--load-pass-plugin"},
    {Setting::fill_constants, "--fill-constants"},
    {Setting::time_limit, "--time-limit"},
    {Setting::input, "--input"},
    {Setting::inputs_file, "--inputs"},
    {Setting::seed, "--seed"},
    {Setting::device, "--device"},
    {Setting::executor, "--executor"},
    {Setting::threads, "--threads"},
    {Setting::grad, "--grad"},
    {Setting::runs, "-n"},
    {Setting::passes, "--passes"},
    {Setting::other_passes, "--other-passes"},
    {Setting::start, "--start"},
    {Setting::each, "--each"},
    {Setting::print_before, "--print-before"},
    {Setting::print_after, "--print-after"},
    {Setting::pass_time_limit, "--pass-time-limit"},
    {Setting::output, "-o"},
    {Setting::allow_different, "--allow-different"},
    {Setting::json, "--json"},
    {Setting::no_inline, "--no-inline"},
    {Setting::collapse, "--collapse"},
    {Setting::around, "--around"},
    {Setting::depth, "--depth"},
    {Setting::tolerance, "--tolerance"},
    {Setting::compare, "--compare"},
    {Setting::linear, "--linear"},
    {Setting::message, "--message"},
    {Setting::check_prefix, "--prefix"},
    {Setting::verify_diagnostics, "--verify-diagnostics"},
    {Setting::max_time, "--max-time"},
    {Setting::rounds, "--rounds"},
    {Setting::band, "--band"},
    {Setting::force, "--force"},
    {Setting::cold, "--cold"},
    {Setting::batch, "--batch"},
    {Setting::batch_dim, "--batch-dim"},
    {Setting::clients, "--clients"},
    {Setting::train, "--train"},
    {Setting::loss, "--loss"},
    {Setting::learning_rate, "--lr"},
    {Setting::steps, "--steps"},
    {Setting::against, "--against"},
    {Setting::save_baseline, "--save-baseline"},
    {Setting::rival_timeout, "--rival-timeout"},
    {Setting::allow_interpreted_nnc, "--allow-interpreted-nnc"},
    {Setting::show, "--show"},
    {Setting::extra, "--extra"},
    {Setting::define, "-D"},
    {Setting::fold_constants, "--fold-constants"},
    {Setting::fold_parameters, "--fold-parameters"},
    {Setting::most_boxes, "--max-boxes"},
    {Setting::full, "--full"},
    {Setting::layout_limit, "--layout-limit"},
    {Setting::color_by, "--color-by"},
    {Setting::input_set, "--input-set"},
    {Setting::ops, "--ops"},
    {Setting::rival, "--rival"},
    {Setting::baseline, "--baseline"},
    {Setting::other_conditions, "--allow-other-conditions"},
};

} // namespace

std::span<const Spelling> flag_names() {
  return flags;
}

} // namespace tsir::tool

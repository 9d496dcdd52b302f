#include "tools/tsir/bench_ops.h"

namespace tsir::tool {

void OpsOption::add_to(CLI::App& app, const std::string& group) {
  // A flag with a value takes it after '=' only, so that `--ops m.pt` keeps m.pt for FILE.
  auto* option = app.add_flag_function(
      "--ops{10}", [](int64_t) {},
      "Then profile: which operators the gain came from, the N that differ most; up to half of --max-time more");
  option->option_text("N")->check(CLI::Range(1, 100000))->group(group);
  option->each([this](const std::string& text) {
    given = true;
    rows = std::atoi(text.c_str()); // checked before
  });
}

} // namespace tsir::tool

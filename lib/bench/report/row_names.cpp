#include "lib/base/printable.h"
#include "lib/bench/report/report.h"

#include <filesystem>
#include <map>

namespace tsir {

std::vector<std::string> row_names(const BenchOutcome& result) {
  const std::string stem = std::filesystem::path(result.context.file).stem().string();
  std::vector<std::string> names;
  std::map<std::string, size_t> uses;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    std::string name = printable(
        fmt::format("{}/{}/{}", stem, result.context.method, i == 0 ? "baseline" : result.variants[i].label()));
    const size_t use = ++uses[name];
    names.push_back(use == 1 ? name : fmt::format("{}#{}", name, use));
  }
  return names;
}

} // namespace tsir

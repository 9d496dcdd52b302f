#include "tools/tsir/version.h"

#include "lib/compat/versions.h"
#include "lib/run/libtorch_build.h"

namespace tsir::tool {
namespace {

std::string version_text() {
  const LibTorchBuild build = libtorch_build();
  std::string text = version_line() + "\n";
  if (!build.version.empty() && build.version != libtorch_version()) {
    text += fmt::format("  runs on   LibTorch {}\n", build.version);
  }
  return text + fmt::format("  LibTorch  {}\n  found at  {}", build_text(build), build.file);
}

std::string version_json() {
  const nlohmann::ordered_json json = {{"schema", "tsir.version/1"},
                                       {"version", TSIR_VERSION},
                                       {"built_for", libtorch_version()},
                                       {"libtorch", build_json(libtorch_build())}};
  return json.dump(2);
}

} // namespace

std::string version_line() {
  return fmt::format("tsir {} (LibTorch {})", TSIR_VERSION, libtorch_version());
}

void add_version_flags(CLI::App& app) {
  CLI::Option* version = app.set_version_flag(
      "--version", [&app] { return app.get_option("--json")->count() > 0 ? version_json() : version_text(); },
      "Print tsir's version, and the version, build and place of LibTorch, and exit");
  const std::string help = "Print the version as JSON";
  app.add_flag("--json", help)->needs(version);
}

} // namespace tsir::tool

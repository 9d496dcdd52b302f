// tsir serve: a unit after its passes, timed by a `tsir bench` of another process.
#include "lib/serve/serve.h"
#include "lib/base/error.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/host_options.h"

#include <iostream>

namespace tsir::tool {
namespace {

struct ServeOptions {
  std::string passes;
  std::vector<std::string> libraries;
  double load_seconds = 60;
  HostOptions host;
};

int run_serve(const ServeOptions& options, const Session& session) {
  const ServeJob job{
      .source = {.file = "", .libraries = options.libraries, .open_limit = nanoseconds_of(options.load_seconds)},
      .passes = Pipeline::parse(options.passes, session.registry),
      .settings = options.host.settings()};
  serve(job, {.read = []() -> std::optional<std::string> {
                std::string line;
                return std::getline(std::cin, line) ? std::optional(line) : std::nullopt;
              },
              .write = [&](const std::string& line) { write_results(session, line + "\n"); }});
  return 0;
}

} // namespace

void add_serve(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "serve", "Serve a model after passes to the bench of another tsir",
      "Reads requests from standard input and answers on standard output, in the protocol of docs/rivals.md. The file, "
      "its method and its inputs come with the requests: tsir bench m.pt --rival other='/path/to/another/tsir serve -p "
      "freeze' compares two builds of tsir, or two versions of LibTorch, in the same blocks. The settings below apply "
      "to "
      "the whole process.");
  auto options = std::make_shared<ServeOptions>();
  sub->add_option("-p,--passes", options->passes, "Passes to run first: 'freeze,fuse'")->type_name("PASSES");
  options->host.add_to(*sub);
  sub->add_option("--load-library", options->libraries,
                  "Load a shared library of custom operators or classes first; repeatable")
      ->type_name("LIB.so")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--time-limit", options->load_seconds, "Stop if opening the file takes longer")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  set_command(*sub, command, options, run_serve);
}

} // namespace tsir::tool

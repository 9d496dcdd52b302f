// tsir help: the help of a subcommand, and the man pages.
#include "tools/tsir/help.h"

#include "lib/base/error.h"
#include "lib/base/nearest.h"
#include "lib/base/output_file.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/man_page.h"

namespace tsir::tool {
namespace {

struct HelpOptions {
  const CLI::App* app = nullptr;
  std::string subcommand;
  std::string man_pages; // a folder
};

std::vector<const CLI::App*> subcommands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string help_of(const CLI::App& app, const std::string& name) {
  if (name.empty()) { // app.help() would give that of the subcommand on the command line
    return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  }
  for (const CLI::App* sub : subcommands_of(app)) {
    if (sub->get_name() == name) {
      return sub->help(app.get_name());
    }
  }
  throw Error(ErrorKind::usage, unknown_subcommand(app, name));
}

void write_man_pages(const CLI::App& app, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const CLI::App& page) {
    write_file((folder / (man_page_name(app, page) + ".1")).string(), man_page(app, page, TSIR_VERSION));
  };
  write(app);
  for (const CLI::App* sub : subcommands_of(app)) {
    write(*sub);
  }
}

int run_help(const HelpOptions& options, const Session& session) {
  if (options.man_pages.empty()) {
    write_results(session, help_of(*options.app, options.subcommand));
  } else {
    write_man_pages(*options.app, options.man_pages);
  }
  return 0;
}

} // namespace

std::string unknown_subcommand(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const CLI::App* sub : subcommands_of(app)) {
    names.push_back(sub->get_name());
  }
  const std::string near = nearest_word(name, names);
  return near.empty() ? fmt::format("there is no subcommand '{}'; see `tsir --help`", name)
                      : fmt::format("there is no subcommand '{}': did you mean '{}'? See `tsir --help`", name, near);
}

void add_help(CLI::App& app, Command& command) {
  auto options = std::make_shared<HelpOptions>();
  options->app = &app;
  CLI::App* sub = add_subcommand(app, "help", "Show the help of tsir or of a subcommand",
                                 "`tsir help bench` prints the same as `tsir bench --help`.");
  CLI::Option* name = sub->add_option("SUBCOMMAND", options->subcommand, "The name of a subcommand");
  sub->add_option("--man-pages", options->man_pages, "Write the man pages of tsir and its subcommands to this folder")
      ->type_name("DIR")
      ->excludes(name);
  set_command(*sub, command, options, run_help);
}

} // namespace tsir::tool

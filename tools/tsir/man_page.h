// The man pages, made from the parser's own tables: what --help says, as roff.
#pragma once

#include <CLI/CLI.hpp>

namespace tsir::tool {

// "tsir" for tsir itself, "tsir-bench" for its subcommand.
std::string man_page_name(const CLI::App& app, const CLI::App& page);

// The page of `page`, which is `app` itself or one of its subcommands. `version`: "0.2.0".
std::string man_page(const CLI::App& app, const CLI::App& page, const std::string& version);

} // namespace tsir::tool

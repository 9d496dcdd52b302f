// The man pages: every subcommand has examples that parse, and what the pages are made of is in them.
#include "tools/tsir/app.h"
#include "tools/tsir/examples.h"
#include "tools/tsir/man_page.h"

#include <gtest/gtest.h>

namespace tsir::tool {
namespace {

// A parser and what it needs, for one command line.
struct PageParser {
  Registry registry;
  Session session{
      .registry = registry, .results_fd = 1, .color = false, .color_stderr = false, .plugins = {}, .given = {}};
  Command command;
  std::unique_ptr<CLI::App> app = make_app(session, command);
};

// The words of a shell's line without "tsir": blanks separate, single quotes hold together.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words = {""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return {words.begin() + 1, words.end()};
}

void expect_examples_parse(std::string_view name) {
  const auto examples = examples_of(name);
  EXPECT_FALSE(examples.empty()) << name;
  for (const Example& example : examples) {
    EXPECT_FALSE(example.purpose.ends_with('.')) << example.purpose;
    if (!example.line.starts_with("tsir ")) {
      EXPECT_EQ(example.line, "source <(tsir completions bash)"); // the only one that is not a tsir command
      continue;
    }
    std::vector<std::string> words = words_of(example.line);
    std::ranges::reverse(words); // as CLI11 takes them
    EXPECT_NO_THROW(PageParser().app->parse(std::move(words))) << example.line;
  }
}

TEST(ManPageTest, EverySubcommandHasExamplesThatParse) {
  const PageParser parser;
  expect_examples_parse("tsir");
  for (const CLI::App* sub : parser.app->get_subcommands([](const CLI::App*) { return true; })) {
    expect_examples_parse(sub->get_name());
  }
  EXPECT_TRUE(examples_of("nosuch").empty());
}

TEST(ManPageTest, TextCannotBeTakenForRoff) {
  CLI::App app("Do it. Not \\fBthis", "prog");
  app.add_option("-x,--some-flag", "A 'quoted' `word` and ~/file\n.TH is not a request; N,… is")->type_name("N,…");
  const std::string page = man_page(app, app, "1.2.3");
  EXPECT_TRUE(page.starts_with(".TH PROG 1 \"\" \"tsir 1.2.3\" \"tsir manual\"\n")) << page;
  EXPECT_NE(page.find("prog \\- do it. Not \\efBthis\n"), std::string::npos) << page;
  EXPECT_NE(page.find(".TP\n\\fB\\-x\\fR, \\fB\\-\\-some\\-flag\\fR\\fI N,...\\fR\n"
                      "A \\(aqquoted\\(aq \\(gaword\\(ga and \\(ti/file\n.br\n\\&.TH is not a request; N,... is\n"),
            std::string::npos)
      << page;
}

} // namespace
} // namespace tsir::tool

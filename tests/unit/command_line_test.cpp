// Every option of every subcommand can be written down as a command line that says the same.
#include "passes/all.h"
#include "tools/tsir/app.h"
#include "tools/tsir/given_invocation.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace tsir::tool {
namespace {

using Words = std::vector<std::string>;

// A parser of its own for each command line: CLI11's options remember what they were given.
class Parser {
public:
  Parser() : app_(make_app(session_, command_)) {}
  CLI::App& app() { return *app_; }
  const CLI::App& parse(Words words) {
    std::ranges::reverse(words); // CLI11 takes them so
    app_->parse(std::move(words));
    return *app_->get_subcommands().front();
  }

private:
  Registry registry_; // no pass is run
  Session session_{
      .registry = registry_, .results_fd = 1, .color = false, .color_stderr = false, .plugins = {}, .given = {}};
  Command command_;
  std::unique_ptr<CLI::App> app_;
};

// Values that some option takes: tried until one is accepted.
const Words& values() {
  static const Words all = {"two words",
                            "it's",
                            "1",
                            "2",
                            "40",
                            "0.5",
                            "cpu",
                            "as-is",
                            "freeze,cse{a=b}",
                            "x.ir",
                            "x.pt",
                            "zeros",
                            "ones",
                            "sgd",
                            "adam",
                            "cross-entropy",
                            "slower",
                            "TB",
                            "LR",
                            "-1",
                            "a=b",
                            "s=0",
                            "summary",
                            "graph",
                            "%NAME=TEXT",
                            "eager=python x.py",
                            "float32[2]=full(-2)",
                            "(1, \"a b\")",
                            "CHECK",
                            "diff",
                            "yaml",
                            "memory",
                            "NAME",
                            "3,1"};
  return all;
}

bool accepted(const Words& words) {
  static Parser parser; // whether words are accepted does not depend on those before
  try {
    parser.parse(words);
    return true;
  } catch (const CLI::ParseError&) {
    return false;
  }
}

std::string long_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
}

// `tsir SUB FILE`, with what it requires.
Words minimal(const std::string& subcommand) {
  Words words = subcommand == "serve" ? Words{subcommand} : Words{subcommand, "file.ir"};
  if (subcommand == "apply") {
    words = {subcommand, "recipe.json", "file.pt", "-o", "out.pt"}; // required
  }
  if (subcommand == "completions") {
    return {subcommand, "bash"};
  }
  if (subcommand == "help") { // the name of a subcommand excludes --man-pages
    return {subcommand};
  }
  if (subcommand == "reduce") {
    words.insert(words.end(), {"-o", "small.ir"}); // required
  }
  return words;
}

// Ways to give the option, each as words: with every value that it takes, or bare.
std::vector<Words> forms_of(const std::string& subcommand, const CLI::Option& option) {
  std::vector<Words> forms;
  const std::string name = long_name(option);
  const auto add = [&](const Words& form) {
    Words words = minimal(subcommand);
    words.insert(words.end(), form.begin(), form.end());
    if (accepted(words)) {
      forms.push_back(form);
    }
  };
  if (option.get_items_expected_max() == 0) {
    add({name});
    for (const std::string& value : values()) {
      add({name + "=" + value});
    }
    return forms;
  }
  for (const std::string& value : values()) {
    value.starts_with('-') ? add({name + "=" + value}) : add({name, value});
  }
  return forms;
}

bool is_help(const CLI::Option& option) {
  return option.check_lname("help") || option.check_lname("help-all") || option.check_lname("version");
}

struct SubcommandForms {
  std::string name;
  std::vector<std::vector<Words>> options; // the forms of each
};

std::vector<SubcommandForms> all_forms(Words& without_form) {
  std::vector<SubcommandForms> all;
  Parser parser;
  for (const CLI::App* sub : parser.app().get_subcommands([](const CLI::App*) { return true; })) {
    SubcommandForms forms{sub->get_name(), {}};
    for (const CLI::Option* option : sub->get_options()) {
      if (is_help(*option) || option->get_positional() || option->get_required()) {
        continue;
      }
      forms.options.push_back(forms_of(sub->get_name(), *option));
      if (forms.options.back().empty()) {
        without_form.push_back(sub->get_name() + " " + long_name(*option));
      }
    }
    all.push_back(std::move(forms));
  }
  return all;
}

void expect_same_again(const Words& words) {
  const Invocation given = given_invocation(Parser().parse(words));
  ASSERT_TRUE(accepted(given.words())) << given.line();
  EXPECT_EQ(given_invocation(Parser().parse(given.words())), given) << given.line();
}

TEST(CommandLine, EveryOptionOfEverySubcommandIsWrittenDownAgain) {
  Words without_form;
  const std::vector<SubcommandForms> all = all_forms(without_form);
  // These need another option beside them, and are tried with it below.
  const std::set<std::string> with_another = {"dot --depth",       "dot --before-after",
                                              "bench --strict",    "bench --batch-dim",
                                              "bench --optimizer", "bench --lr",
                                              "bench --loss",      "bench --allow-other-conditions",
                                              "bench --steps",     "bench --time-zero-grad"};
  for (const std::string& option : without_form) {
    EXPECT_TRUE(with_another.contains(option)) << option << " takes none of the test's values";
  }
  ASSERT_EQ(all.size(), 17U);
  std::mt19937_64 random(11);
  for (const SubcommandForms& sub : all) {
    for (const auto& forms : sub.options) {
      for (const Words& form : forms) {
        Words words = minimal(sub.name);
        words.insert(words.end(), form.begin(), form.end());
        expect_same_again(words);
      }
    }
    for (int i = 0; i < 30; ++i) { // several at once; some exclude each other
      Words words = minimal(sub.name);
      for (const auto& forms : sub.options) {
        if (!forms.empty() && random() % 3 == 0) {
          const Words& form = forms[random() % forms.size()];
          words.insert(words.end(), form.begin(), form.end());
        }
      }
      if (accepted(words)) {
        expect_same_again(words);
      }
    }
  }
}

TEST(CommandLine, OptionsThatNeedOthersAndFurtherWords) {
  for (const Words& words :
       std::vector<Words>{{"dot", "m.pt", "--around", "%x", "--depth", "2"},
                          {"dot", "m.pt", "-p", "freeze", "--before-after"},
                          {"opt", "m.ir", "-p", "cse", "-o", "-"},
                          {"bench", "m.pt", "--fail-on", "slower", "--strict"},
                          {"bench", "m.pt", "--baseline", "b.json", "--allow-other-conditions"},
                          {"bench", "m.pt", "--batch", "1,8", "--batch-dim", "mask=none"},
                          {"bench", "m.pt", "--train", "--optimizer", "adam", "--lr", "0.1", "--loss", "mse", "--steps",
                           "3", "--time-zero-grad"},
                          {"bench", "m.pt", "--threads", "1,2", "--rival", "a=b c", "--rival", "d=e"},
                          {"diff", "a.pt", "b.pt", "-q"},
                          {"update-checks", "a.ir", "b.ir", "c.ir", "--check"},
                          {"reduce", "a.ir", "-o", "b.ir", "--", "grep", "-q", "relu", "{}"}}) {
    ASSERT_TRUE(accepted(words)) << words[0];
    expect_same_again(words);
  }
}

// What decides a result is said by the workload's options, whichever subcommand met it.
TEST(CommandLine, OptionsOfAWorkloadAreThoseOfTheSubcommands) {
  Parser parser;
  for (const CLI::App* sub : parser.app().get_subcommands([](const CLI::App*) { return true; })) {
    const std::string name = sub->get_name();
    if (name == "update-checks" || name == "passes" || name == "dump" || name == "serve" || name == "apply" ||
        name == "completions" || name == "help") {
      continue; // they reproduce nothing
    }
    for (const WorkloadOption& option : workload_options()) {
      EXPECT_EQ(sub->get_option_no_throw(option.name) != nullptr, takes(name, option)) << name << " " << option.name;
    }
  }
}

} // namespace
} // namespace tsir::tool

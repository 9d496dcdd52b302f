// What is offered at each place of a command line.
#include "lib/completion/complete.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

CompletionTable small_table() {
  CompletionTable table;
  table.options = {{{"-h", "--help"}, "Print help", ValueKind::none, false, {}}};
  table.subcommands = {{"opt",
                        "Run passes",
                        {{{"-p", "--passes"}, "Passes in order", ValueKind::pipeline, false, {}},
                         {{"--method"}, "The method", ValueKind::method, false, {}},
                         {{"--input"}, "An input", ValueKind::input, false, {}},
                         {{"--json"}, "Write JSON", ValueKind::file, true, {}},
                         {{"--dump-dir"}, "A folder", ValueKind::folder, false, {}},
                         {{"--executor"}, "How to run", ValueKind::choice, false, {{"as-is", ""}, {"simple", ""}}},
                         {{"--grad"}, "Autograd", ValueKind::none, false, {}}},
                        {{{}, "A model", ValueKind::file, false, {}}}},
                       {"passes", "List passes", {}, {{{}, "A pass", ValueKind::pass, false, {}}}},
                       {"dump", "Show a model", {}, {{{}, "A model", ValueKind::file, false, {}}}}};
  table.passes = {{"freeze",
                   "Makes constants",
                   {{{"eval"}, "eval mode", ValueKind::text, false, {{"true", ""}, {"false", ""}}},
                    {{"keep"}, "what to keep", ValueKind::text, false, {}}}},
                  {"fold-batch-norm", "Folds batch norms", {}},
                  {"fuse", "Fuses", {}}};
  table.inputs = {{"float32[", "a tensor"}, {"float64[", "a tensor"}, {"int64[", "a tensor"}};
  table.fills = {{"zeros", ""}, {"randint(", ""}};
  return table;
}

Completions completed(const std::vector<std::string>& words) {
  return complete(small_table(), words, [](const std::string& file) {
    return file == "m.pt" ? std::vector<std::string>{"forward", "encode"} : std::vector<std::string>{};
  });
}

std::vector<std::string> offered(const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (const DescribedWord& word : completed(words).words) {
    found.push_back(word.word);
  }
  return found;
}

using Offers = std::vector<std::string>;

TEST(Completion, Subcommands) {
  EXPECT_EQ(offered({""}), (Offers{"opt", "passes", "dump"}));
  EXPECT_EQ(offered({"o"}), (Offers{"opt"}));
  EXPECT_EQ(offered({"-"}), (Offers{"-h", "--help"}));
  EXPECT_EQ(offered({"-h", "d"}), (Offers{"dump"}));
  EXPECT_EQ(offered({"nothing", "-"}), Offers());
}

TEST(Completion, OptionsOfTheSubcommand) {
  EXPECT_EQ(offered({"opt", "m.pt", "--m"}), (Offers{"--method"}));
  EXPECT_EQ(offered({"opt", "-"}).size(), 8U);
  EXPECT_EQ(completed({"opt", "--m"}).words.front().help, "The method");
}

TEST(Completion, FilesAndFolders) {
  EXPECT_EQ(completed({"opt", ""}).files, Completions::Files::files);
  EXPECT_EQ(completed({"opt", "--grad", "m"}).files, Completions::Files::files);
  EXPECT_EQ(completed({"opt", "m.pt", "--json=x"}).files, Completions::Files::files);
  EXPECT_EQ(completed({"opt", "m.pt", "--json", ""}).files, Completions::Files::files); // the value is optional
  EXPECT_EQ(completed({"opt", "--dump-dir", ""}).files, Completions::Files::folders);
}

TEST(Completion, ValuesOfOptions) {
  EXPECT_EQ(offered({"opt", "m.pt", "--executor", ""}), (Offers{"as-is", "simple"}));
  EXPECT_EQ(offered({"opt", "m.pt", "--executor=s"}), (Offers{"--executor=simple"}));
  EXPECT_EQ(offered({"opt", "m.pt", "--nothing=s"}), Offers());
}

TEST(Completion, MethodsOfTheFileOnTheLine) {
  EXPECT_EQ(offered({"opt", "m.pt", "--method", "e"}), (Offers{"encode"}));
  EXPECT_EQ(offered({"opt", "--method", "e"}), Offers());
  EXPECT_EQ(offered({"opt", "-p", "m.pt", "--method", ""}), Offers()) << "m.pt is a pipeline there";
}

TEST(Completion, Pipelines) {
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "f"}), (Offers{"freeze", "fold-batch-norm", "fuse"}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "freeze,fo"}), (Offers{"freeze,fold-batch-norm"}));
  EXPECT_EQ(offered({"opt", "m.pt", "--passes=freeze,fo"}), (Offers{"--passes=freeze,fold-batch-norm"}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "freeze{"}), (Offers{"freeze{eval=", "freeze{keep="}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "freeze{keep=a,b;c ev"}), (Offers{"freeze{keep=a,b;c eval="}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "freeze{eval=t"}), (Offers{"freeze{eval=true"}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "freeze{eval=true},fu"}), (Offers{"freeze{eval=true},fuse"}));
  EXPECT_EQ(offered({"opt", "m.pt", "-p", "nothing{"}), Offers());
  EXPECT_TRUE(completed({"opt", "m.pt", "-p", "f"}).unfinished);
  EXPECT_FALSE(completed({"passes", "f"}).unfinished);
  EXPECT_EQ(offered({"passes", "fu"}), (Offers{"fuse"}));
}

TEST(Completion, Inputs) {
  EXPECT_EQ(offered({"opt", "m.pt", "--input", "fl"}), (Offers{"float32[", "float64["}));
  EXPECT_EQ(offered({"opt", "m.pt", "--input", "int64[2]=r"}), (Offers{"int64[2]=randint("}));
}

TEST(Completion, TheTableIsReadBack) {
  const nlohmann::json json = to_json(small_table());
  EXPECT_EQ(to_json(completion_table(json)), json);
}

} // namespace
} // namespace tsir

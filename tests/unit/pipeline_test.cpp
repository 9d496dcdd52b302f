#include "lib/base/error.h"
#include "lib/pass/pipeline.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

PassRow row(const std::string& name, std::vector<std::string> aliases, std::vector<OptionSpec> options = {}) {
  PassRow made;
  made.name = name;
  made.aliases = std::move(aliases);
  made.function = "f";
  made.header = "h";
  made.options = std::move(options);
  made.summary = "s";
  made.description = "d";
  made.run = [](Unit&, const PassContext&) { return ""; };
  return made;
}

Registry test_registry() {
  Registry registry;
  registry.add(row("first-pass", {"first"}));
  registry.add(row("second-pass", {},
                   {{"size", int64_t{2}, "", {}},
                    {"names", std::vector<std::string>{}, "", {}},
                    {"mode", std::string("a"), "", {"a", "b"}},
                    {"on", false, "", {}}}));
  registry.add(Preset{"both", "first,second-pass{size=3}", "", ""});
  registry.add(Preset{"loop", "loop", "", ""});
  registry.add(Preset{"broken", "first,nosuch", "", ""});
  return registry;
}

std::string error_of(const std::string& text) {
  const Registry registry = test_registry();
  try {
    Pipeline::parse(text, registry);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "no error";
}

TEST(PipelineParser, ReadsNamesAliasesOptionsAndPresets) {
  const Registry registry = test_registry();
  EXPECT_EQ(Pipeline::parse(" first , second-pass{ size=7 names=a;b on=true }", registry).text(),
            "first-pass,second-pass{size=7 names=a;b on=true}");
  EXPECT_EQ(Pipeline::parse("both,first", registry).text(), "first-pass,second-pass{size=3},first-pass");
  EXPECT_EQ(Pipeline::parse("both,first", registry).text(1), "first-pass");
  EXPECT_TRUE(Pipeline::parse("  ", registry).empty());
}

TEST(PipelineParser, TextReproducesItself) {
  const Registry registry = test_registry();
  const std::string text = "second-pass{size=3 names=x;y mode=b on=true},first-pass";
  EXPECT_EQ(Pipeline::parse(text, registry).text(), text);
  EXPECT_EQ(Pipeline::parse("second-pass{size=2}", registry).text(), "second-pass"); // a default is not written
}

TEST(PipelineParser, ErrorsNameTheColumnAndTheCure) {
  EXPECT_NE(error_of("first,frist").find("column 7: there is no pass 'frist': did you mean 'first'?"),
            std::string::npos);
  EXPECT_NE(error_of("second-pass{sise=1}").find("has no option 'sise'; its options are: size=2"), std::string::npos);
  EXPECT_NE(error_of("second-pass{size=big}").find("takes a value of type int (default 2), not 'big'"),
            std::string::npos);
  EXPECT_NE(error_of("second-pass{mode=c}").find("choose from: a, b"), std::string::npos);
  EXPECT_NE(error_of("second-pass{size=1").find("an option or '}' is missing"), std::string::npos);
  EXPECT_NE(error_of("first second-pass").find("expected ','"), std::string::npos);
  EXPECT_NE(error_of("first,").find("the name of a pass is missing"), std::string::npos);
  EXPECT_NE(error_of("loop").find("preset 'loop' contains itself"), std::string::npos);
}

TEST(PipelineParser, ErrorsSayWhereTheTextCameFrom) {
  const Registry registry = test_registry();
  const auto start_of_error = [&](auto from) {
    try {
      Pipeline::parse("nosuch", registry, from);
    } catch (const Error& error) {
      const std::string line = error.what();
      return line.substr(0, line.find(", "));
    }
    return std::string("no error");
  };
  EXPECT_EQ(start_of_error(Setting::passes), "passes 'nosuch'");
  EXPECT_EQ(start_of_error(Setting::print_before), "print before 'nosuch'");
  EXPECT_EQ(start_of_error(std::string("the example of cse")), "the example of cse 'nosuch'");
}

// What is wrong with a preset is not what the user gave.
TEST(PipelineParser, ErrorsInAPresetNameThePreset) {
  EXPECT_TRUE(error_of("broken").starts_with("preset broken 'first,nosuch', column 7: there is no pass 'nosuch'"));
  EXPECT_TRUE(error_of("loop").starts_with("preset loop 'loop', column 1: preset 'loop' contains itself"));
}

} // namespace
} // namespace tsir

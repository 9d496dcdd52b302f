// The table of LibTorch's messages, and that no other file matches LibTorch's words.
#include "lib/compat/messages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace tsir {
namespace {

TEST(Messages, StandInTheTableOnceInTheOrderOfTheEnum) {
  std::set<std::string_view> texts;
  size_t index = 0;
  for (const KnownMessage& message : known_messages()) {
    EXPECT_EQ(static_cast<size_t>(message.id), index++) << message.text;
    EXPECT_EQ(text_of(message.id), message.text);
    EXPECT_TRUE(texts.insert(message.text).second) << "twice: " << message.text;
    EXPECT_FALSE(message.text.empty());
    EXPECT_FALSE(message.meaning.empty()) << message.text;
    EXPECT_TRUE(std::regex_match(std::string(message.libtorch), std::regex("[1-9]\\.[0-9]+"))) << message.text;
  }
}

TEST(Messages, AreFoundInTheTextOfAnException) {
  EXPECT_TRUE(says("element 0 of tensors does not require grad and …", Message::no_gradient_needed));
  EXPECT_FALSE(says("element 0 of tensors requires grad", Message::no_gradient_needed));
}

std::string without_comments(const std::string& line) {
  const auto comment = line.find("// ");
  return comment == std::string::npos ? line : line.substr(0, comment);
}

struct Source {
  std::string file;
  size_t number;
  std::string line;
};

// All lines of the library and of the passes, without comments, but for the table's.
std::vector<Source> sources() {
  std::vector<Source> found;
  for (const std::string folder : {"lib", "passes"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(TSIR_SOURCE_DIR) / folder)) {
      const std::string name = entry.path().filename().string();
      if ((entry.path().extension() != ".cpp" && entry.path().extension() != ".h") || name == "messages.cpp") {
        continue;
      }
      std::ifstream file(entry.path());
      size_t number = 0;
      for (std::string line; std::getline(file, line);) {
        found.push_back({name, ++number, without_comments(line)});
      }
    }
  }
  return found;
}

// Whether the line holds the message as whole words. Texts that could stand in any other string ("~") are left out.
bool holds(const std::string& line, const KnownMessage& message) {
  const size_t at = line.find(message.text);
  const bool telling = message.text.size() >= 10 && message.text.find(' ') != std::string_view::npos;
  if (!telling || at == std::string::npos) {
    return false;
  }
  const size_t end = at + message.text.size();
  return end == line.size() || std::isalpha(static_cast<unsigned char>(line[end])) == 0;
}

TEST(Messages, StandInNoOtherFile) {
  const std::vector<Source> lines = sources();
  ASSERT_GT(lines.size(), 10000U);
  EXPECT_TRUE(holds("if (text.find(\"does not require grad\") != npos) {",
                    {Message::no_gradient_needed, "does not require grad", "", ""}));
  EXPECT_FALSE(holds("It does not require gradients.", {Message::no_gradient_needed, "does not require grad", "", ""}));
  for (const Source& source : lines) {
    for (const KnownMessage& message : known_messages()) {
      EXPECT_FALSE(holds(source.line, message)) << source.file << ":" << source.number << ": " << source.line;
    }
  }
}

// A text of LibTorch's own that is looked for in an exception is named by Message, and stands in the table.
TEST(Messages, AreTheOnlyWayToLookIntoAnException) {
  const std::regex into_what(R"(what\(\).*\b(find|rfind|starts_with|ends_with|contains)\(\s*["'R{])");
  EXPECT_TRUE(std::regex_search(std::string(R"(if (std::string_view(error.what()).find("grad") != npos))"), into_what));
  for (const Source& source : sources()) {
    const bool names_one = source.line.find("what()") != std::string::npos; // the expression takes its time
    EXPECT_FALSE(names_one && std::regex_search(source.line, into_what))
        << source.file << ":" << source.number << ": " << source.line;
  }
}

} // namespace
} // namespace tsir

#include "lib/archive/archive.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

std::shared_ptr<Archive> tiny() {
  return Archive::open(Bytes::open(TSIR_MODELS_DIR "/tiny.pt"));
}

TEST(Archive, ListsEntriesWithoutTheTopFolder) {
  const auto archive = tiny();
  ASSERT_NE(archive->find("data.pkl"), nullptr);
  ASSERT_NE(archive->find("code/__torch__.py"), nullptr);
  EXPECT_TRUE(archive->find("code/__torch__.py")->compressed);
  EXPECT_FALSE(archive->find("data/0")->compressed);
  EXPECT_EQ(archive->find("tiny/data.pkl"), nullptr);
}

TEST(Archive, FindsStoredEntriesWhereTheyLie) {
  const auto archive = tiny();
  const auto place = archive->in_place("data/0");
  ASSERT_TRUE(place.has_value());
  const std::string copy = archive->read("data/0");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(place->data()), place->size()), copy);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(place->data()) % 64, 0u);
  EXPECT_FALSE(archive->in_place("code/__torch__.py").has_value());
}

TEST(Archive, ReadsNoMoreThanItIsGiven) {
  const auto archive = tiny();
  EXPECT_THROW(archive->read("code/__torch__.py", 10), Error);
  EXPECT_THROW(archive->read("nowhere"), Error);
  EXPECT_NE(archive->read("code/__torch__.py").find("class Tiny(Module):"), std::string::npos);
}

TEST(Bytes, SaysWhyAFileCannotBeRead) {
  const auto message = [](const std::string& path) {
    try {
      Bytes::open(path);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("/nowhere/m.pt"), "/nowhere/m.pt: no such file");
  EXPECT_NE(message("/").find("is a folder"), std::string::npos);
  EXPECT_EQ(message("/dev/null"), "/dev/null is a device, not a file: give a file, or - to read standard input");
}

} // namespace
} // namespace tsir

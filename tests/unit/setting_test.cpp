// How messages spell what a user can set: plain names, unless a front end installs its own.
#include "lib/base/setting.h"

#include "lib/process/worker.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tsir {
namespace {

TEST(SettingTest, HasAPlainNameWithoutAFrontEnd) {
  EXPECT_EQ(spelled(Setting::grad), "grad");
  EXPECT_EQ(spelled(Setting::inputs_file), "inputs file");
  EXPECT_EQ(spelled(Setting::passes), "passes");
}

// In a process of its own: spellings stay for as long as their process lives.
TEST(SettingTest, IsSpelledAsTheFrontEndSaysFromThenOn) {
  static constexpr Spelling spellings[] = {{Setting::grad, "--grad"}, {Setting::output, "-o"}};
  const auto installed = [] {
    install_spellings(spellings);
    return spelled(Setting::grad) == "--grad" && spelled(Setting::output) == "-o" && spelled(Setting::seed) == "seed";
  };
  EXPECT_TRUE(value_or_throw(in_worker<bool>({}, installed)));

  const auto refuses_another = [] {
    install_spellings(spellings);
    try {
      install_spellings(spellings);
    } catch (const std::logic_error&) {
      return true;
    }
    return false;
  };
  EXPECT_TRUE(value_or_throw(in_worker<bool>({}, refuses_another)));
}

} // namespace
} // namespace tsir

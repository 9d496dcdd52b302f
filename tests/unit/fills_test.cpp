// The table of fills: every row works as it says, and errors and documentation list all rows.
#include "lib/base/error.h"
#include "lib/input/fill.h"
#include "lib/ir/dtype_names.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tsir {
namespace {

at::Tensor made(const std::string& text) {
  at::Generator generator = make_generator(0, 0);
  return make_tensor(std::get<TensorText>(parse_input_value(text).value), generator);
}

std::string refusal(const std::string& text) {
  try {
    made(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

// The fill as it is written with numbers that every dtype can hold.
std::string with_small_numbers(const Fill& fill) {
  if (fill.is_values()) {
    return "[0,1,1]";
  }
  return fmt::format("{}{}", fill.name, fill.arguments == 0 ? "" : fill.arguments == 1 ? "(1)" : "(0,1)");
}

bool has_fractions(at::ScalarType type) {
  return c10::isFloatingType(type) || c10::isComplexType(type);
}

TEST(Fills, ExamplesAreReadAsTheirRow) {
  for (const Fill& fill : fills()) {
    const InputValue value = parse_input_value(fill.example);
    EXPECT_EQ(std::get<TensorText>(value.value).fill, &fill) << fill.example;
    EXPECT_GT(made(std::string(fill.example)).numel(), 0) << fill.example;
  }
}

TEST(Fills, EveryRowMakesTheDtypesThatItNamesAndNoOthers) {
  for (const Fill& fill : fills()) {
    for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kLong, at::kInt,
                                      at::kShort, at::kChar, at::kByte, at::kBool, at::kComplexFloat,
                                      at::kComplexDouble, at::kUInt16, at::kUInt32, at::kUInt64, at::kFloat8_e4m3fn}) {
      const bool suits = fill.dtypes == FillDtypes::any ||
                         (fill.dtypes == FillDtypes::real ? !c10::isComplexType(type) : has_fractions(type));
      // Two elements: bool holds arange of no more.
      const std::string text =
          fmt::format("{}[{}]={}", dtype_name(type), fill.is_values() ? 3 : 2, with_small_numbers(fill));
      EXPECT_EQ(refusal(text).empty(), suits) << text << ": " << refusal(text);
    }
  }
}

TEST(Fills, AnErrorListsAllForms) {
  const std::string all = "randn, rand, zeros, ones, full(v), arange, randint(hi), randint(lo,hi) or [v,…]";
  EXPECT_EQ(fill_forms(), all);
  EXPECT_EQ(refusal("float32[1]=random"),
            "cannot read input `float32[1]=random`: unknown fill \"random\" (known: " + all + ") at column 12");
  EXPECT_EQ(refusal("float32[1]="), "cannot read input `float32[1]=`: expected a fill (" + all + ") at column 12");
}

TEST(Fills, AWrongNumberOfArgumentsIsToldWithAllFormsOfTheName) {
  EXPECT_EQ(refusal("int64[2]=randint"),
            "cannot read input `int64[2]=randint`: the fill must be written as randint(hi) or "
            "randint(lo,hi) at column 10");
  EXPECT_EQ(refusal("float32[2]=zeros(1)"),
            "cannot read input `float32[2]=zeros(1)`: the fill must be written as zeros at column 12");
}

std::string cell(std::string_view text) {
  return fmt::format("| {} ", text);
}

std::string documentation() {
  std::string table = "| fill | values | dtypes | example |\n|---|---|---|---|\n";
  for (const Fill& fill : fills()) {
    table += cell(fmt::format("`{}`", fill.form)) + cell(fill.meaning) + cell(to_string(fill.dtypes)) +
             cell(fmt::format("`{}`", fill.example)) + "|\n";
  }
  return table;
}

TEST(Fills, TheDocumentationHasTheTable) {
  std::ifstream in(TSIR_SOURCE_DIR "/docs/inputs.md");
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  EXPECT_NE(page.find("-->\n\n" + documentation() + "\n"), std::string::npos) << "docs/inputs.md should have\n"
                                                                              << documentation();
}

} // namespace
} // namespace tsir

// Inputs for batches of another size.
#include "lib/base/error.h"
#include "lib/input/inputs.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/frontend/function_schema_parser.h>

namespace tsir {
namespace {

std::vector<c10::IValue> resized(const std::string& schema, std::vector<std::string> texts, int64_t size,
                                 const std::string& dimensions = "0") {
  InputSettings settings;
  settings.inputs = std::move(texts);
  settings.batch = Batch{size, parse_batch_dimensions(dimensions)};
  return make_inputs(settings, jit::parseSchema(schema), nullptr);
}

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

TEST(InputBatch, TextsAreFilledAnew) {
  const auto inputs = resized("f(Tensor x, Tensor y, int n) -> ()", {"float32[1,3]", "int64[2]=arange", "7"}, 4);
  EXPECT_EQ(inputs[0].toTensor().sizes(), (std::vector<int64_t>{4, 3}));
  EXPECT_FALSE(inputs[0].toTensor()[0].equal(inputs[0].toTensor()[1])) << "not one item four times";
  EXPECT_TRUE(inputs[1].toTensor().equal(at::arange(4)));
  EXPECT_EQ(inputs[2].toInt(), 7);
}

TEST(InputBatch, GivenValuesAreRepeatedOrCutOff) {
  const std::string schema = "f(Tensor x) -> ()";
  const at::Tensor more = resized(schema, {"int64[2,2]=[[1,2],[3,4]]"}, 3)[0].toTensor();
  EXPECT_TRUE(more.equal(at::tensor({1, 2, 3, 4, 1, 2}, at::kLong).reshape({3, 2})));
  const at::Tensor fewer = resized(schema, {"int64[2,2]=[[1,2],[3,4]]"}, 1, "1")[0].toTensor();
  EXPECT_TRUE(fewer.equal(at::tensor({1, 3}, at::kLong).reshape({2, 1})));
}

TEST(InputBatch, TensorsInOtherValuesAndNumbersWithoutDimension) {
  const auto inputs = resized("f((Tensor, Tensor) a, Tensor[] b, Tensor c) -> ()",
                              {"(float32[1,2], float32[1])", "[float32[1]]", "float32[]"}, 5);
  EXPECT_EQ(inputs[0].toTuple()->elements()[0].toTensor().size(0), 5);
  EXPECT_EQ(inputs[0].toTuple()->elements()[1].toTensor().size(0), 5);
  EXPECT_EQ(inputs[1].toTensorVector()[0].size(0), 5);
  EXPECT_EQ(inputs[2].toTensor().dim(), 0);
}

TEST(InputBatch, DimensionsByName) {
  const auto inputs = resized("f(Tensor x, Tensor h, Tensor table) -> ()",
                              {"float32[1,7]", "float32[2,1,8]", "float32[10,3]"}, 4, "h=1,table=none");
  EXPECT_EQ(inputs[0].toTensor().sizes(), (std::vector<int64_t>{4, 7}));
  EXPECT_EQ(inputs[1].toTensor().sizes(), (std::vector<int64_t>{2, 4, 8}));
  EXPECT_EQ(inputs[2].toTensor().sizes(), (std::vector<int64_t>{10, 3}));
}

TEST(InputBatch, IsRefusedInOneLine) {
  const std::string schema = "f(Tensor x) -> ()";
  EXPECT_NE(error_of([&] {
              resized(schema, {"float32[3]"}, 4, "1");
            }).find("input x of f: float32[3] has no dimension 1; batch dimension x=D"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              resized(schema, {"float32[]"}, 4);
            }).find("is not given a tensor that could have a batch dimension"),
            std::string::npos);
  EXPECT_NE(error_of([&] { resized(schema, {"float32[3]"}, 4, "y=1"); }).find("no argument \"y\""), std::string::npos);
  EXPECT_NE(error_of([&] { resized(schema, {"int64[2,2]=[1,2,3]"}, 4); }).find("3 are given"), std::string::npos);
  for (const char* bad : {"x", "-1", "x=", "=1", "none", "1,,2", "x=1.5"}) {
    EXPECT_NE(error_of([&] { parse_batch_dimensions(bad); }).find("batch dimension"), std::string::npos) << bad;
  }
}

TEST(InputBatch, AWholeTextHoldsAllInputs) {
  InputSettings settings;
  settings.whole = "(float32[2,3], 5)";
  const auto schema = jit::parseSchema("f(Tensor x, int n) -> ()");
  EXPECT_EQ(make_inputs(settings, schema, nullptr)[1].toInt(), 5);
  settings.whole = "{\"n\": 6, \"x\": float32[2,3]}";
  EXPECT_EQ(make_inputs(settings, schema, nullptr)[1].toInt(), 6);
}

} // namespace
} // namespace tsir

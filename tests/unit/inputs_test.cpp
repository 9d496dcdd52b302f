// The grammar of --input, fitting values to a schema, and errors.
#include "lib/base/error.h"
#include "lib/input/inputs.h"
#include "lib/input/value.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/frontend/function_schema_parser.h>

namespace tsir {
namespace {

std::vector<c10::IValue> make(const std::string& schema, std::vector<std::string> texts, uint64_t seed = 0) {
  InputSettings settings;
  settings.inputs = std::move(texts);
  settings.seed = seed;
  return make_inputs(settings, jit::parseSchema(schema), nullptr);
}

at::Tensor tensor(const std::string& text, uint64_t seed = 0) {
  return make("f(Tensor x) -> ()", {text}, seed)[0].toTensor();
}

std::string error_of(const std::string& schema, std::vector<std::string> texts) {
  try {
    make(schema, std::move(texts));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

std::string tensor_error(const std::string& text) {
  return error_of("f(Tensor x) -> ()", {text});
}

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "\"" << part << "\" is not in: " << text;
}

TEST(Inputs, ShapesAndDtypes) {
  EXPECT_EQ(tensor("float32[1,3,4]").sizes(), (std::vector<int64_t>{1, 3, 4}));
  EXPECT_EQ(tensor(" float32 [ 1 , 3 ] ").sizes(), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(tensor("float32[]").dim(), 0);
  EXPECT_EQ(tensor("float32[0,3]").numel(), 0);
  EXPECT_EQ(tensor("half[2]").scalar_type(), at::kHalf);
}

TEST(Inputs, EveryDtypeCanBeFilled) {
  for (const std::string name :
       {"float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64",
        "complex128", "complex32", "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2"}) {
    for (const std::string fill : {"", "=zeros", "=ones", "=full(1)", "=[0,1,1]"}) {
      EXPECT_EQ(tensor(name + "[3]" + fill).numel(), 3) << name << fill;
    }
  }
}

TEST(Inputs, Fills) {
  EXPECT_TRUE(tensor("float32[2,3]=arange").equal(at::arange(6, at::kFloat).reshape({2, 3})));
  EXPECT_TRUE(tensor("int64[2]=full(-7)").equal(at::full({2}, -7, at::kLong)));
  EXPECT_TRUE(tensor("int64[2,2]=[[1,2],[3,4]]").equal(at::arange(1, 5).reshape({2, 2})));
  EXPECT_TRUE(tensor("bool[2]=[true,false]").equal(at::tensor({1, 0}).to(at::kBool)));
  EXPECT_TRUE(tensor("float32[]=2.5").equal(at::scalar_tensor(2.5)));
  EXPECT_EQ(tensor("int64[1]=[9007199254740993]").item<int64_t>(), 9007199254740993);
  const auto drawn = tensor("int64[1000]=randint(5,8)");
  EXPECT_EQ(drawn.min().item<int64_t>(), 5);
  EXPECT_EQ(drawn.max().item<int64_t>(), 7);
  const auto uniform = tensor("float32[1000]=rand");
  EXPECT_GE(uniform.min().item<float>(), 0);
  EXPECT_LT(uniform.max().item<float>(), 1);
  EXPECT_LT(tensor("float32[1000]").min().item<float>(), -1) << "randn is the floats' default";
  EXPECT_LT(tensor("int64[1000]").max().item<int64_t>(), 10) << "integers' default is 0…9";
  EXPECT_TRUE(std::isnan(tensor("float32[1]=full(nan)").item<float>()));
}

TEST(Inputs, SeedAndPlaceDecideTheValues) {
  EXPECT_TRUE(tensor("float32[8]", 1).equal(tensor("float32[8]", 1)));
  EXPECT_FALSE(tensor("float32[8]", 1).equal(tensor("float32[8]", 2)));
  const auto pair = make("f(Tensor x, Tensor y) -> ()", {"float32[8]", "float32[8]"});
  EXPECT_FALSE(pair[0].toTensor().equal(pair[1].toTensor()));
  const auto named = make("f(Tensor x, Tensor y) -> ()", {"y=float32[8]", "x=int64[100]"});
  EXPECT_TRUE(pair[1].toTensor().equal(named[1].toTensor())) << "another argument must not change this one's values";
}

TEST(Inputs, LibTorchsOwnGeneratorIsNotTouched) {
  at::manual_seed(5);
  const auto expected = at::rand({4});
  at::manual_seed(5);
  tensor("float32[100]");
  EXPECT_TRUE(at::rand({4}).equal(expected));
}

TEST(Inputs, Scalars) {
  const auto values = make("f(int a, float b, float c, bool d, str e, Scalar g, complex h, Device i, Tensor? j) -> ()",
                           {"-3", "2", "1e-3", "True", "\"a=\\\"b\\\"\\n\\u00e9\"", "4", "1-2j", "'cpu'", "None"});
  EXPECT_EQ(values[0].toInt(), -3);
  EXPECT_EQ(values[1].toDouble(), 2.0);
  EXPECT_EQ(values[2].toDouble(), 1e-3);
  EXPECT_TRUE(values[3].toBool());
  EXPECT_EQ(values[4].toStringRef(), "a=\"b\"\n\xC3\xA9");
  EXPECT_EQ(values[5].toInt(), 4);
  EXPECT_EQ(values[6].toComplexDouble(), c10::complex<double>(1, -2));
  EXPECT_TRUE(values[7].toDevice().is_cpu());
  EXPECT_TRUE(values[8].isNone());
}

TEST(Inputs, ContainersCarryTheSchemasTypes) {
  const auto values =
      make("f(Tensor[] a, int[] b, Dict(str, Tensor[]) c, (int, (Tensor, float)) d, float[][] e) -> ()",
           {"[]", "(1, 2, 3)", "{\"k\": [float32[1], float32[2]], 'l': []}", "[1, (int8[2], 3)]", "[[1, 2.5], []]"});
  EXPECT_TRUE(values[0].isTensorList());
  EXPECT_EQ(values[1].toIntVector(), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(values[2].toGenericDict().at("k").toTensorVector()[1].numel(), 2);
  EXPECT_TRUE(values[2].toGenericDict().at("l").isTensorList());
  EXPECT_EQ(values[3].toTupleRef().elements()[1].toTupleRef().elements()[1].toDouble(), 3.0);
  EXPECT_TRUE(values[4].toListRef()[1].isDoubleList());
}

TEST(Inputs, DefaultsAndNames) {
  const auto values = make("f(Tensor x, int n=3, *, float s=0.5) -> ()", {"s=2", "float32[1]"});
  EXPECT_EQ(values[1].toInt(), 3);
  EXPECT_EQ(values[2].toDouble(), 2.0);
  EXPECT_EQ(make("f(str s) -> ()", {"\"x=1\""})[0].toStringRef(), "x=1") << "an = inside quotes does not begin a name";
}

TEST(Inputs, WhatDoesNotFitIsRefusedWithASchemaAndALineToCopy) {
  const std::string error = error_of("f(Tensor x, int n) -> Tensor", {"float32[1]", "1.5"});
  expect_contains(error, "input n of f: expected int, got float 1.5");
  expect_contains(error, "schema: f(x: Tensor, n: int) -> Tensor");
  expect_contains(error, "try: input 'float32[1,3,224,224]' input 10");
  expect_contains(error_of("f(Tensor x) -> ()", {"10"}), "expected Tensor, got int 10");
  expect_contains(error_of("f(bool x) -> ()", {"1"}), "expected bool, got int 1");
  expect_contains(error_of("f(int x) -> ()", {"true"}), "expected int, got bool true");
  expect_contains(error_of("f(int[] x) -> ()", {"[1, \"a\"]"}), "element 1: expected int, got str \"a\"");
  expect_contains(error_of("f((int, int) x) -> ()", {"(1, 2, 3)"}), "got a tuple of 3");
  expect_contains(error_of("f(Dict(str, int) x) -> ()", {"{\"a\": 1, \"a\": 2}"}), "duplicate key str \"a\"");
}

TEST(Inputs, CountsAndNames) {
  expect_contains(error_of("f(Tensor x) -> ()", {}), "f needs an input for x (Tensor)");
  expect_contains(error_of("f(int x) -> ()", {"1", "2"}), "f takes 1 inputs, but 2 were given");
  expect_contains(error_of("f(int x) -> ()", {"1", "x=2"}), "argument x is given twice");
  expect_contains(error_of("f(int x) -> ()", {"y=2"}), "f has no argument \"y\"");
}

TEST(Inputs, BadTextsAreRefusedInOneLine) {
  expect_contains(tensor_error("float33[1]"), "unknown dtype \"float33\"");
  expect_contains(tensor_error("float32"), "a tensor needs a shape");
  expect_contains(tensor_error("float32[1"), "expected `]` at column 10");
  expect_contains(tensor_error("float32[-1]"), "expected a size");
  expect_contains(tensor_error("float32[1.5]"), "expected a size");
  expect_contains(tensor_error("float32[1]=random"), "unknown fill \"random\"");
  expect_contains(tensor_error("float32[1] x"), "expected the end");
  expect_contains(tensor_error("hello"), "a string needs quotes");
  expect_contains(tensor_error("\"open"), "the string is not terminated");
  expect_contains(tensor_error("\"\\q\""), "unknown escape");
  expect_contains(tensor_error(""), "expected a value");
  expect_contains(tensor_error("99999999999999999999"), "64 bits");
  expect_contains(tensor_error(std::string(100000, '[')), "nested too deeply");
  expect_contains(tensor_error("float32[1]=" + std::string(100000, '[')), "nested too deeply");
}

TEST(Inputs, FillsThatDoNotSuitTheDtypeAreRefused) {
  expect_contains(tensor_error("int64[2]=randn"), "use randint");
  expect_contains(tensor_error("int64[2]=full(0.5)"), "cannot hold fractions");
  expect_contains(tensor_error("uint8[2]=randint(0,300)"), "299 does not fit into uint8");
  expect_contains(tensor_error("int8[1000]=arange"), "999 does not fit into int8");
  expect_contains(tensor_error("int64[2]=randint(3,3)"), "is empty: the upper bound is excluded");
  expect_contains(tensor_error("int64[2]=randint(1,2,3)"), "must be written as randint(hi)");
  expect_contains(tensor_error("int64[3]=[1,2]"), "the shape has 3 values, but 2 are given");
  expect_contains(tensor_error("qint8[3]"), "quantised");
}

TEST(Inputs, SizesAreCheckedBeforeAnythingIsAllocated) {
  expect_contains(tensor_error("float32[1000000000,1000000000]"), "too large");
  expect_contains(tensor_error("float32[9223372036854775807,9223372036854775807]"), "more than 8 EiB");
  expect_contains(tensor_error("float32[0,9223372036854775807,2]"), "too large");
  expect_contains(tensor_error("int8[100000,100000,100000]"), "too large");
}

TEST(Inputs, SuggestionsFitTheirOwnSchema) {
  for (const std::string text :
       {"f(Tensor x, int n, float s, bool b, str t) -> ()", "f(Tensor[] a, Dict(str, Tensor) d, (int, Tensor) t) -> ()",
        "f(Tensor input_ids, Tensor attention_mask, Tensor? y, int[] n) -> ()",
        "f(Dict(int, float[]) d, Device v) -> ()"}) {
    const auto schema = jit::parseSchema(text);
    std::vector<std::string> inputs;
    std::string line = suggest_inputs(schema) + " ";
    for (size_t at = 0; (at = line.find("input ")) == 0;) {
      line.erase(0, 6);
      const bool quoted = line.front() == '\'';
      const size_t end = line.find(quoted ? "' " : " ");
      inputs.push_back(line.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0)));
      line.erase(0, end + (quoted ? 2 : 1));
    }
    EXPECT_EQ(make(text, inputs).size(), schema.arguments().size()) << suggest_inputs(schema);
  }
}

TEST(Inputs, ExistingValuesAreChecked) {
  const auto schema = jit::parseSchema("f(Tensor x, int[] n) -> ()");
  EXPECT_NO_THROW(check_inputs({at::ones({2}), std::vector<int64_t>{1}}, schema));
  EXPECT_THROW(check_inputs({at::ones({2})}, schema), Error);
  EXPECT_THROW(check_inputs({at::ones({2}), 3}, schema), Error);
}

} // namespace
} // namespace tsir

// Objects of C++ classes and attributes of every name in .ir text.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/model/packed_object.h"
#include "lib/model/text_ir.h"
#include "lib/run/outputs.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <gtest/gtest.h>
#include <torch/custom_class.h>

#include <fstream>
#include <random>

namespace tsir {
namespace {

namespace fs = std::filesystem;

struct Stateless : torch::CustomClassHolder {};

const auto stateless_class = torch::class_<Stateless>("tsir_unit_test", "Stateless").def(torch::init<>());

c10::IValue operator_result(const char* name, std::vector<c10::IValue> stack, const char* overload = "") {
  c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).callBoxed(&stack);
  return stack.at(0);
}

c10::IValue packed_convolution(double bias) {
  const at::Tensor weight = at::quantize_per_tensor(at::arange(18.0).reshape({1, 2, 3, 3}), 0.5, 0, at::kQInt8);
  const c10::IValue ones(std::vector<int64_t>{1, 1});
  return operator_result("quantized::conv2d_prepack",
                         {weight, at::full({1}, bias), ones, std::vector<int64_t>{0, 0}, ones, int64_t{1}});
}

c10::IValue packed_linear(double number) {
  const at::Tensor weight = at::quantize_per_tensor(at::full({4, 4}, number), 0.5, 0, at::kQInt8);
  return operator_result("quantized::linear_prepack", {weight, at::zeros({4})});
}

c10::IValue cell_parameters() {
  const at::Tensor bias = at::zeros({4});
  return operator_result("quantized::make_quantized_cell_params_dynamic",
                         {packed_linear(1), packed_linear(2), bias, bias, true});
}

jit::Module module_with(const std::string& name, const c10::IValue& value) {
  jit::Module module("__torch__.M");
  module.register_attribute(name, value.type(), value);
  module.define("def forward(self, x):\n  return x\n");
  return module;
}

struct WrittenText {
  explicit WrittenText(const Unit& unit)
      : path((fs::temp_directory_path() / fmt::format("tsir-packed-{}.ir", ::getpid())).string()) {
    write_ir(unit, path);
  }
  ~WrittenText() {
    fs::remove(path);
    fs::remove(path + ".tensors");
  }
  WrittenText(const WrittenText&) = delete;
  WrittenText& operator=(const WrittenText&) = delete;
  std::string text() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Unit read() const { return parse_unit(text(), path); }
  std::string path;
};

std::string packing_error(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(PackedObject, AConvolutionKeepsItsWeights) {
  const WrittenText written(Unit::of_module(module_with("packed", packed_convolution(3)), "forward"));
  const at::Tensor x = at::quantize_per_tensor(at::ones({1, 2, 4, 4}), 0.5, 0, at::kQUInt8);
  const auto result = [&](const c10::IValue& packed) {
    return operator_result("quantized::conv2d", {x, packed, 4.0, int64_t{0}}, "new").toTensor().int_repr();
  };
  EXPECT_TRUE(result(written.read().module().attr("packed")).equal(result(packed_convolution(3))));
  EXPECT_FALSE(result(packed_convolution(3)).equal(result(packed_convolution(30))));
}

TEST(PackedObject, ObjectsWithinTheStateAreObjectsAgain) {
  const c10::IValue packed = packed_object(cell_parameters()).value();
  const c10::IValue again = unpacked_object(packed);
  EXPECT_EQ(again.type()->annotation_str(), "__torch__.torch.classes.rnn.CellParamsBase");
  EXPECT_EQ(packed_object(again).value().toTupleRef().elements()[0], packed.toTupleRef().elements()[0]);
}

TEST(PackedObject, WhatHasNoStateIsNamed) {
  const c10::IValue stateless = torch::make_custom_class<Stateless>();
  EXPECT_FALSE(packed_object(stateless).has_value());
  EXPECT_EQ(
      packing_error([&] { WrittenText(Unit::of_module(module_with("part", stateless), "forward")); }),
      "the attribute part is of type __torch__.torch.classes.tsir_unit_test.Stateless, which does not have a text "
      "form: no file can keep it, because its class does not have both __getstate__ and __setstate__");
}

TEST(PackedObject, AnUnknownClassIsNamed) {
  const auto packed = [](const char* name) { return c10::ivalue::Tuple::create({c10::IValue(name), c10::IValue(1)}); };
  EXPECT_EQ(packing_error([&] { unpacked_object(packed("__torch__.torch.classes.mine.Own")); }).substr(0, 83),
            "the class __torch__.torch.classes.mine.Own of this constant is not registered: give");
  EXPECT_NE(packing_error([] { unpacked_object(c10::IValue(1)); }).find("is not an object"), std::string::npos);
}

// Any bytes: letters beyond ASCII, and what is not UTF-8, too.
TEST(PackedObject, AttributesOfEveryName) {
  constexpr std::string_view letters = "a_.0 1\"'\\\n\t%&*#={}()[],:-$\xc3\xbc\xff\x01";
  std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same names in every run
  std::map<std::string, double> values = {{"class", 0.5}, {"None", 1.5}, {"1e5", 2.5}, {"日本", 3.5}};
  for (int i = 0; i < 400; ++i) {
    std::string name;
    for (size_t length = 1 + random() % 6; name.size() < length;) {
      name += letters[random() % letters.size()];
    }
    values[name] = i;
  }
  jit::Module module("__torch__.M");
  for (const auto& [name, value] : values) {
    module.register_attribute(name, c10::FloatType::get(), value);
  }
  module.define("def forward(self, x):\n  return x\n");
  const WrittenText written(Unit::of_module(module, "forward"));
  const Unit read = written.read();
  for (const auto& [name, value] : values) {
    EXPECT_EQ(read.module().attr(name).toDouble(), value) << name;
  }
  EXPECT_EQ(WrittenText(read).text(), written.text());
}

} // namespace
} // namespace tsir

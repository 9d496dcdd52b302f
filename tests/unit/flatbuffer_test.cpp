// TorchScript modules that were saved as flatbuffers.
#include "lib/archive/extra_files.h"
#include "lib/archive/flatbuffer_archive.h"
#include "lib/archive/model_bytes.h"
#include "lib/archive/pickle_check.h"
#include "lib/archive/pickle_writer.h"
#include "lib/base/error.h"
#include "lib/ir/text/print.h"
#include "lib/model/load/inspect.h"
#include "lib/model/load/load.h"

#include <gtest/gtest.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/serialization/import.h>

#include <random>

namespace tsir {
namespace {

class FlatbufferText : public Bytes {
public:
  explicit FlatbufferText(std::string content) : content_(std::move(content)) {
    path_ = "m.ff";
    view_ = std::as_bytes(std::span(content_));
  }

private:
  std::string content_;
};

jit::Module saved_model(const std::string& name) {
  return jit::load(TSIR_MODELS_DIR "/" + name + ".pt");
}

std::string flatbuffer_of(const jit::Module& module, const jit::ExtraFilesMap& extra_files = {}) {
  const auto buffer = jit::save_jit_module_to_bytes(module, extra_files);
  return {static_cast<const char*>(buffer->data()), buffer->size()};
}

std::shared_ptr<const Bytes> converted(std::string flatbuffer) {
  return archive_of_flatbuffer(FlatbufferText(std::move(flatbuffer)));
}

std::string flatbuffer_refusal(std::string flatbuffer) {
  try {
    inspect(converted(std::move(flatbuffer)));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "";
}

TEST(Flatbuffer, HasTheGraphsAndValuesOfTheModule) {
  for (const char* name : {"tiny", "methods", "buffers", "shared", "bf16", "conv_bn_relu", "quantized", "lstm"}) {
    const jit::Module module = saved_model(name);
    const auto bytes = converted(flatbuffer_of(module));
    const InspectedModule looked = inspect(bytes);
    const jit::Module loaded = ModelSource(bytes).instantiate();
    for (const auto& method : module.get_methods()) {
      EXPECT_EQ(to_text(*looked.module.get_method(method.name()).graph()), to_text(*method.graph())) << name;
    }
    std::map<std::string, at::Tensor> parameters;
    for (const auto& parameter : loaded.named_parameters()) {
      parameters.emplace(parameter.name, parameter.value);
    }
    for (const auto& parameter : module.named_parameters()) {
      EXPECT_TRUE(parameter.value.equal(parameters.at(parameter.name))) << name << " " << parameter.name;
    }
  }
}

constexpr const char* every_kind = R"(
def forward(self, x):
  return x
)";

TEST(Flatbuffer, KeepsAttributesOfEveryKind) {
  jit::Module module("__torch__.M");
  const at::Tensor base = at::arange(8.0);
  const std::map<std::string, c10::IValue> values = {
      {"none", c10::IValue()},
      {"integer", int64_t{1} << 40},
      {"boolean", true},
      {"real", -0.25},
      {"complex", c10::complex<double>(1, -2)},
      {"text", "漢\n\"'"},
      {"device", c10::Device("cuda:1")},
      {"integers", std::vector<int64_t>{1, -2, 3}},
      {"reals", std::vector<double>{1.5, -2}},
      {"booleans", c10::List<bool>({true, false})},
      {"texts", c10::List<std::string>({"a", "b"})},
      {"nested", c10::List<c10::List<int64_t>>({c10::List<int64_t>({1}), c10::List<int64_t>()})},
      {"tuple", c10::ivalue::Tuple::create({int64_t{1}, "a", c10::IValue()})},
      {"base", base},
      {"part", base.slice(0, 2, 6, 2)},
      {"half", at::ones({3}, at::kHalf)},
      {"empty", at::zeros({0, 3})},
      {"gradient", at::ones({2}).requires_grad_()},
      {"quantized", at::quantize_per_tensor(at::arange(6.0), 0.5, 3, at::kQUInt8)},
      {"by_channel",
       at::quantize_per_channel(at::ones({2, 3}), at::full({2}, 0.5), at::zeros({2}, at::kLong), 0, at::kQInt8)},
  };
  for (const auto& [name, value] : values) {
    module.register_attribute(name, value.isNone() ? c10::OptionalType::ofTensor() : value.type(), value);
  }
  c10::Dict<std::string, at::Tensor> dict;
  dict.insert("a", base);
  module.register_attribute("dict", c10::IValue(dict).type(), dict);
  module.define(every_kind);
  const jit::Module loaded = ModelSource(converted(flatbuffer_of(module))).instantiate();
  for (const auto& [name, value] : values) {
    const c10::IValue read = loaded.attr(name);
    if (!value.isTensor()) {
      EXPECT_EQ(read, value) << name;
      EXPECT_EQ(*read.type(), *value.type()) << name;
      continue;
    }
    EXPECT_TRUE(read.toTensor().equal(value.toTensor())) << name;
    EXPECT_EQ(read.toTensor().dtype(), value.toTensor().dtype()) << name;
    EXPECT_EQ(read.toTensor().strides(), value.toTensor().strides()) << name;
    EXPECT_EQ(read.toTensor().requires_grad(), value.toTensor().requires_grad()) << name;
  }
  EXPECT_TRUE(loaded.attr("base").toTensor().storage().is_alias_of(loaded.attr("part").toTensor().storage()));
  const at::Tensor held = loaded.attr("dict").toGenericDict().at("a").toTensor();
  EXPECT_TRUE(held.equal(base));
  EXPECT_TRUE(held.storage().is_alias_of(loaded.attr("base").toTensor().storage()));
}

TEST(Flatbuffer, ExtraFilesAndCodeAreInTheArchive) {
  const auto bytes = converted(flatbuffer_of(saved_model("tiny"), {{"meta.json", "{\"a\": 1}"}, {"empty", ""}}));
  EXPECT_EQ(bytes->path(), "m.ff");
  EXPECT_EQ(bytes->converted_from(), "a flatbuffer");
  EXPECT_GT(bytes->file_size(), 0U);
  const auto archive = Archive::open(bytes);
  EXPECT_EQ(read_extra_file(*archive, "meta.json"), "{\"a\": 1}");
  EXPECT_EQ(read_extra_file(*archive, "empty"), "");
  EXPECT_TRUE(has_lite_bytecode(*archive));
}

// LibTorch's own reader makes tensors that lie in the file's bytes.
TEST(Flatbuffer, AFrozenGraphOutlivesTheFile) {
  GraphPtr graph;
  {
    const jit::Module module = ModelSource(converted(flatbuffer_of(saved_model("tiny")))).instantiate();
    graph = jit::freeze_module(module).get_method("forward").graph();
  }
  const GraphPtr expected = jit::freeze_module(saved_model("tiny")).get_method("forward").graph();
  std::vector<at::Tensor> tensors;
  for (const auto& one : {graph, expected}) {
    for (const jit::Node* node : one->nodes()) {
      if (node->kind() == c10::prim::Constant && node->output()->type()->kind() == c10::TypeKind::TensorType) {
        tensors.push_back(node->t(jit::attr::value));
      }
    }
  }
  ASSERT_GE(tensors.size(), 2U);
  for (size_t i = 0; i < tensors.size() / 2; ++i) {
    EXPECT_TRUE(tensors[i].equal(tensors[i + tensors.size() / 2]));
  }
}

TEST(Flatbuffer, IsRefusedWithoutItsEnd) {
  const std::string whole = flatbuffer_of(saved_model("tiny"));
  for (size_t length = 8; length < whole.size(); length += 97) {
    EXPECT_EQ(flatbuffer_refusal(whole.substr(0, length)).substr(0, 5), "m.ff ") << length;
  }
  EXPECT_NE(flatbuffer_refusal(whole.substr(0, 400)).find("beyond its end"), std::string::npos);
}

TEST(Flatbuffer, ADamagedFileIsRefusedOrRead) {
  const std::string whole = flatbuffer_of(saved_model("methods"));
  std::mt19937 random(3); // NOLINT(cert-msc51-cpp): the same files in every run
  size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string damaged = whole;
    for (int changes = 0; changes < 4; ++changes) {
      const std::array<uint32_t, 4> words = {0, 1, UINT32_MAX, static_cast<uint32_t>(random())};
      const uint32_t word = words[random() % words.size()];
      std::memcpy(damaged.data() + 8 + random() % (damaged.size() - 12), &word, sizeof(word));
    }
    refused += flatbuffer_refusal(damaged).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 100U);
}

TEST(Flatbuffer, IsRecognisedByItsMark) {
  EXPECT_TRUE(is_module_flatbuffer(FlatbufferText(flatbuffer_of(saved_model("tiny")))));
  EXPECT_FALSE(is_module_flatbuffer(FlatbufferText("PTMF")));
  EXPECT_FALSE(is_module_flatbuffer(FlatbufferText("0000PTM")));
  EXPECT_FALSE(is_module_flatbuffer(FlatbufferText("PK\3\4PTM ")));
}

TEST(PickleWriter, WritesWhatTheCheckAccepts) {
  PickleWriter out;
  out.mark();
  out.integer(-1);
  out.integer(int64_t{1} << 40);
  out.text("a");
  out.text("a");
  out.global("__torch__.a.B");
  out.global("a.B", "C");
  out.tuple();
  const std::string pickle = std::move(out).finished();
  EXPECT_NO_THROW(check_pickle(pickle, "p", [](const std::string&) { return std::nullopt; }));
  EXPECT_NE(pickle.find("c__torch__.a\nB\n"), std::string::npos);
  EXPECT_EQ(pickle.find('X'), pickle.rfind('X')) << "a text is written once";
}

} // namespace
} // namespace tsir

// Graphs of real models, written as text and read back: the same text, and the same outputs bit for bit.
#include "lib/base/error.h"
#include "lib/ir/hash.h"
#include "lib/input/inputs.h"
#include "lib/model/load/load.h"
#include "lib/model/text_ir.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/outputs.h"
#include "passes/all.h"
#include "passes/example.h"
#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

#include <fstream>

namespace tsir {
namespace {

namespace fs = std::filesystem;

class RoundTripFolder {
public:
  RoundTripFolder() : path_(fs::temp_directory_path() / fmt::format("tsir-text-ir-{}", ::getpid())) {
    fs::create_directories(path_);
  }
  ~RoundTripFolder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
  fs::path path_;
};

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct FrozenModel {
  std::string model;
  std::vector<std::string> inputs;
  std::string passes;
};

void expect_round_trip(const FrozenModel& given) {
  SCOPED_TRACE(given.model + " " + given.passes);
  static const Registry registry = all_passes();
  Unit unit = Unit::of_module(ModelSource(TSIR_MODELS_DIR "/" + given.model + ".pt").instantiate(), "forward");
  const auto inputs = make_inputs({.inputs = given.inputs, .file = {}}, unit.schema(), &unit.module());
  Pipeline::parse(given.passes, registry).run(unit, {.inputs = &inputs});

  const RoundTripFolder folder;
  const std::string first = folder.file("first.ir");
  const std::string second = folder.file("second.ir");
  write_ir(unit, first);
  const Unit read = parse_unit(text_of_file(first), first);
  write_ir(read, second);
  EXPECT_EQ(text_of_file(first), text_of_file(second));
  EXPECT_EQ(fs::exists(first + ".tensors"), fs::exists(second + ".tensors"));

  const Difference difference = compare(outputs_of(unit, inputs), outputs_of(read, inputs));
  EXPECT_TRUE(difference.identical) << difference.where << " " << difference.what;
}

TEST(TextIrRoundTrip, FrozenModels) {
  expect_round_trip({"tiny", {"float32[4,16]"}, "freeze"});
  expect_round_trip({"conv_bn_relu", {"float32[1,3,32,32]"}, "freeze"});
  expect_round_trip({"control", {"float32[4,8]", "3", "None"}, "freeze"});
  expect_round_trip({"lstm", {"int64[1,50]=randint(0,5000)"}, "freeze"});
  expect_round_trip({"resnet18", {"float32[1,3,224,224]"}, "freeze"});
  expect_round_trip({"quantized", {"float32[4,64]"}, "freeze"});
  expect_round_trip({"bf16", {"bfloat16[4,64]"}, "freeze"});
  expect_round_trip({"chatbot", {"int64[10,1]=randint(3,7826)", "int64[1]=full(10)", "10"}, "freeze"});
}

TEST(TextIrRoundTrip, WholeModules) {
  expect_round_trip({"control", {"float32[4,8]", "3", "None"}, ""});
  expect_round_trip({"lstm", {"int64[1,50]=randint(0,5000)"}, ""});
  expect_round_trip({"forkwait", {"float32[4,16]"}, ""});
  expect_round_trip({"quantized", {"float32[4,64]"}, ""});
  expect_round_trip({"buffers", {"float32[2,8]"}, ""});
  expect_round_trip({"buffers", {"float32[2,8]"}, "inline"});
}

TEST(TextIrRoundTrip, FusionGroups) {
  expect_round_trip({"conv_bn_relu", {"float32[1,3,32,32]"}, "freeze,fuse-onednn-graph"});
  expect_round_trip({"resnet18", {"float32[1,3,224,224]"}, "freeze,fuse-onednn-graph"});
  expect_round_trip({"tiny", {"float32[4,16]"}, "freeze,fuse-onednn-graph"});
}

// The graphs that the passes make of their examples: groups, guards, profiles, shape graphs.
TEST(TextIrRoundTrip, WhatEveryPassLeaves) {
  const Registry registry = all_passes();
  const RoundTripFolder folder;
  size_t read = 0;
  for (const PassRow* row : registry.rows()) {
    SCOPED_TRACE(row->name);
    Unit unit = example_unit(*row, registry);
    const auto inputs = example_inputs(*row, unit);
    try {
      const PassOptions options(row->options);
      row->run(unit, {.options = options, .inputs = inputs.empty() ? nullptr : &inputs});
    } catch (const Error&) {
      continue; // a pass that this machine cannot run
    }
    const std::string first = folder.file("first.ir");
    const std::string second = folder.file("second.ir");
    write_ir(unit, first);
    const std::string text = text_of_file(first);
    write_ir(parse_unit(text, first), second); // Metal's operators, too, which are not in every LibTorch
    EXPECT_EQ(text, text_of_file(second));
    ++read;
  }
  EXPECT_GT(read, 140U);
}

// Texts that LibTorch's own parser reads give the same graphs with tsir's reader.
TEST(TextIrRoundTrip, ReadsWhatLibTorchReads) {
  size_t read = 0;
  for (const auto& entry : fs::recursive_directory_iterator(TSIR_SOURCE_DIR "/tests/lit")) {
    if (entry.path().extension() != ".ir") {
      continue;
    }
    SCOPED_TRACE(entry.path().string());
    const std::string text = text_of_file(entry.path().string());
    if (text.find("\nwith ") != std::string::npos) {
      continue; // LibTorch's parser stops before the graphs of nodes
    }
    GraphPtr expected;
    try {
      expected = parsed(text);
      expected->lint();
    } catch (const std::exception&) {
      continue;
    }
    try {
      const GraphPtr found = parse_ir(text, entry.path().string());
      EXPECT_EQ(canonical_hash(*found), canonical_hash(*expected)) << to_text(*found) << to_text(*expected);
      ++read;
    } catch (const Error& error) { // operators that are not there, and what LibTorch drops without a word
      EXPECT_NE(entry.path().string().find("Inputs"), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(read, 150U);
}

} // namespace
} // namespace tsir

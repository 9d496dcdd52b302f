// Behaviours in memory that processes share.
#include "lib/process/worker.h"
#include "lib/verify/stored_behaviour.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <limits>

namespace tsir {
namespace {

CallObservation call_with(std::vector<c10::IValue> outputs) {
  CallObservation call;
  call.set = 1;
  call.call = 2;
  call.outputs = std::move(outputs);
  return call;
}

std::vector<c10::IValue> values_of_every_kind() {
  c10::impl::GenericDict dict(c10::AnyType::get(), c10::AnyType::get());
  dict.insert("z \xff", at::arange(3));
  dict.insert(7, c10::List<int64_t>({1, 2}));
  return {at::rand({2, 3}),
          at::rand({4, 6}).t().slice(0, 1, 5, 2),
          at::ones({2, 1}).expand({2, 5}),
          at::tensor(std::numeric_limits<double>::quiet_NaN()),
          at::arange(5, at::kLong),
          at::ones({3}, at::kBFloat16),
          at::ones({2}, at::kComplexFloat).conj(),
          at::zeros({0, 3}),
          at::Tensor(),
          c10::IValue(),
          true,
          int64_t{-3},
          std::numeric_limits<double>::quiet_NaN(),
          -std::numeric_limits<double>::infinity(),
          -0.0,
          c10::complex<double>(1, -2),
          "text with \xff and \n",
          c10::ivalue::Tuple::create({at::ones({1}), c10::ivalue::Tuple::create({2, 3.5})}),
          c10::List<at::Tensor>({at::ones({2}), at::zeros({1})}),
          dict};
}

// Stores in a child and reads here, as a sweep does.
std::optional<Behaviour> sent(const Behaviour& behaviour, SharedMemory& memory) {
  const WorkerJson index = value_or_throw(in_worker<WorkerJson>({}, [&]() -> WorkerJson {
    const auto stored = store(behaviour, memory);
    return stored ? WorkerJson(*stored) : WorkerJson();
  }));
  return index.is_null() ? std::nullopt : std::optional(stored_behaviour(memory, index));
}

TEST(StoredBehaviour, EveryValueArrivesBitForBit) {
  CallObservation call = call_with(values_of_every_kind());
  call.inputs_after = {at::rand({3})};
  call.buffers_after = {{"a.b", at::rand({2})}, {"n", int64_t{4}}};
  call.layout.strides = {{"output 0", "[3,1]"}};
  call.layout.shared = {{"buffer a.b", "output 0"}};
  SharedMemory memory;
  const auto read = sent({call}, memory);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  const CallObservation& seen = read->front();
  EXPECT_EQ(seen.set, 1U);
  EXPECT_EQ(seen.call, 2U);
  for (const auto& [one, other] :
       {std::pair(call.outputs, seen.outputs), std::pair(call.inputs_after, seen.inputs_after)}) {
    const Difference difference = compare(one, other, {.rtol = 0, .atol = 0});
    EXPECT_TRUE(difference.identical) << difference.where << ": " << difference.what;
  }
  EXPECT_TRUE(compare(call.buffers_after.at("a.b"), seen.buffers_after.at("a.b")).identical);
  EXPECT_EQ(seen.buffers_after.at("n"), 4);
  EXPECT_EQ(seen.layout.strides, call.layout.strides);
  EXPECT_EQ(seen.layout.shared, call.layout.shared);
}

TEST(StoredBehaviour, AnErrorArrives) {
  CallObservation call;
  call.error = "it threw";
  SharedMemory memory;
  const auto read = sent({call, call_with({})}, memory);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->front().error, "it threw");
}

TEST(StoredBehaviour, WhatCannotBeHandedOverIsNotStored) {
  const std::vector<c10::IValue> outputs = {
      at::ones({2, 2}).to_sparse(),
      at::quantize_per_tensor(at::ones({2}), 0.1, 0, at::kQInt8),
      c10::ivalue::Tuple::create({at::empty({2}, at::kMeta)}),
      c10::ivalue::Object::create(jit::Module("__torch__.M")._ivalue()->type(), 0),
  };
  for (const c10::IValue& output : outputs) {
    SharedMemory memory;
    EXPECT_FALSE(sent({call_with({output})}, memory)) << output.tagKind();
  }
}

TEST(StoredBehaviour, NothingIsABehaviourToo) {
  SharedMemory memory;
  const auto read = sent({}, memory);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

} // namespace
} // namespace tsir

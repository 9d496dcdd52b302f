// Outputs compared by value, dtype and structure.
#include "lib/run/compare.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tsir {
namespace {

const double nan = std::nan("");

TEST(Compare, EqualTensorsAreIdentical) {
  const auto x = at::randn({3, 4});
  const Difference same = compare(x, x.clone());
  EXPECT_TRUE(same.same);
  EXPECT_TRUE(same.identical);
  EXPECT_EQ(same.max_absolute, 0);
  EXPECT_EQ(same.where, "");
}

TEST(Compare, RoundingIsSameButNotIdentical) {
  const auto x = at::ones({3, 4});
  auto y = x.clone();
  y[1][2] += 2e-6;
  const Difference found = compare(x, y);
  EXPECT_TRUE(found.same);
  EXPECT_FALSE(found.identical);
  EXPECT_NEAR(found.max_absolute, 2e-6, 2e-7);
  EXPECT_NEAR(found.max_relative, 2e-6, 2e-7);
  EXPECT_EQ(found.where, "element [1,2]");
}

TEST(Compare, WrongNumbersAreFoundWithTheirPlace) {
  const auto x = at::ones({3, 4});
  auto y = x.clone();
  y[2][0] = 1.1;
  y[1][1] = 1.05;
  const Difference found = compare(x, y);
  EXPECT_FALSE(found.same);
  EXPECT_EQ(found.where, "element [2,0]");
  EXPECT_NE(found.what.find("2 of 12 elements differ, the worst is 1.1"), std::string::npos) << found.what;
}

TEST(Compare, ToleranceFollowsTheDtypeAndTheScale) {
  const auto x = at::ones({4});
  EXPECT_FALSE(compare(x, x + 0.01).same);
  EXPECT_TRUE(compare(x.to(at::kBFloat16), (x + 0.01).to(at::kBFloat16)).same);
  EXPECT_FALSE(compare(x.to(at::kDouble), x.to(at::kDouble) + 1e-6).same);
  EXPECT_TRUE(compare(x, x + 0.01, {0.1, 0}).same);
  EXPECT_FALSE(compare(x, x + 1e-6, {0, 0}).same);
  // Cancellation next to large values, and tiny outputs that are clearly wrong.
  const auto large = at::tensor({1e6, 0.0}).to(at::kFloat);
  EXPECT_TRUE(compare(large, large + 1).same);
  EXPECT_FALSE(compare(x * 1e-4, x * 2e-4).same);
}

TEST(Compare, IntegersAndBoolsAreExact) {
  EXPECT_FALSE(compare(at::arange(3), at::arange(3) + 1, {10, 10}).same);
  EXPECT_FALSE(compare(at::ones({2}, at::kBool), at::zeros({2}, at::kBool)).same);
  EXPECT_EQ(compare(at::arange(3), at::arange(3) + 5).max_absolute, 5);
  EXPECT_TRUE(compare(c10::IValue(3), c10::IValue(3)).identical);
  EXPECT_FALSE(compare(c10::IValue(3), c10::IValue(4)).same);
}

TEST(Compare, NanEqualsNanAndNothingElse) {
  const auto x = at::tensor({1.0, nan, INFINITY});
  EXPECT_TRUE(compare(x, x.clone()).same);
  EXPECT_TRUE(compare(c10::IValue(nan), c10::IValue(-nan)).same);
  const Difference lost = compare(x, at::tensor({1.0, 2.0, INFINITY}));
  EXPECT_FALSE(lost.same);
  EXPECT_EQ(lost.where, "element [1]");
  EXPECT_FALSE(compare(x, at::tensor({1.0, nan, -INFINITY})).same);
  EXPECT_FALSE(compare(at::ones({1}), at::full({1}, nan)).same);
}

TEST(Compare, ShapesAndDtypesMustAgree) {
  EXPECT_EQ(compare(at::ones({2, 3}), at::ones({2, 4})).what, "Float[2,4] instead of Float[2,3]");
  EXPECT_FALSE(compare(at::ones({2}), at::ones({2}, at::kDouble)).same);
  EXPECT_TRUE(compare(at::Tensor(), at::Tensor()).same);
  EXPECT_FALSE(compare(at::ones({2}), at::Tensor()).same);
}

TEST(Compare, EmptyTensorsAreEqual) {
  EXPECT_TRUE(compare(at::ones({0, 3}), at::ones({0, 3})).identical);
}

TEST(Compare, SparseQuantisedComplexAndMkldnn) {
  const auto x = at::eye(4);
  EXPECT_TRUE(compare(x.to_sparse(), x.to_sparse()).identical);
  EXPECT_FALSE(compare(x.to_sparse(), (x * 2).to_sparse()).same);
  const auto q = at::quantize_per_tensor(x, 0.1, 0, at::kQInt8);
  EXPECT_TRUE(compare(q, at::quantize_per_tensor(x - 0.1, 0.1, 0, at::kQInt8)).same) << "one step of rounding";
  EXPECT_FALSE(compare(q, at::quantize_per_tensor(x - 0.5, 0.1, 0, at::kQInt8)).same);
  const auto z = at::complex(x, x);
  EXPECT_TRUE(compare(z, z + 1e-6).same);
  const Difference found = compare(z, at::complex(x, x + at::eye(4).roll(1)));
  EXPECT_FALSE(found.same);
  EXPECT_TRUE(compare(x, x.to_mkldnn()).same);
  EXPECT_TRUE(compare(x.conj(), x).same);
}

TEST(Compare, NestedValuesNameThePlace) {
  c10::Dict<std::string, at::Tensor> a, b;
  a.insert("y", at::ones({2}));
  b.insert("y", at::zeros({2}));
  const auto left = c10::ivalue::Tuple::create({1, a});
  const auto right = c10::ivalue::Tuple::create({1, b});
  EXPECT_EQ(compare(left, right).where, "output 1, key \"y\", element [0]");
  b.clear();
  EXPECT_EQ(compare(left, right).what, "key \"y\" is missing");
  EXPECT_FALSE(compare(c10::IValue(std::vector<int64_t>{1, 2}), c10::IValue(std::vector<int64_t>{1})).same);
  EXPECT_EQ(compare(c10::IValue(1), c10::IValue(1.0)).what, "Double instead of Int");
  EXPECT_FALSE(compare(c10::IValue("a"), c10::IValue("b")).same);
  EXPECT_FALSE(compare(c10::IValue(), c10::IValue(0)).same);
}

TEST(Compare, OutputsInOrder) {
  EXPECT_EQ(compare({at::ones({1}), 2}, {at::ones({1}), 3}).where, "output 1");
  EXPECT_FALSE(compare({at::ones({1})}, {at::ones({1}), 3}).same);
}

TEST(DeepCopy, IsNotReachedByLaterChanges) {
  const c10::IValue list = c10::List<at::Tensor>({at::ones({2})});
  const c10::IValue copy = deep_copy(list);
  list.toTensorVector()[0].fill_(7);
  EXPECT_EQ(copy.toTensorVector()[0][0].item<float>(), 1);
  const auto grad = at::ones({2}).set_requires_grad(true);
  EXPECT_NO_THROW(deep_copy(grad * 2));
}

} // namespace
} // namespace tsir

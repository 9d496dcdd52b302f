// Rivals: the protocol with a shell script that invents its times, and how rivals that misbehave are handled.
#include "lib/bench/variants/rival.h"

#include "lib/input/npy.h"
#include "tests/unit/bench_clock.h"

#include <fstream>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace tsir {
namespace {

using namespace std::chrono_literals;

class RivalTest : public ::testing::Test {
protected:
  RivalTest() {
    job_->model = "/models/m.pt";
    job_->threads = 3;
    job_->files = RivalFiles(::testing::TempDir());
    job_->files.set_inputs({at::arange(6).view({2, 3}), c10::IValue(4)});
  }
  Rival fake(const std::string& mode, const std::string& argument = "1000") const {
    return {"fake", TSIR_SOURCE_DIR "/tests/lit/bench/Inputs/fake_rival.sh " + mode + " " + argument, 60s, job_};
  }
  // Runs the whole protocol; returns the exception.
  Error failure_of(const Rival& rival) const {
    try {
      RivalProcess process(rival, {});
      process.prepare();
      process.outputs();
      std::vector<double> samples(3);
      process.run(samples, 2);
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::usage, "nothing was thrown"};
  }
  std::shared_ptr<RivalJob> job_ = std::make_shared<RivalJob>();
};

TEST_F(RivalTest, GivesOutputsTimesAndUsage) {
  RivalProcess process(fake("good"), {});
  process.prepare();
  const std::vector<c10::IValue> outputs = process.outputs();
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_TRUE(outputs[0].toTensor().equal(at::arange(6).view({2, 3})));
  EXPECT_EQ(outputs[1].toTensor().item<int64_t>(), 4);
  std::vector<double> samples(3);
  process.run(samples, 5);
  EXPECT_EQ(samples, std::vector<double>(3, 1000));
  process.run(samples, 1);
  ASSERT_TRUE(process.usage());
  EXPECT_EQ(process.usage()->cpu_ns, 3 * 5000 + 3 * 1000);
  EXPECT_EQ(process.usage()->page_faults, 2);
}

TEST_F(RivalTest, UsageIsUnknownWhereItIsNotTold) {
  RivalProcess process(fake("no-usage"), {});
  process.prepare();
  std::vector<double> samples(1);
  process.run(samples, 1);
  EXPECT_FALSE(process.usage());
}

TEST_F(RivalTest, WhatGoesWrongIsOneLine) {
  struct Case {
    std::string mode;
    ErrorKind kind;
    std::string text;
  };
  const std::vector<Case> cases = {
      {"dies-early", ErrorKind::load, "ended with exit code 3 before its greeting: no such model zoo"},
      {"no-greeting", ErrorKind::load, "begins with \"hello\" instead of \"tsir-rival 1\""},
      {"other-version", ErrorKind::load, "speaks version \"2\" of the protocol"},
      {"other-form", ErrorKind::load, "only torch or npy, and train, may follow"},
      {"error-in-prepare", ErrorKind::load, "cannot read /models/m.pt with 3 threads"},
      {"killed", ErrorKind::load, "was ended by Segmentation fault before its answer to \"prepare\""},
      {"no-outputs", ErrorKind::check, "did not write 0.npy"},
      {"bad-outputs", ErrorKind::load, "is not a readable .npy file"},
      {"dies-in-run", ErrorKind::check, "ended with exit code 4 before its answer to \"run\": out of luck"},
      {"error-in-run", ErrorKind::check, "RuntimeError: the device is gone"},
      {"too-many", ErrorKind::check, "answers \"run 3 2\" with 4 times instead of 3"},
      {"not-a-number", ErrorKind::check, "gives \"soon\" for a time"},
      {"zero", ErrorKind::check, "gives \"0\" for a time"},
      {"other-word", ErrorKind::check, "instead of \"ran\" and times"},
      {"half-usage", ErrorKind::check, "must give three numbers after \"usage\""},
  };
  for (const Case& expected : cases) {
    const Error error = failure_of(fake(expected.mode));
    EXPECT_EQ(error.kind(), expected.kind) << expected.mode << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find(expected.text), std::string::npos)
        << expected.mode << ": " << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
  }
}

TEST_F(RivalTest, IsToldHowToTrainWhereItCan) {
  const std::string training = "sgd 0.01 mean 10 untimed";
  RivalProcess(fake("trains", "''"), {}).prepare(); // not told of any
  job_->training = training;
  RivalProcess(fake("trains", "'" + training + "'"), {}).prepare();
  const Error error = failure_of(fake("good"));
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(std::string(error.what()).find("can be called, but not trained"), std::string::npos) << error.what();
}

TEST_F(RivalTest, ACommandThatIsNoneIsAMistakeOfTheUser) {
  const Error error = failure_of({"none", "/no/such/program --flag", 60s, job_});
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(std::string(error.what()).find("there is no such command: "), std::string::npos) << error.what();
  EXPECT_EQ(failure_of({"folder", "/tmp", 60s, job_}).kind(), ErrorKind::usage);
}

TEST_F(RivalTest, WaitsNoLongerThanItMay) {
  for (const char* mode : {"silent", "slow"}) {
    Rival rival = fake(mode);
    rival.limit = mode == std::string("silent") ? 200ms : 5s; // the second has to get as far as its first run
    const Error error = failure_of(rival);
    EXPECT_NE(std::string(error.what()).find("gave up waiting for its"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("rival timeout SECONDS allows more"), std::string::npos) << error.what();
  }
}

TEST_F(RivalTest, TheUserEndsAWait) {
  const Rival rival = fake("silent");
  try {
    const RivalProcess process(rival, [] { return true; });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "interrupted");
  }
}

// Gone, or dead and not yet reaped by the process that inherited it.
bool is_gone(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  return text.empty() || text.find(") Z ") != std::string::npos;
}

TEST_F(RivalTest, LeavesNothingRunning) {
  const std::string file = ::testing::TempDir() + "/tsir-rival-child";
  {
    RivalProcess process(fake("child", file), {});
    process.prepare();
  }
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  ASSERT_GT(pid, 1);
  for (int i = 0; i < 1000 && !is_gone(pid); ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(is_gone(pid));
}

TEST_F(RivalTest, FilesGoWithTheBench) {
  const std::string inputs = job_->files.inputs(DataForm::torch);
  EXPECT_TRUE(std::filesystem::exists(inputs));
  EXPECT_EQ(RivalFiles::read_outputs(inputs, DataForm::torch).size(), 2U);
  job_.reset();
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(inputs).parent_path()));
}

// The synthetic clock does not include the rival's own times.
TEST_F(RivalTest, IsMeasuredByItsOwnTimes) {
  SyntheticClock clock(3);
  const Rival rival = fake("good", "3000000");
  const ArmSource timed = {"fake", [&] {
                             Arm arm = make_rival_arm(rival, {});
                             arm.call = [&clock, call = arm.call] {
                               call();
                               clock.work(0.003);
                             };
                             return arm;
                           }};
  ProtocolSettings settings;
  settings.rounds = 3;
  settings.blocks = 3;
  const Measurement measurement = measure({synthetic_arm(clock, "base", 0.001), timed}, settings, clock);
  ASSERT_EQ(measurement.failures, (std::vector<std::string>{"", ""}));
  const auto ratio = ratio_between(measurement, 1, 0);
  ASSERT_TRUE(ratio);
  EXPECT_NEAR(ratio->ratio, 3.0, 0.1);
  EXPECT_EQ(summarize(measurement, 1)->median, 3e6);
  EXPECT_EQ(summarize(measurement, 1)->cpu, 3e6);
}

TEST_F(RivalTest, WithoutUsageThereIsNoProcessorTime) {
  SyntheticClock clock(3);
  const Rival rival = fake("no-usage");
  const ArmSource timed = {"fake", [&] {
                             Arm arm = make_rival_arm(rival, {});
                             arm.call = [&clock] { clock.work(0.001); };
                             return arm;
                           }};
  ProtocolSettings settings;
  settings.rounds = 1;
  settings.blocks = 1;
  const Measurement measurement = measure({timed}, settings, clock);
  EXPECT_TRUE(std::isnan(summarize(measurement, 0)->cpu));
}

TEST(Leaves, AreInOrderAndWithoutNone) {
  c10::impl::GenericDict dict(c10::StringType::get(), c10::AnyType::get());
  dict.insert("b", at::ones({2}));
  dict.insert("a", c10::IValue());
  const auto tuple = c10::ivalue::Tuple::create({c10::IValue(dict), c10::IValue(2.5), c10::IValue("text")});
  const std::vector<c10::IValue> all = leaves({tuple, c10::IValue(true)});
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].toTensor().numel(), 2);
  EXPECT_EQ(all[1].toDouble(), 2.5);
  EXPECT_EQ(all[2].toStringRef(), "text");
  EXPECT_TRUE(all[3].toBool());
}

// A float of a module is often computed in float32, and is compared as such. Another program may write it as a tensor.
TEST(Leaves, NumbersAreComparedAsNumbersHoweverTheyWereWritten) {
  const std::vector<c10::IValue> expected = {0.648918629, int64_t{3}, at::scalar_tensor(0.5F)};
  const std::vector<c10::IValue> written = {at::scalar_tensor(0.648918688, at::kDouble),
                                            at::scalar_tensor(3, at::kLong), 0.5};
  EXPECT_FALSE(compare(expected, written).same);
  const Difference difference = compare(expected, as_expected(written, expected));
  EXPECT_TRUE(difference.same) << difference.what;
  EXPECT_NEAR(difference.max_absolute, 5.9e-8, 1e-9);
  EXPECT_FALSE(compare(expected, as_expected({0.6490, int64_t{3}, 0.5}, expected)).same);
  EXPECT_FALSE(compare(expected, as_expected({0.648918629, int64_t{4}, 0.5}, expected)).same);
}

class Npy : public ::testing::Test {
protected:
  std::string file_ = ::testing::TempDir() + "/tsir-test.npy";
  void write(const std::string& text) const { std::ofstream(file_, std::ios::binary) << text; }
  std::string refusal() const {
    try {
      read_npy(file_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(Npy, ReadsWhatItWrites) {
  for (const at::Tensor& tensor :
       {at::randn({2, 3, 4}), at::arange(5), at::ones({}, at::kBool), at::empty({0, 3}, at::kHalf),
        at::randn({3}, at::kComplexDouble), at::arange(6).view({2, 3}).t()}) {
    write_npy(file_, tensor);
    EXPECT_EQ(std::filesystem::file_size(file_) % 64, tensor.nbytes() % 64) << "elements begin at a multiple of 64";
    const at::Tensor read = read_npy(file_);
    EXPECT_EQ(read.scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(read.equal(tensor)) << tensor;
  }
  EXPECT_THROW(write_npy(file_, at::ones({2}, at::kBFloat16)), Error);
}

TEST_F(Npy, ReadsColumnsFirst) {
  std::string header = "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }\n";
  write(std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header + "\1\2\3\4\5\6");
  EXPECT_TRUE(read_npy(file_).equal(at::tensor({1, 3, 5, 2, 4, 6}, at::kChar).view({2, 3})));
}

TEST_F(Npy, RefusesWhatItCannotRead) {
  const auto with = [](const std::string& header, const std::string& elements) {
    return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header + elements;
  };
  write("");
  EXPECT_NE(refusal(), "");
  write("PK\3\4 something else");
  EXPECT_NE(refusal().find("does not begin with the .npy signature"), std::string::npos);
  write(std::string("\x93NUMPY\1\0\xff\xff{}", 12));
  EXPECT_NE(refusal().find("its header is truncated"), std::string::npos);
  write(with("{'descr': '<M8', 'fortran_order': False, 'shape': (1,), }", "12345678"));
  EXPECT_NE(refusal().find("cannot have elements of type"), std::string::npos);
  write(with("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "1234"));
  EXPECT_NE(refusal().find("is not a list of sizes"), std::string::npos);
  write(with("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999), }", "1234"));
  EXPECT_NE(refusal().find("does not match its size"), std::string::npos);
  write(with("{'descr': '<f4', 'shape': (1,), }", "1234"));
  EXPECT_NE(refusal().find("its header lacks fortran_order"), std::string::npos);
}

} // namespace
} // namespace tsir

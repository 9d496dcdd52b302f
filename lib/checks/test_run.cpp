#include "lib/checks/test_run.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/setting.h"
#include "lib/checks/test_text.h"

#include <fmt/format.h>

namespace tsir {
namespace {

namespace fs = std::filesystem;

std::string last_line(const std::string& text) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) {
    return "it printed no message";
  }
  const size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

} // namespace

TestRun::TestRun(std::string path, const std::string& file, const fs::path& folder, const UpdateSettings& settings)
    : path_(std::move(path)), file_(fs::absolute(file)), temporary_(folder / "t"), settings_(settings) {
  const fs::path absolute = fs::absolute(path_);
  const std::string directory = absolute.parent_path().string();
  const std::string name = absolute.filename().string();
  values_ = {{"%s", file_},           {"%{s}", file_},           {"%S", directory},  {"%{S}", directory},
             {"%p", directory},       {"%{p}", directory},       {"%t", temporary_}, {"%{t}", temporary_},
             {"%T", folder.string()}, {"%{T}", folder.string()}, {"%%", "%"},        {"%{s:basename}", name},
             {"%basename_t", name}};
}

std::vector<std::string> TestRun::paths() const {
  // Keeps the name of the file, because messages use it to tell files apart.
  std::vector<std::string> found{temporary_, values_.at("%S")};
  found.push_back(fs::path(file_).parent_path() / "");
  for (const auto& [name, value] : settings_.substitutions) {
    if (value.starts_with('/')) {
      found.push_back(value);
    }
  }
  return found;
}

std::string TestRun::run(const RunStep& step) const {
  if (step.kind == RunStep::Kind::split_file) {
    split_file();
    return "";
  }
  std::string output;
  for (size_t i = 0; i < step.stages.size(); ++i) {
    std::string input = "/dev/null";
    if (i > 0) {
      input = temporary_.string() + ".input";
      write_file(input, output);
    }
    output = run_stage(step, step.stages[i], input, step.fails && i + 1 == step.stages.size()).output;
  }
  return output;
}

ProgramEnd TestRun::run_stage(const RunStep& step, const PipeStage& stage, const std::string& input, bool fails) const {
  ProgramRun run{.program = settings_.program,
                 .arguments = {},
                 .environment = settings_.environment,
                 .folder = temporary_.parent_path(), // a failed pass writes its reproducer to tsir's current folder
                 .input = input,
                 .errors_to_output = stage.errors_to_output,
                 .drops_output = stage.drops_output,
                 .limit = settings_.limit};
  for (const std::string& word : stage.words) {
    run.arguments.push_back(substitute(word, values_));
  }
  ProgramEnd end = run_program(run);
  const std::string where = fmt::format("{}:{}: `{}`", path_, step.line, step.text);
  if (end.timed_out) {
    throw Error(ErrorKind::check,
                fmt::format("{} took too long; {} SECONDS allows more", where, spelled(Setting::time_limit)));
  }
  if (fails && end.exit_code == 0) {
    throw Error(ErrorKind::check, fmt::format("{} must fail, but tsir succeeded", where));
  }
  if (!fails && end.exit_code != 0) {
    throw Error(ErrorKind::check, fmt::format("{}: exit code {}: {}", where, end.exit_code,
                                              last_line(stage.errors_to_output ? end.output : end.errors)));
  }
  return end;
}

void TestRun::split_file() const {
  const std::string text(Bytes::open(file_)->text());
  fs::remove_all(temporary_);
  for (const auto& [name, content] : TestText(text).parts()) {
    const fs::path file = (temporary_ / name).lexically_normal();
    if (file.lexically_relative(temporary_).string().starts_with("..")) {
      throw Error(ErrorKind::check, fmt::format("{}: the part '{}' is outside of %t", path_, name));
    }
    fs::create_directories(file.parent_path());
    write_file(file, content);
  }
}

} // namespace tsir

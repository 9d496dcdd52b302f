#include "tools/tsir/options.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/input/fill.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace tsir::tool {

void write_results(const Session& session, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(session.results_fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw Error(ErrorKind::check, fmt::format("cannot write to standard output: {}", std::strerror(errno)));
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
}

void write_json(const Session& session, const nlohmann::ordered_json& json, const std::string& file) {
  // Text from a hostile file may not be valid UTF-8; invalid bytes become replacement characters.
  const std::string text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (file.empty() || file == "-") {
    write_results(session, text);
  } else {
    write_file(file, text);
  }
}

void write_report(const Session& session, const JsonOption& option, const std::function<nlohmann::ordered_json()>& json,
                  const std::function<std::string()>& text) {
  if (option.given) {
    write_json(session, json(), option.file);
  }
  if (!option.takes_output()) {
    write_results(session, text());
  }
}

CLI::Validator positive(const std::string& what) {
  return {[what](std::string& text) {
            char* end = nullptr;
            const double value = std::strtod(text.c_str(), &end);
            const bool good = !text.empty() && *end == '\0' && std::isfinite(value) && value > 0;
            return good ? std::string() : fmt::format("'{}' is not {} above 0", text, what);
          },
          ""};
}

CLI::Validator positive_seconds() {
  return positive("a number of seconds");
}

std::chrono::nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::nanoseconds(static_cast<int64_t>(std::min(seconds, 1e9) * 1e9));
}

bool same_file(const std::string& one, const std::string& other) {
  const auto is_file = [](const std::string& name) { return !name.empty() && name != "-"; };
  return is_file(one) && is_file(other) && path_identity(one) == path_identity(other);
}

void check_different_files(const JsonOption& json, const std::string& output) {
  if (json.given && same_file(json.file, output)) {
    throw Error(ErrorKind::usage, fmt::format("--json={} and -o {}: one would overwrite the other", json.file, output));
  }
}

void ModelOptions::add_to(CLI::App& app, const std::string& file_help) {
  app.add_option("FILE", file, file_help)->required()->option_text(" ");
  app.add_option(
         "-m,--method", method,
         "Method to work on: a name, or that of a submodule, such as layer1.forward (default: forward, or the only "
         "method)")
      ->type_name("NAME");
  app.add_option("--load-library", libraries, "Load a shared library of custom operators or classes first; repeatable")
      ->type_name("LIB.so")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--graph", graph, "Number of the graph in an .ir file that has several, separated by `# -----` lines")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--fill-constants", fill_constants,
                 "Values for constants that are missing from an .ir file or from the file beside it: zeros, ones or "
                 "random:SEED")
      ->type_name("WITH");
  app.add_option("--time-limit", load_seconds, "Stop if opening the file takes longer")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
}

void InputOptions::add_to(CLI::App& app) {
  const std::string help = fmt::format(
      "An example input, in order or as NAME=INPUT; repeatable.\n"
      "Tensors: 'float32[1,3,224,224]', '{}', '{}'.\n"
      "Fills after the =: {}.\n"
      "Other values: 10, 1.5, true, '\"text\"', '(a, b)', '[a, b]', '{{\"k\": v}}', None. See docs/inputs.md",
      find_fill("randint", 2).example, values_fill().example, fill_forms());
  app.add_option("-i,--input", settings.inputs, help)
      ->type_name("INPUT")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--inputs", settings.file,
                 "Read the inputs from a file written by torch.save: a tuple, a list, or a dict by name")
      ->type_name("FILE.pt");
  app.add_option("--seed", settings.seed, "Seed for random inputs")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void ExecutionOptions::add_to(CLI::App& app, bool with_executor, bool with_threads) {
  if (with_executor) {
    app.add_option("--executor", executor_name,
                   "How to run: as-is (the graph exactly as it is), profiling (as module.forward() does) or simple")
        ->type_name("NAME")
        ->capture_default_str();
  }
  app.add_option("--device", device_name, "Device to run on: cpu, cuda, cuda:1, xpu, mps, …")
      ->type_name("DEVICE")
      ->capture_default_str();
  if (with_threads) {
    app.add_option("--threads", threads, "Number of threads within an operator (default: chosen by LibTorch)")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
  }
  app.add_flag("--grad", grad, "Keep autograd enabled, for models that compute gradients in forward");
}

void JsonOption::add_to(CLI::App& app) {
  // A flag with a value takes it after '=' only, so that `--json m.pt` keeps m.pt for FILE.
  auto* option = app.add_flag("--json{-}", file, "Write JSON to standard output, or to FILE with --json=FILE");
  option->option_text("FILE");
  option->each([this](const std::string&) { given = true; });
}

} // namespace tsir::tool

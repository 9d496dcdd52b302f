#include "lib/host/program.h"

#include "lib/base/error.h"
#include "lib/compat/versions.h"
#include "lib/host/settings_code.h"

#include <sstream>

namespace tsir {
namespace {

HostCode code_of(const PassUse& use, const std::string& method) {
  return use.row->host ? use.row->host(use.options, method) : HostCode();
}

const std::string& statements(const HostCode& code, Language language) {
  return language == Language::cpp ? code.cpp : code.python;
}

std::string comment_mark(Language language) {
  return language == Language::cpp ? "// " : "# ";
}

std::string indented(const std::string& text, const std::string& by) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out += line.empty() ? "\n" : by + line + "\n";
  }
  return out;
}

std::string one_paragraph(const std::string& text) { // a comment must not end early
  std::string line = text;
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < ' '; }, ' ');
  return line;
}

std::string head(const Program& program, Language language) {
  std::vector<std::string> lines = {
      fmt::format("Made by {} with LibTorch {} from {}.", program.made_by, libtorch_version(),
                  one_paragraph(program.file)),
      fmt::format("prepare_model() does to a module what these passes do: {}",
                  program.pipeline.empty() ? "none" : one_paragraph(program.pipeline.text()))};
  std::ranges::transform(program.about, std::back_inserter(lines), one_paragraph);
  if (program.device != "cpu") {
    lines.push_back(fmt::format("Move the module and its inputs to the device {} first.", program.device));
  }
  std::string text;
  for (const std::string& line : lines) {
    text += comment_mark(language) + line + "\n";
  }
  return text;
}

// Code that declares names gets a scope of its own.
std::string in_scope(const std::string& code) {
  const bool declares = code.find("const ") != std::string::npos || code.find("auto ") != std::string::npos;
  return declares ? "{\n" + indented(code, "  ") + "}\n" : code + "\n";
}

// The passes, one after the other. `graph` is fetched again after each pass that replaces the module.
std::string body(const Program& program, Language language) {
  const bool cpp = language == Language::cpp;
  const std::string path = cpp ? fmt::format("module.get_method({}).graph()", cpp_literal(program.method))
                               : fmt::format("module._c._get_method({}).graph", python_literal(program.method));
  std::string text;
  bool declared = false;
  bool current = false;
  for (const PassUse& use : program.pipeline.uses()) {
    const std::string code = statements(code_of(use, program.method), language);
    const bool of_module = use.row->kind == PassKind::module;
    text += fmt::format("\n{}{}: {}.\n", comment_mark(language), one_paragraph(use.text()), use.row->summary);
    if (!of_module && !current) {
      text += fmt::format("{}graph = {}{}\n", cpp && !declared ? "std::shared_ptr<torch::jit::Graph> " : "", path,
                          cpp ? ";" : "");
      declared = current = true;
    }
    text += cpp ? in_scope(code) : code + "\n";
    current = current && !of_module;
  }
  return text;
}

std::string includes(std::set<std::string> headers) {
  std::string text;
  for (const bool of_libtorch : {true, false}) {
    std::string group;
    for (const std::string& header : headers) {
      if ((header.find('/') != std::string::npos) == of_libtorch) {
        group += fmt::format("#include <{}>\n", header);
      }
    }
    text += group.empty() ? "" : "\n" + group;
  }
  return text;
}

// Functions that passes call, each file once.
std::string definitions(const Program& program) {
  std::set<std::string> written;
  std::string text;
  for (const PassUse& use : program.pipeline.uses()) {
    for (const std::string& needed : code_of(use, program.method).definitions) {
      text += written.insert(needed).second ? "\n" + needed : "";
    }
  }
  return text;
}

// LibTorch inlines calls only one level deep while its optimizer is off, and then freezing leaves a module that cannot
// run. A program may prepare the module where it also calls it.
bool calls_turn_optimizer_off(const Program& program) {
  return program.settings && program.settings->executor == Executor::as_is;
}

// What prepare_model() takes and returns.
struct Signature {
  bool example = false;        // it takes the inputs of a call
  bool prepared_model = false; // see HostCode
};

std::string prepare_function(const Program& program, const Signature& signature) {
  std::string text = "\n// To be called once, on the module as it was loaded, before it runs.\n";
  text += signature.example ? "// `example`: the inputs of a call, of the sizes that the program will use.\n" : "";
  text += signature.prepared_model
              ? fmt::format("// Returns what to call instead of the module: its forward() is the module's {}().\n",
                            program.method)
              : "// Returns the module to use.\n";
  text += fmt::format("inline {} prepare_model(torch::jit::Module module{}) {{",
                      signature.prepared_model ? "PreparedModel" : "torch::jit::Module",
                      signature.example ? ", const std::vector<c10::IValue>& example" : "");
  if (calls_turn_optimizer_off(program)) {
    text += "\n  // While a CallScope exists, LibTorch would not inline all calls.\n"
            "  const torch::jit::GraphOptimizerEnabledGuard optimizer_on{true};\n";
  }
  const std::string result =
      signature.prepared_model ? fmt::format("PreparedModel(module, {})", cpp_literal(program.method)) : "module";
  return text + indented(body(program, Language::cpp), "  ") + fmt::format("\n  return {};\n}}\n", result);
}

std::string cpp_header(const Program& program) {
  std::set<std::string> headers = {"torch/csrc/jit/api/module.h"};
  if (program.settings) {
    headers.merge(headers_of(*program.settings));
  }
  Signature signature;
  for (const PassUse& use : program.pipeline.uses()) {
    const HostCode code = code_of(use, program.method);
    headers.insert(code.headers.begin(), code.headers.end());
    signature.example |= code.takes_example;
    signature.prepared_model |= code.prepared_model;
    if (use.row->kind != PassKind::module) {
      headers.insert("memory");
    }
  }
  return head(program, Language::cpp) + "#pragma once\n" + includes(headers) +
         (program.settings ? "\n" + settings_code(*program.settings, Language::cpp) : "") + definitions(program) +
         prepare_function(program, signature);
}

std::string python_file(const Program& program) {
  return head(program, Language::python) + (program.settings ? "import contextlib\n\n" : "") + "import torch\n\n\n" +
         (program.settings ? settings_code(*program.settings, Language::python) + "\n\n" : "") +
         (calls_turn_optimizer_off(program)
              ? "# Within call_scope(), PyTorch would not inline all calls.\n@torch.jit.optimized_execution(True)\n"
              : "") +
         "def prepare_model(module):\n"
         "    \"\"\"To be called once, on the module as torch.jit.load gives it, before it runs. Returns the module to "
         "use.\"\"\"" +
         indented(body(program, Language::python), "    ") + "\n    return module\n";
}

} // namespace

std::string_view to_string(Language language) {
  return language == Language::cpp ? "C++" : "Python";
}

void check_can_be_written(const Program& program, Language language) {
  for (const PassUse& use : program.pipeline.uses()) {
    if (!use.row->host) {
      throw Error(
          ErrorKind::usage,
          fmt::format("{} cannot be written in {}: it takes more than a few calls of LibTorch's public functions",
                      use.row->name, to_string(language)));
    }
    if (statements(code_of(use, program.method), language).empty()) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} cannot be written in {}: LibTorch's functions for it do not reach it{}", use.text(),
                              to_string(language), language == Language::python ? ", those for C++ may" : ""));
    }
  }
}

void check_did_no_more(const Program& program, const std::vector<PassRecord>& ran, Language language) {
  for (const PassRecord& record : ran) {
    if (!record.beyond_host.empty()) {
      throw Error(ErrorKind::usage, fmt::format("{} cannot be written in {} for {}: LibTorch's function does not do "
                                                "everything that the pass did here: {}",
                                                record.use, to_string(language), program.file, record.beyond_host));
    }
  }
}

std::string write_program(const Program& program, Language language) {
  check_can_be_written(program, language);
  return language == Language::cpp ? cpp_header(program) : python_file(program);
}

} // namespace tsir

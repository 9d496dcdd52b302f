#include "tools/tsir/examples.h"

#include <map>
#include <vector>

namespace tsir::tool {

// tests/unit/man_page_test.cpp parses each of them.
std::span<const Example> examples_of(std::string_view subcommand) {
  static const std::map<std::string_view, std::vector<Example>> all = {
      {"tsir",
       {{"Show what a file contains", "tsir dump model.pt"},
        {"Find the passes that make a model faster",
         "tsir bench model.pt --passes freeze,fuse --input 'float32[1,3,224,224]'"},
        {"Write the optimised model, if it gives the results of the original",
         "tsir opt model.pt --passes python-freeze --input 'float32[1,3,224,224]' -o out.pt"}}},
      {"dump",
       {{"Show a summary without the graph", "tsir dump model.pt --show summary"},
        {"Count the operators of all methods", "tsir dump model.pt --show ops"},
        {"List the operators for a selective build of LibTorch", "tsir dump model.pt --format yaml"}}},
      {"passes",
       {{"List all passes", "tsir passes"},
        {"Describe a pass, with an example", "tsir passes fold-frozen-conv-batchnorm"}}},
      {"opt",
       {{"Show what each pass changes", "tsir opt graph.ir --passes cse,dce --print-changed=diff"},
        {"Write the module after passes",
         "tsir opt model.pt --passes python-freeze --input 'float32[1,3,224,224]' -o out.pt"}}},
      {"verify",
       {{"Check each pass of a pipeline",
         "tsir verify resnet18.pt --passes freeze,fuse --input 'float32[1,3,224,224]'"},
        {"Check all passes, each alone", "tsir verify resnet18.pt --each --input 'float32[1,3,224,224]'"}}},
      {"reduce",
       {{"Find the smallest graph on which a pass fails",
         "tsir reduce model.pt --passes remove-inplace-ops --input 'float32[2,8]' -o small.ir"},
        {"Keep what a command finds", "tsir reduce graph.ir -o small.ir -- grep -q aten::relu '{}'"}}},
      {"bisect",
       {{"Find the pass that changes the results",
         "tsir bisect model.pt --passes freeze,cse,dce,fuse --input 'float32[1,3,224,224]'"}}},
      {"run",
       {{"Run a model on random inputs", "tsir run resnet18.pt --input 'float32[1,3,224,224]'"},
        {"Give a dict and an integer", "tsir run model.pt --input '{\"x\": float32[2,8]=ones}' --input 10"}}},
      {"bench",
       {{"Measure each pass against the one before it and against the unmodified model",
         "tsir bench resnet18.pt --passes freeze,fuse --input 'float32[1,3,224,224]'"},
        {"Measure two batch sizes", "tsir bench resnet18.pt -p freeze --batch 1,8 --input 'float32[1,3,224,224]'"},
        {"Fail if a new version is slower than an old one",
         "tsir bench new.pt --against old.pt --fail-on slower --input 'float32[1,3,224,224]'"}}},
      {"tune",
       {{"Find the fastest way to run a model, and write it",
         "tsir tune model.pt --input 'float32[1,3,224,224]' -o fast.pt --recipe fast.json"}}},
      {"apply",
       {{"Run the passes of a recipe on another version of the model",
         "tsir apply fast.json model-2.pt -o fast-2.pt"}}},
      {"serve",
       {{"Compare with another build of tsir: this is the rival's command",
         "tsir bench m.pt --input 'float32[2,8]' --rival other='/opt/tsir/bin/tsir serve -p freeze'"}}},
      {"diff",
       {{"Compare the graphs of two models", "tsir diff old.pt new.pt"},
        {"Show what passes do to a graph", "tsir diff model.pt --passes freeze,cse"}}},
      {"dot",
       {{"Draw a model", "tsir dot model.pt -o model.svg"},
        {"Draw everything, without folding repeated submodules", "tsir dot model.pt --full -o model.pdf"}}},
      {"report",
       {{"Write a page on what each pass did",
         "tsir report model.pt --passes freeze,fuse --input 'float32[1,3,224,224]' -o report.html"}}},
      {"update-checks",
       {{"Write the CHECK lines of all tests in a folder", "tsir update-checks tests/*.ir"},
        {"Check in CI that they are current", "tsir update-checks --check tests/*.ir"}}},
      {"completions", {{"Complete command lines in this bash", "source <(tsir completions bash)"}}},
      {"help",
       {{"Show the help of a subcommand", "tsir help bench"},
        {"Write all man pages to a folder", "tsir help --man-pages man1"}}}};
  const auto found = all.find(subcommand);
  return found == all.end() ? std::span<const Example>() : std::span<const Example>(found->second);
}

} // namespace tsir::tool

// Counts the nodes of a model's forward with all calls inlined, without running the model's code.
#include "lib/ir/walk.h"
#include "lib/model/load/inspect.h"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const tsir::InspectedModule looked = tsir::inspect(argv[1]);
  const auto graph = torch::jit::toGraphFunction(looked.module.get_method("forward").function()).graph();
  std::printf("%zu nodes\n", tsir::count_nodes(*tsir::inlined(*graph)));
  return 0;
}

// Named pipelines.
#include "passes/all.h"

namespace tsir {

void register_presets(Registry& registry) {
  registry.add(Preset{"python-freeze", "freeze-module,optimize-frozen-graph", "Does what torch.jit.freeze does",
                      "Freezes, then optimises the frozen graph of the selected method, as Python's torch.jit.freeze "
                      "does with optimize_numerics=True. C++'s torch::jit::freeze_module does the first half only.",
                      "torch.jit.freeze"});
  registry.add(Preset{
      "optimize-for-inference",
      "freeze-module,optimize-frozen-graph,fuse-frozen-conv-add-relu,convert-frozen-ops-to-mkldnn,frozen-linear-"
      "transpose",
      "Does what torch.jit.optimize_for_inference does",
      "Freezes and optimises like python-freeze, then fuses for cuDNN (in a CUDA build), moves convolutions into "
      "MKLDNN layout (on a CPU), and transposes linear weights. The result can be run, but cannot be saved as a .pt.",
      "torch.jit.optimize_for_inference"});
}

} // namespace tsir

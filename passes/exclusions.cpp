#include "passes/exclusions.h"

#include "lib/compat/static_module.h"
#include "lib/compat/versions.h"

namespace tsir {
namespace {

constexpr Exclusion table[] = {
    // passes/quantization, passes/dbr_quantization, mobile backends
    {"torch::jit::isWeight", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isBiasOfConvOrLinear", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isEmbeddingBagNonInput", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getClampScalarInputUse", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getPassThroughInputs", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isScalar", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::hitGraphInput", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::removeTorchMangle", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getModuleName", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isSingleInputGeneralShapeAtenFunction",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isSingleInputGeneralValueAtenFunction",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isSingleInputGeneralCallFunction",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isSingleInputGeneralAtenFunction",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isClamp", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isTensorInfoNode", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isPropagateQuantSingleInputOp",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isPropagateQuantBinaryOp",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isPropagateQuantOp", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isBinaryOpWithScalarInput",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getFixedQParams", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::userDefinedCallFunction", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::hasScalarInput", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::nodeQuantizable", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::isWeightOnlyStaticQuantOp",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::useQuantizable", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getCallFunctionGraph", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::matchCallFuncToUse", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::matchAtenFuncToUse", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::alwaysRaisesException", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getModuleAccessPath", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::findChildModule", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getInvokedModule", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getInvokedModuleOpt", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_int_constant", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::aten_add_alpha_is_one", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_functional_relu", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_relu_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_linear_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_conv1d_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_conv2d_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_conv3d_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_conv_transpose1d_module",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_conv_transpose2d_module",
     "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_batchnorm2d_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::is_batchnorm3d_module", "helper of the quantization passes: tests one node, value, block or match"},
    {"torch::jit::getFuncName", "helper of the quantization passes: returns the name of a called function"},
    {"torch::jit::cloneMethod", "helper of the on-device quantization passes: copies a method under another name"},
    {"torch::jit::getExtraArgList", "builds the text of a pattern for quant-fusion"},
    {"torch::jit::joinPaths", "joins the parts of an attribute path"},
    {"torch::jit::computeUpdatedConvWeightAndBias",
     "arithmetic of fold-conv-batch-norm and fold-frozen-conv-batchnorm on four tensors"},
    {"torch::jit::PrePackingOpsFolder", "not exported; called by fold-quantized-prepacking-ops"},
    {"torch::jit::HoistConvPackedParams", "not exported by LibTorch; a step of optimizeForMobile"},
    {"torch::jit::FixupTraceScopeBlocks",
     "the tracer runs it on unfinished graphs, which only the tracer makes and which can be neither run nor loaded"},
    {"torch::jit::insertPrePackedOps", "for XNNPACK, which desktop builds of LibTorch do not include: it throws"},
    {"torch::jit::fusePrePackedLinearConvWithClamp",
     "for XNNPACK, which desktop builds of LibTorch do not include: it throws"},
    {"torch::jit::FoldPrePackingOps", "for XNNPACK, which desktop builds of LibTorch do not include: it throws"},
    {"torch::jit::optimizeForMobile", "for XNNPACK, which desktop builds of LibTorch do not include: it throws"},
    {"torch::jit::metalFusePrePackedConvWithClamp",
     "its patterns name classes of the Metal backend, which only Apple builds include: it throws"},
    {"torch::jit::metalFoldPrePackingOps", "runs operators of the Metal backend, which only Apple builds include"},
    {"torch::jit::metalOptimizeForMobile",
     "its steps throw without the Metal backend, which only Apple builds include"},
    {"torch::jit::vulkanInsertPrePackedOps",
     "its patterns name classes of the Vulkan backend, which this LibTorch lacks: it throws"},
    {"torch::jit::vulkanFusePrePackedConvWithClamp",
     "its patterns name classes of the Vulkan backend, which this LibTorch lacks: it throws"},
    {"torch::jit::vulkanFoldPrePackingOps", "runs operators of the Vulkan backend, which this LibTorch lacks"},
    {"torch::jit::vulkanOptimizeForMobile", "its steps throw without the Vulkan backend, which this LibTorch lacks"},
    // passes of gradients, profiles, shapes and types; runtime/; tensorexpr/; codegen/
    {"torch::jit::fuser::cuda::fuseGraph", "nvFuser was removed from LibTorch: it throws"},
    {"torch::jit::CheckInplace", "checks in-place Python functions only, which graphs without Python do not contain"},
    {"torch::jit::CheckStrictFusion",
     "checks whether the executor fused a torch.jit.strict_fusion block; the executor runs it itself"},
    {"torch::jit::EraseNumberTypesOnBlock", "erase-number-types on one block"},
    {"torch::jit::removeTensorTypeSpecializations", "remove-tensor-type-specializations on one block"},
    {"torch::jit::ProfilingGraphExecutorImpl", "private steps of get-plan-for and get-input-independent-plan"},
    {"torch::jit::SimpleGraphExecutorImpl", "an executor, not a pass: tsir run --executor simple"},
    {"torch::jit::replaceBlockWithFallbackGraph", "helper of the fusers: hides the slow branch of a guard from passes"},
    {"torch::jit::RegisterShapeComputeGraphForSchema",
     "registers another shape function with LibTorch; does not change graphs"},
    {"torch::jit::LintShapeComputeGraph", "checks a shape function before it is registered"},
    {"torch::jit::RegisterDecomposition", "registers another decomposition with LibTorch; does not change graphs"},
    {"torch::jit::Code", "the interpreter's form of a graph"},
    {"torch::jit::MobileCode", "the mobile interpreter's form of a graph"},
    {"torch::jit::debugLaunchGraph", "runs a graph as one kernel of the old fuser"},
    {"torch::jit::debugGetFusedKernelCode", "returns the source of a kernel of the old fuser"},
    {"torch::jit::fuser::generateKernel", "generates the source of a kernel of the old fuser"},
    {"torch::jit::fuser::lookupGraph", "looks up a graph in the old fuser's cache of kernels"},
    {"torch::jit::fuser::store", "adds a graph to the old fuser's cache of kernels"},
    {"torch::jit::tensorexpr::TensorExprKernel", "compiles a group with NNC; does not change the graph around it"},
    // passes of everything else; runtime/static
    {"torch::jit::Block", "the methods of a block, which passes are built from"},
    {"torch::jit::insertConstant", "adds one node; used by passes that make constants"},
    {"torch::jit::parseIR", "reads a graph from text"},
    {"torch::jit::MutationRemover", "the class behind remove-list-mutation and remove-tensor-mutation"},
    {"torch::jit::PatternBasedRewrite",
     "rewrite-pattern with one built-in pattern, aten::conv and relu, which no existing operator matches"},
    {"torch::jit::joinIfRefinements", "helper of refine-integer-values and peephole-optimize-list-idioms"},
    {"torch::jit::handleCommonRefinentOperators", "helper of refine-integer-values and peephole-optimize-list-idioms"},
    {"torch::jit::checkAliasAnnotation",
     "part of LibTorch's own tests: checks whether an operator's schema declares its writes"},
    {"torch::jit::registerPostPass", "adds a function to those that LibTorch's executor runs; does not change graphs"},
    {"torch::jit::registerPrePass", "adds a function to those that LibTorch's executor runs; does not change graphs"},
    {"torch::jit::RegisterPostPass", "adds a function to those that LibTorch's executor runs; does not change graphs"},
    {"torch::jit::canEnableStaticRuntime", "a check that static-module makes first"},
    {"torch::jit::graphHasOp", "checks whether an operator occurs; does not change graphs"},
    {"torch::jit::forwardHasOp", "checks whether an operator occurs; does not change graphs"},
    {"torch::jit::BlockRunner", "static runtime's interpreter"},
    {"torch::jit::ManagedTensorRanges", "static runtime's memory planner"},
    {"torch::jit::FuseInferenceOpsForSparseNN", "compiled to nothing outside Meta's own build"},
    {"torch::jit::FuseClampNaNToNum", "compiled to nothing outside Meta's own build"},
    {"torch::jit::UseInPlaceGetRealInputsFromOptionalInputsV2", "compiled to nothing outside Meta's own build"},
    {"torch::jit::ReplacePermuteWithCopy", "its list of operators is empty outside Meta's own build"},
    {"torch::jit::EliminateTrivialEquallySplit", "acts on fb::equally_split, which only Meta's own build has"},
    {"torch::jit::FuseListUnpack", "acts on operators of fb:: and torcharrow::, which only Meta's own build has"},
    {"torch::jit::PrepackWeights", "acts on a quantised operator of fb::, which only Meta's own build has"},
    {"torch::jit::UseVariadicGroupedAccessor", "acts on grouped_accessor:: and fb::, which only Meta's own build has"},
    // frontend
    {"torch::jit::ConvertToSSA", "a step of the compiler on graphs that do not have their final form yet (prim::Store, "
                                 "prim::ReturnStmt, loop conditions as blocks), which files do not contain"},
    {"torch::jit::TransformExits",
     "a step of the compiler on graphs that do not have their final form yet (prim::Store, prim::ReturnStmt, loop "
     "conditions as blocks), which files do not contain"},
    {"torch::jit::InlineLoopCondition",
     "a step of the compiler on graphs that do not have their final form yet (prim::Store, prim::ReturnStmt, loop "
     "conditions as blocks), which files do not contain"},
    {"torch::jit::InlineBlockBeforeNode", "helper of InlineLoopCondition: moves one block"},
    {"torch::jit::emitBuiltinCall",
     "adds a node for one call to a graph under construction; does not change existing nodes"},
    {"torch::jit::matchSchema",
     "adds a node for one call to a graph under construction; does not change existing nodes"},
    {"torch::jit::matchSchemas",
     "adds a node for one call to a graph under construction; does not change existing nodes"},
    {"torch::jit::tryConvertToType",
     "adds a node for one call to a graph under construction; does not change existing nodes"},
    {"torch::jit::tracer::trace", "runs a function and records it in a new graph; does not work on an existing one"},
};

// Passes that have a row with other versions of LibTorch.
std::vector<Exclusion> not_in_this_version() {
  std::vector<Exclusion> all;
  if (!has_static_module) {
    all.push_back({"torch::jit::StaticModule", "the packages of LibTorch have its header since 2.8"});
  }
  if (!has_input_independent_plan) {
    all.push_back({"torch::jit::GraphExecutor::getInputIndependentPlan", "LibTorch has it since 2.13"});
  }
  return all;
}

std::vector<Exclusion> all_exclusions() {
  std::vector<Exclusion> all = not_in_this_version();
  all.insert(all.end(), std::begin(table), std::end(table));
  return all;
}

} // namespace

std::span<const Exclusion> exclusions() {
  static const std::vector<Exclusion> all = all_exclusions();
  return all;
}

} // namespace tsir

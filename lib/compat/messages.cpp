#include "lib/compat/messages.h"

#include <array>

namespace tsir {
namespace {

constexpr std::array messages{
    KnownMessage{Message::interpreter_failed, "The following operation failed in the TorchScript interpreter",
                 "begins the interpreter's report of a failure", "2.13"},
    KnownMessage{Message::traceback, "Traceback of TorchScript", "begins a traceback, of the file's code or its source",
                 "2.13"},
    KnownMessage{Message::traceback_original, "Traceback of TorchScript, original code",
                 "begins the traceback of the source from which the model was scripted", "2.13"},
    KnownMessage{Message::traceback_frame, "  File \"", "a frame of a traceback; the file's name follows", "2.13"},
    KnownMessage{Message::traceback_frame_serialized, "Serialized   File", "a frame in code that was saved", "2.13"},
    KnownMessage{Message::traceback_line, "\", line ", "ends the file's name in a frame; the line's number follows",
                 "2.13"},
    KnownMessage{Message::traceback_here, " <--- HERE", "ends the marks below the operation that failed", "2.13"},
    KnownMessage{Message::traceback_python, "Traceback (", "begins a Python traceback", "2.13"},
    KnownMessage{Message::marks, "~", "marks the operation that failed in the line above", "2.13"},
    KnownMessage{Message::raised_from, "Exception raised from", "begins the C++ stack of an exception", "2.13"},
    KnownMessage{Message::stack_frame, "frame #", "a frame of a C++ stack", "2.13"},
    KnownMessage{Message::captured_stack, "C++ CapturedTraceback", "begins a C++ stack with symbols", "2.13"},
    KnownMessage{Message::runtime_error, "RuntimeError: ", "the class of an exception, in a report's last part",
                 "2.13"},
    KnownMessage{Message::jit_error, "torch.jit.Error: ", "the class of an exception that a model raised", "2.13"},
    KnownMessage{Message::builtin_class, "builtins.", "the module of a Python exception's class", "2.13"},
    KnownMessage{
        Message::internal_assert, " INTERNAL ASSERT FAILED at ",
        "an internal check of LibTorch failed; the condition comes before this text, and a path of the machine that "
        "built LibTorch after it",
        "2.13"},
    KnownMessage{Message::report_a_bug, "please report a bug to PyTorch.",
                 "ends the text that LibTorch puts before the message of an internal check", "2.13"},
    KnownMessage{Message::not_in_scope, "not in scope", "a graph uses a value before its definition", "2.13"},
    KnownMessage{Message::octal, "ill formed octal specifier",
                 "code has an escape in a string that cannot be read; PyTorch writes such code for names beyond ASCII",
                 "2.13"},
    KnownMessage{Message::no_kernel, "Could not run '", "an operator has no kernel for its arguments; its name follows",
                 "2.13"},
    KnownMessage{Message::no_kernel_backend, "' with arguments from the '",
                 "ends that name; the device or layout of the arguments follows", "2.13"},
    KnownMessage{Message::no_gradient_needed, "does not require grad",
                 "autograd was used on a tensor without a gradient: the model runs autograd itself", "2.13"},
    KnownMessage{Message::modified_in_place, "modified by an inplace operation",
                 "backward needs a tensor that was written to after forward", "2.13"},
    KnownMessage{Message::second_backward, "backward through the graph a second time",
                 "this step uses a value of the previous step, whose autograd graph was freed", "2.13"},
    KnownMessage{Message::hint, " Hint:", "begins advice to users of Python", "2.13"},
    KnownMessage{Message::tuples_left, "Couldn't lower all tuples",
                 "LowerAllTuples: an operator takes a tuple as a whole", "2.13"},
    KnownMessage{Message::tuple_not_made_here, "not matched to tuple construct",
                 "LowerAllTuples: the graph unpacks a tuple that it does not construct", "2.13"},
    KnownMessage{Message::tuple_index_not_constant, "tuple index with non-constant index",
                 "LowerAllTuples: the index of the element is known only when the graph runs", "2.13"},
    KnownMessage{Message::one_branch_observed, "observed consistently",
                 "InsertObservers: only one of the values that the branches of a prim::If return would be observed",
                 "2.13"},
    KnownMessage{Message::module_path_unknown, "getModuleAccessPath",
                 "InsertObservers: the submodule of an operator is known only when the model runs", "2.13"},
    KnownMessage{Message::lowering_needs_tensors, "graph lowering", "LowerGraph: an attribute is not a tensor", "2.13"},
    KnownMessage{Message::lowering_needs_plain_module, "the only valid use of a module",
                 "LowerGraph: the module is modified or passed on", "2.13"},
    KnownMessage{Message::list_without_shape_function, "Unhandled List",
                 "PropagateShapesOnGraph: a list of tensors that the shape functions do not support", "2.13"},
    KnownMessage{Message::quantized_tensors_deprecated, "other quantized tensor creation functions",
                 "a tensor of a quantized dtype is created, for example when a quantized model is loaded", "2.13"},
};

} // namespace

std::span<const KnownMessage> known_messages() {
  return messages;
}

std::string_view text_of(Message message) {
  return messages.at(static_cast<size_t>(message)).text;
}

bool says(std::string_view what, Message message) {
  return what.find(text_of(message)) != std::string_view::npos;
}

} // namespace tsir

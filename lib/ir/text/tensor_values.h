// Reads tensors in .ir text: written out, as views of others, or stored outside of the text.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// Each function is called after the first word, which stands at `start`. All throw Error(load).

// tensor(Float(2, 2), [1, 2.5, 3, 4]) or tensor(undefined)
c10::IValue read_tensor(Cursor& cursor, const Word& start);
// view(BASE, Float(2, 3, strides=[3, 1]), 4): a view of the storage of another tensor.
c10::IValue read_view(Cursor& cursor, const Word& start, const KeptConstants& kept);
// mkldnn(DENSE), sparse_coo(INDICES, VALUES, [2, 3], 1) or sparse_csr(ROWS, COLUMNS, VALUES, [2, 3])
c10::IValue read_laid_out(Cursor& cursor, const Word& start, const KeptConstants& kept);
// <Tensor NAME>, <Tensor NAME, TYPE>, <Tensor NAME, cuda:0>, <Tensor TYPE>, <Tensor> or <Object NAME>. `beside` is the
// declared type of the value.
c10::IValue read_kept(Cursor& cursor, const Word& start, const c10::TypePtr& beside, const KeptConstants& kept);

} // namespace tsir::ir_text

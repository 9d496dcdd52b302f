#!/usr/bin/env bash
# Measures the overhead of `tsir bench` over a hand-written loop around the same interpreter, on one thread: on a model of
# about 1 ms per call, and on shorter and longer ones. The results are in docs/performance.md. Needs the models that tests/run
# makes.
#
#   tests/bench/overhead.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
models=${TSIR_MODELS:-build/models}
rounds=${1:-10}
tools/build release overhead

compare() { build/release/bin/overhead "$models/$1" "$rounds" "$2"; }
compare conv_bn_relu.pt 'float32[1,3,96,96]'
compare lstm.pt 'int64[1,50]=randint(0,5000)'
compare train_net.pt 'float32[8,3,16,16]'
compare tiny.pt 'float32[4,16]'

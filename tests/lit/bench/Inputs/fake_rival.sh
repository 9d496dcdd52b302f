#!/bin/sh
# A rival for tests: it implements the protocol of docs/rivals.md, returns its inputs as outputs, invents its times, and
# MODE makes it fail in one way: fake_rival.sh [MODE [NANOSECONDS]]
mode=${1:-good}
time=${2-1000000}
case $mode in
  dies-early) echo "no such model zoo" >&2; exit 3 ;;
  no-greeting) echo hello ;;
  other-version) echo tsir-rival 2 ;;
  other-form) echo tsir-rival 1 pickles ;;
  silent) sleep 1000 ;;
  trains) echo tsir-rival 1 npy train ;;
  *) echo tsir-rival 1 npy ;;
esac
while read -r word rest; do
  case $word in
    inputs) inputs=$rest ;;
    threads) threads=$rest ;;
    model) model=$rest ;;
    train) training=$rest ;;
    prepare)
      case $mode in
        trains) [ "$training" = "$time" ] && echo ready || echo "error told to train $training" ;;
        error-in-prepare) echo "error cannot read $model with $threads threads" ;;
        killed) kill -SEGV $$ ;;
        child) sleep 1000 & echo $! > "$time"; echo ready ;;
        *) echo ready ;;
      esac ;;
    outputs)
      case $mode in
        no-outputs) ;;
        hang-outputs) sleep 1000 ;;
        bad-outputs) echo nonsense > "$rest/0.npy" ;;
        *) cp "$inputs"/*.npy "$rest" ;;
      esac
      echo written ;;
    run)
      set -- $rest
      times=
      for _ in $(seq "$1"); do times="$times $((time * $2))"; done
      case $mode in
        dies-in-run) echo "out of luck" >&2; exit 4 ;;
        error-in-run) echo "error RuntimeError: the device is gone" ;;
        too-many) echo "ran$times 17" ;;
        not-a-number) echo "ran$(echo "$times" | sed 's/[0-9]*$/soon/')" ;;
        zero) echo "ran$(echo "$times" | sed 's/[0-9]*$/0/')" ;;
        other-word) echo "done$times" ;;
        half-usage) echo "ran$times usage 5" ;;
        slow) sleep 1000 ;;
        no-usage) echo "ran$times" ;;
        *) echo "ran$times usage $((time * $1 * $2)) 0 1" ;;
      esac ;;
    quit) exit 0 ;;
  esac
done

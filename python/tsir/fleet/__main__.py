"""`python -m tsir.fleet …`: see tsir.fleet."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tsir._errors import Error
from tsir.fleet.cells import Question
from tsir.fleet.interrupts import as_interrupts
from tsir.fleet.options import check, parser, questions_of, results_path
from tsir.fleet.plan import Plan, Sink, to_stderr
from tsir.fleet.results import ResultsFile, latest
from tsir.fleet.serial import run_serially
from tsir.fleet.table import text_table

_INTERRUPTED = 130


def _plan(options: argparse.Namespace, questions: Sequence[Question]) -> Plan:
    return Plan(
        questions=questions,
        on_each=options.on == "each",
        time_limit=options.time_limit,
        tries=options.tries,
        patience=options.patience,
        send_up_to=options.send_up_to << 20,
        keep_samples=options.keep_samples,
    )


def _run(options: argparse.Namespace, plan: Plan, sink: Sink) -> None:
    if options.serial or options.shard:
        run_serially(plan, sink)
        return
    from tsir.fleet.cluster import Fleet
    from tsir.fleet.dask_client import connected

    with connected(options.scheduler, options.scheduler_file, options.jobs, options.patience) as client:
        Fleet(client, plan, sink).run()


def _fleet(options: argparse.Namespace) -> int:
    check(options)
    questions = questions_of(options)
    if options.dry_run:
        for question in questions:
            print(f"{question.digest()[:16]}  {' '.join(question.command(question.model.name))}")
        return 0
    path = results_path(options)
    with ResultsFile(path, resume=options.resume) as file:
        if file.dropped:
            to_stderr(f"{path}: the last line was not complete, and has been removed; its cell is run again")
        sink = Sink(file, retry_failed=options.retry_failed, say=to_stderr)
        try:
            _run(options, _plan(options, questions), sink)
        except KeyboardInterrupt:
            to_stderr(f"stopped: {sink.summary()}; continue with --resume")
            return _INTERRUPTED
        except Error:
            to_stderr(sink.summary())
            raise
        to_stderr(f"{sink.summary()}; results in {path}")
        sys.stdout.write(text_table(latest([*file.records, *sink.added])))
        return 0 if sink.all_fine else 1


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        with as_interrupts():
            return _fleet(options)
    except Error as error:
        to_stderr(f"error: {error.line}")
        return error.code


if __name__ == "__main__":
    sys.exit(main())

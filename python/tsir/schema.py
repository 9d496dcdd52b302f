"""The JSON output of tsir, as dataclasses.

Made by python/generate_types.py from the JSON Schemas in share/schemas: do not edit. Keys that this version does not
know are ignored.
"""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tsir._output import Output, _optional

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclass(frozen=True, kw_only=True)
class BaselineVariant:
    """A variant."""

    name: str
    """Such as '+ freeze-module'."""
    passes: str
    """Its passes, as text for --passes."""
    origin: str
    """Its file, if that is not the bench's own."""
    round_median_ns: list[float]
    """The median of each round, in nanoseconds."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            passes=data["passes"],
            origin=data["origin"],
            round_median_ns=[float(item) for item in data["round_median_ns"]],
        )


@dataclass(frozen=True, kw_only=True)
class BaselineContrast:
    """A comparison. The keys after `verdict` are present if times were compared."""

    name: str
    """The variant."""
    reference: str
    """What it is compared with."""
    verdict: Literal["IDENTICAL", "FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE", "NOT TIMED"]
    """The result."""
    ratio: float | None
    """Time divided by the time of the reference: below 1 is faster."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    level: float | None
    """Confidence level of this interval alone, from 0 to 1."""
    round_ratios: list[float] | None
    """The ratio of each round."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            reference=data["reference"],
            verdict=data["verdict"],
            ratio=_optional(data.get("ratio"), float),
            low=_optional(data.get("low"), float),
            high=_optional(data.get("high"), float),
            level=_optional(data.get("level"), float),
            round_ratios=_optional(data.get("round_ratios"), lambda value: [float(item) for item in value]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchEnvironment:
    """The machine and its state when the measurement began."""

    cpu_model: str
    """Such as AMD EPYC 7B13."""
    cpus: int
    """Number of processors that the process may use."""
    cpu_capability: str
    """The vector instructions that LibTorch uses, such as AVX2."""
    cpu_quota: float
    """Number of processors that a control group allows; 0: no limit."""
    governor: str
    """Of frequency scaling; empty if unknown."""
    kernel: str
    """Release of the kernel."""
    load_average: list[float]
    """Over 1, 5 and 15 minutes."""
    address_randomization: int
    """The setting of the kernel; -1 if unknown."""
    clock_cost_ns: float
    """Nanoseconds that reading the clock takes."""
    libtorch: str
    """Version of LibTorch."""
    threads: int
    """Number of threads within an operator."""
    interop_threads: int
    """Number of threads between operators."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            cpu_model=data["cpu_model"],
            cpus=data["cpus"],
            cpu_capability=data["cpu_capability"],
            cpu_quota=float(data["cpu_quota"]),
            governor=data["governor"],
            kernel=data["kernel"],
            load_average=[float(item) for item in data["load_average"]],
            address_randomization=data["address_randomization"],
            clock_cost_ns=float(data["clock_cost_ns"]),
            libtorch=data["libtorch"],
            threads=data["threads"],
            interop_threads=data["interop_threads"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Baseline(Output):
    """The file of `tsir bench --save-baseline`."""

    schema: Literal["tsir.baseline/1"]
    """The kind and version of this file."""
    date: str
    """Local time, ISO 8601 with offset."""
    model: str
    """The file as it was given."""
    model_sha1: str
    """Its SHA-1; empty if unknown."""
    passes: str
    """The passes, as text for --passes."""
    conditions: dict[str, str]
    """Conditions of the measurement, such as threads."""
    variants: list[BaselineVariant]
    """The variants; the first is the baseline."""
    contrasts: list[BaselineContrast]
    """The comparisons."""
    machine_unfit: bool
    """Whether the baseline was seen to differ from itself."""
    environment: BenchEnvironment
    """The machine and its state when the measurement began."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            date=data["date"],
            model=data["model"],
            model_sha1=data["model_sha1"],
            passes=data["passes"],
            conditions=dict(data["conditions"]),
            variants=[BaselineVariant.from_json(item) for item in data["variants"]],
            contrasts=[BaselineContrast.from_json(item) for item in data["contrasts"]],
            machine_unfit=data["machine_unfit"],
            environment=BenchEnvironment.from_json(data["environment"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchContext:
    """The machine, in google/benchmark's format."""

    date: str
    """Local time, ISO 8601 with offset."""
    host_name: str
    """Name of the machine."""
    executable: str
    """The program."""
    num_cpus: int
    """Number of processors."""
    mhz_per_cpu: int
    """Megahertz."""
    cpu_scaling_enabled: bool
    """Whether the frequency may change."""
    caches: list[BenchCache]
    """The caches."""
    load_avg: list[float]
    """Over 1, 5 and 15 minutes."""
    library_build_type: Literal["release"]
    """As google/benchmark's tools expect it."""
    json_schema_version: Literal[1]
    """Of google/benchmark's format."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            date=data["date"],
            host_name=data["host_name"],
            executable=data["executable"],
            num_cpus=data["num_cpus"],
            mhz_per_cpu=data["mhz_per_cpu"],
            cpu_scaling_enabled=data["cpu_scaling_enabled"],
            caches=[BenchCache.from_json(item) for item in data["caches"]],
            load_avg=[float(item) for item in data["load_avg"]],
            library_build_type=data["library_build_type"],
            json_schema_version=data["json_schema_version"],
        )


@dataclass(frozen=True, kw_only=True)
class BenchCache:
    """A cache."""

    type: str
    """Data, Instruction or Unified."""
    level: int
    """Its level."""
    size: int
    """Its size in bytes."""
    num_sharing: int
    """Number of processors that share it."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            type=data["type"],
            level=data["level"],
            size=data["size"],
            num_sharing=data["num_sharing"],
        )


@dataclass(frozen=True, kw_only=True)
class BenchRow:
    """A row in google/benchmark's format. Times are in the unit of `time_unit`."""

    name: str
    """Its name."""
    family_index: int
    """Number of the point."""
    per_family_instance_index: int
    """Number of the variant."""
    run_name: str
    """Name of the variant."""
    run_type: Literal["iteration", "aggregate"]
    """A round, or a figure over all rounds."""
    repetitions: int
    """Number of rounds."""
    threads: int
    """Number of threads that call."""
    repetition_index: int | None
    """Number of the round."""
    aggregate_name: Literal["mean", "median", "stddev", "cv"] | None
    """The figure."""
    aggregate_unit: Literal["time", "percentage"] | None
    """Its unit."""
    iterations: int
    """Number of calls; of a figure: number of rounds."""
    real_time: float
    """Time of a call."""
    cpu_time: float
    """Processor time of a call; 0 if unknown."""
    time_unit: Literal["ms"]
    """Milliseconds."""
    p90: float | None
    """9 of 10 calls take at most this."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            family_index=data["family_index"],
            per_family_instance_index=data["per_family_instance_index"],
            run_name=data["run_name"],
            run_type=data["run_type"],
            repetitions=data["repetitions"],
            threads=data["threads"],
            repetition_index=data.get("repetition_index"),
            aggregate_name=data.get("aggregate_name"),
            aggregate_unit=data.get("aggregate_unit"),
            iterations=data["iterations"],
            real_time=float(data["real_time"]),
            cpu_time=float(data["cpu_time"]),
            time_unit=data["time_unit"],
            p90=_optional(data.get("p90"), float),
        )


@dataclass(frozen=True, kw_only=True)
class BenchReport:
    """A bench at one point."""

    schema: Literal["tsir.bench/1"]
    """The kind and version of this output."""
    model: str
    """The file as it was given."""
    method: str
    """The method, or the name of the graph."""
    passes: str
    """The passes, as text for --passes."""
    mode: Literal["prefixes", "each"]
    """Prefixes: each variant has one pass more; each: each variant has one pass alone."""
    executor: Literal["as-is", "profiling", "simple"]
    """How the model was run."""
    device: str
    """Such as cpu."""
    threads: int
    """Number of threads within an operator."""
    seed: int
    """Seed of the inputs and of the order."""
    interrupted: bool
    """Whether the user stopped it."""
    seconds: float
    """How long the bench took, in seconds."""
    variants: list[BenchVariant]
    """The variants; the first is the baseline."""
    contrasts: list[BenchContrast]
    """The comparisons."""
    controls: list[BenchControl]
    """The baseline against itself, for each group of variants."""
    machine_unfit: bool
    """Whether the baseline was seen to differ from itself."""
    rule: BenchReportRule
    """How verdicts are reached."""
    plans: list[BenchPlan]
    """How each group was measured."""
    rounds: list[BenchRound]
    """The raw data of each round."""
    environment: BenchEnvironment
    """The machine and its state when the measurement began."""
    notes: list[str]
    """Notes for people, one line each."""
    training: BenchTraining | None
    """With --train."""
    saved_baseline: BenchSavedBaseline | None
    """With --baseline."""
    attribution: BenchAttribution | None
    """With --ops."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            schema=data["schema"],
            model=data["model"],
            method=data["method"],
            passes=data["passes"],
            mode=data["mode"],
            executor=data["executor"],
            device=data["device"],
            threads=data["threads"],
            seed=data["seed"],
            interrupted=data["interrupted"],
            seconds=float(data["seconds"]),
            variants=[BenchVariant.from_json(item) for item in data["variants"]],
            contrasts=[BenchContrast.from_json(item) for item in data["contrasts"]],
            controls=[BenchControl.from_json(item) for item in data["controls"]],
            machine_unfit=data["machine_unfit"],
            rule=BenchReportRule.from_json(data["rule"]),
            plans=[BenchPlan.from_json(item) for item in data["plans"]],
            rounds=[BenchRound.from_json(item) for item in data["rounds"]],
            environment=BenchEnvironment.from_json(data["environment"]),
            notes=list(data["notes"]),
            training=_optional(data.get("training"), BenchTraining.from_json),
            saved_baseline=_optional(data.get("saved_baseline"), BenchSavedBaseline.from_json),
            attribution=_optional(data.get("attribution"), BenchAttribution.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class BenchReportRule:
    """How verdicts are reached."""

    alpha: float
    """The probability of a wrong verdict among all."""
    band: float
    """Relative difference below which times count as the same."""
    family: int
    """Number of comparisons that share alpha."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            alpha=float(data["alpha"]),
            band=float(data["band"]),
            family=data["family"],
        )


@dataclass(frozen=True, kw_only=True)
class BenchSweep:
    """A bench at several points."""

    schema: Literal["tsir.bench/1"]
    """The kind and version of this output."""
    model: str
    """The file as it was given."""
    method: str
    """The method, or the name of the graph."""
    passes: str
    """The passes, as text for --passes."""
    mode: Literal["prefixes", "each"]
    """Prefixes: each variant has one pass more; each: each variant has one pass alone."""
    executor: Literal["as-is", "profiling", "simple"]
    """How the model was run."""
    device: str
    """Such as cpu."""
    seed: int
    """Seed of the inputs and of the order."""
    interrupted: bool
    """Whether the user stopped it."""
    seconds: float
    """How long the bench took, in seconds."""
    flush_bytes: int
    """Bytes that are read before each cold call; 0 without --cold."""
    rule: BenchSweepRule
    """How verdicts are reached."""
    points: list[BenchPoint]
    """The points."""
    shape_changes: list[BenchShapeChange]
    """Single calls after the inputs of an instance changed."""
    environment: BenchEnvironment
    """The machine and its state when the measurement began."""
    notes: list[str]
    """Notes for people, one line each."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            schema=data["schema"],
            model=data["model"],
            method=data["method"],
            passes=data["passes"],
            mode=data["mode"],
            executor=data["executor"],
            device=data["device"],
            seed=data["seed"],
            interrupted=data["interrupted"],
            seconds=float(data["seconds"]),
            flush_bytes=data["flush_bytes"],
            rule=BenchSweepRule.from_json(data["rule"]),
            points=[BenchPoint.from_json(item) for item in data["points"]],
            shape_changes=[BenchShapeChange.from_json(item) for item in data["shape_changes"]],
            environment=BenchEnvironment.from_json(data["environment"]),
            notes=list(data["notes"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchSweepRule:
    """How verdicts are reached."""

    alpha: float
    """The probability of a wrong verdict among all."""
    band: float
    """Relative difference below which times count as the same."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            alpha=float(data["alpha"]),
            band=float(data["band"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchPoint:
    """A point of a bench at several."""

    label: str
    """Such as batch 4, 2 clients."""
    coordinates: dict[str, str]
    """The value of each axis, such as batch."""
    threads: int
    """Number of threads within an operator."""
    failure: str | None
    """Why it was not measured, in one line; empty if the user stopped before it."""
    report: BenchPointReport | None
    """What was measured at a point."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            label=data["label"],
            coordinates=dict(data["coordinates"]),
            threads=data["threads"],
            failure=data.get("failure"),
            report=_optional(data.get("report"), BenchPointReport.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class BenchPointReport:
    """What was measured at a point."""

    method: str
    """The method, or the name of the graph."""
    threads: int
    """Number of threads within an operator."""
    seed: int
    """Seed of the inputs and of the order."""
    interrupted: bool
    """Whether the user stopped it."""
    seconds: float
    """How long the bench took, in seconds."""
    variants: list[BenchVariant]
    """The variants; the first is the baseline."""
    contrasts: list[BenchContrast]
    """The comparisons."""
    controls: list[BenchControl]
    """The baseline against itself, for each group of variants."""
    machine_unfit: bool
    """Whether the baseline was seen to differ from itself."""
    plans: list[BenchPlan]
    """How each group was measured."""
    rounds: list[BenchRound]
    """The raw data of each round."""
    notes: list[str]
    """Notes for people, one line each."""
    training: BenchTraining | None
    """With --train."""
    saved_baseline: BenchSavedBaseline | None
    """With --baseline."""
    attribution: BenchAttribution | None
    """With --ops."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            method=data["method"],
            threads=data["threads"],
            seed=data["seed"],
            interrupted=data["interrupted"],
            seconds=float(data["seconds"]),
            variants=[BenchVariant.from_json(item) for item in data["variants"]],
            contrasts=[BenchContrast.from_json(item) for item in data["contrasts"]],
            controls=[BenchControl.from_json(item) for item in data["controls"]],
            machine_unfit=data["machine_unfit"],
            plans=[BenchPlan.from_json(item) for item in data["plans"]],
            rounds=[BenchRound.from_json(item) for item in data["rounds"]],
            notes=list(data["notes"]),
            training=_optional(data.get("training"), BenchTraining.from_json),
            saved_baseline=_optional(data.get("saved_baseline"), BenchSavedBaseline.from_json),
            attribution=_optional(data.get("attribution"), BenchAttribution.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class BenchVariant:
    """A variant of the model."""

    name: str
    """Such as '+ freeze-module'."""
    benchmark: str
    """The name of its rows in `benchmarks`."""
    passes: str
    """Its passes, as text for --passes."""
    state: Literal["good", "identical", "wrong", "pass-failed", "run-failed", "refused", "not-run"]
    """Whether it can be timed."""
    detail: str
    """Why not, in one line; empty if it is good."""
    open_seconds: float
    """Seconds to open the file."""
    allocations: int
    """Number of allocations of a call."""
    allocated_bytes: int
    """Bytes that a call allocates."""
    peak_bytes: int
    """The most bytes of a call at one time."""
    pass_seconds: float
    """Seconds that its passes took."""
    pass_runs: list[BenchPass]
    """Its passes."""
    identical_to: str | None
    """The earlier variant that executes the same."""
    rival: str | None
    """The command of another program."""
    outputs: BenchDifference | None
    """Its outputs against those of the baseline."""
    calls: int | None
    """Number of timed calls."""
    median_ms: float | None
    """Median time of a call, in milliseconds."""
    mean_ms: float | None
    """Mean, in milliseconds."""
    min_ms: float | None
    """The shortest, in milliseconds."""
    max_ms: float | None
    """The longest, in milliseconds."""
    p90_ms: float | None
    """9 of 10 calls take at most this, in milliseconds."""
    p99_ms: float | None
    """99 of 100 calls, in milliseconds."""
    p999_ms: float | None
    """999 of 1000 calls, in milliseconds."""
    cpu_ms: float | None
    """Processor time of a call, in milliseconds; null if unknown."""
    host_ms: float | None
    """On a device: time of the host for a call, in milliseconds."""
    enqueue_ms: float | None
    """On a device: time until all work of a call is enqueued, in milliseconds."""
    calls_per_second: float | None
    """Total of all clients."""
    items_per_second: float | None
    """Items of the batch, total of all clients."""
    latency: BenchLatency | None
    """With --clients."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            benchmark=data["benchmark"],
            passes=data["passes"],
            state=data["state"],
            detail=data["detail"],
            open_seconds=float(data["open_seconds"]),
            allocations=data["allocations"],
            allocated_bytes=data["allocated_bytes"],
            peak_bytes=data["peak_bytes"],
            pass_seconds=float(data["pass_seconds"]),
            pass_runs=[BenchPass.from_json(item) for item in data["pass_runs"]],
            identical_to=data.get("identical_to"),
            rival=data.get("rival"),
            outputs=_optional(data.get("outputs"), BenchDifference.from_json),
            calls=data.get("calls"),
            median_ms=_optional(data.get("median_ms"), float),
            mean_ms=_optional(data.get("mean_ms"), float),
            min_ms=_optional(data.get("min_ms"), float),
            max_ms=_optional(data.get("max_ms"), float),
            p90_ms=_optional(data.get("p90_ms"), float),
            p99_ms=_optional(data.get("p99_ms"), float),
            p999_ms=_optional(data.get("p999_ms"), float),
            cpu_ms=_optional(data.get("cpu_ms"), float),
            host_ms=_optional(data.get("host_ms"), float),
            enqueue_ms=_optional(data.get("enqueue_ms"), float),
            calls_per_second=_optional(data.get("calls_per_second"), float),
            items_per_second=_optional(data.get("items_per_second"), float),
            latency=_optional(data.get("latency"), BenchLatency.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class BenchLatency:
    """The calls of one client, in milliseconds."""

    calls: int
    """Number of calls."""
    p50_ms: float
    """Median."""
    p90_ms: float
    """9 of 10 calls take at most this."""
    p99_ms: float
    """99 of 100 calls."""
    max_ms: float
    """The longest."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            calls=data["calls"],
            p50_ms=float(data["p50_ms"]),
            p90_ms=float(data["p90_ms"]),
            p99_ms=float(data["p99_ms"]),
            max_ms=float(data["max_ms"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchPass:
    """A pass of a variant."""

    pass_: str
    """Its name with its options."""
    seconds: float
    """How long it took."""
    changed: bool
    """Whether it changed the graph."""
    note: str
    """Its own remark."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            pass_=data["pass"],
            seconds=float(data["seconds"]),
            changed=data["changed"],
            note=data["note"],
        )


@dataclass(frozen=True, kw_only=True)
class BenchDifference:
    """The difference between outputs."""

    same: bool
    """Whether they are the same within the tolerance."""
    identical: bool
    """Whether they are the same bit for bit."""
    max_absolute: float | None
    """The largest absolute difference; null if it is not finite."""
    max_relative: float | None
    """The largest relative difference; null if it is not finite."""
    where: str
    """The place in the outputs; empty if they are identical."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            same=data["same"],
            identical=data["identical"],
            max_absolute=_optional(data["max_absolute"], float),
            max_relative=_optional(data["max_relative"], float),
            where=data["where"],
        )


@dataclass(frozen=True, kw_only=True)
class BenchContrast:
    """A comparison of two variants. The keys after `verdict` are present if times were compared."""

    name: str
    """The variant."""
    passes: str
    """Its passes, as text for --passes."""
    reference: str
    """What it is compared with."""
    verdict: Literal["IDENTICAL", "FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE", "NOT TIMED"]
    """The result."""
    ratio: float | None
    """Time divided by the time of the reference: below 1 is faster."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    speedup: float | None
    """1 / ratio."""
    level: float | None
    """Confidence level of this interval alone, from 0 to 1."""
    interval: Literal["t-over-rounds", "wilcoxon-over-blocks"] | None
    """The method."""
    resolution: float | None
    """Half the width of the interval, relative; null if there is none."""
    sign_flip_p: float | None
    """P-value of the sign-flip test."""
    rounds: int | None
    """Number of rounds."""
    blocks: int | None
    """Number of blocks."""
    round_ratios: list[float] | None
    """The ratio of each round."""
    round_noise: float | None
    """Standard deviation of the round ratios, relative."""
    within_noise: float | None
    """The part of it that noise within a round explains; null if rounds have fewer than four blocks."""
    placement_noise: float | None
    """The rest, which lasts for a round."""
    process_low: float | None
    """The lowest ratio that 19 of 20 single processes would see, if rounds differ by more than noise."""
    process_high: float | None
    """The highest such ratio."""
    more_seconds: float | None
    """Seconds more that would settle the verdict."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            passes=data["passes"],
            reference=data["reference"],
            verdict=data["verdict"],
            ratio=_optional(data.get("ratio"), float),
            low=_optional(data.get("low"), float),
            high=_optional(data.get("high"), float),
            speedup=_optional(data.get("speedup"), float),
            level=_optional(data.get("level"), float),
            interval=data.get("interval"),
            resolution=_optional(data.get("resolution"), float),
            sign_flip_p=_optional(data.get("sign_flip_p"), float),
            rounds=data.get("rounds"),
            blocks=data.get("blocks"),
            round_ratios=_optional(data.get("round_ratios"), lambda value: [float(item) for item in value]),
            round_noise=_optional(data.get("round_noise"), float),
            within_noise=_optional(data.get("within_noise"), float),
            placement_noise=_optional(data.get("placement_noise"), float),
            process_low=_optional(data.get("process_low"), float),
            process_high=_optional(data.get("process_high"), float),
            more_seconds=_optional(data.get("more_seconds"), float),
        )


@dataclass(frozen=True, kw_only=True)
class BenchControl:
    """The baseline against itself."""

    verdict: Literal["IDENTICAL", "FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE"]
    """The result: SAME unless the machine is unfit."""
    ratio: float
    """Time divided by the time of the reference: below 1 is faster."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    speedup: float
    """1 / ratio."""
    level: float
    """Confidence level of this interval alone, from 0 to 1."""
    interval: Literal["t-over-rounds", "wilcoxon-over-blocks"]
    """The method."""
    resolution: float | None
    """Half the width of the interval, relative; null if there is none."""
    sign_flip_p: float
    """P-value of the sign-flip test."""
    rounds: int
    """Number of rounds."""
    blocks: int
    """Number of blocks."""
    round_ratios: list[float]
    """The ratio of each round."""
    round_noise: float
    """Standard deviation of the round ratios, relative."""
    within_noise: float | None
    """The part of it that noise within a round explains; null if rounds have fewer than four blocks."""
    placement_noise: float
    """The rest, which lasts for a round."""
    process_low: float | None
    """The lowest ratio that 19 of 20 single processes would see, if rounds differ by more than noise."""
    process_high: float | None
    """The highest such ratio."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            verdict=data["verdict"],
            ratio=float(data["ratio"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            speedup=float(data["speedup"]),
            level=float(data["level"]),
            interval=data["interval"],
            resolution=_optional(data["resolution"], float),
            sign_flip_p=float(data["sign_flip_p"]),
            rounds=data["rounds"],
            blocks=data["blocks"],
            round_ratios=[float(item) for item in data["round_ratios"]],
            round_noise=float(data["round_noise"]),
            within_noise=_optional(data["within_noise"], float),
            placement_noise=float(data["placement_noise"]),
            process_low=_optional(data.get("process_low"), float),
            process_high=_optional(data.get("process_high"), float),
        )


@dataclass(frozen=True, kw_only=True)
class BenchPlan:
    """How a group of variants was measured."""

    variants: list[int]
    """Numbers of the variants."""
    rounds: int
    """Rounds that were planned."""
    looks: list[int]
    """Numbers of rounds after which the data are looked at."""
    rounds_done: int
    """Rounds that were measured."""
    enough: bool
    """Whether every verdict was reached."""
    blocks: int
    """Blocks of a round."""
    samples_per_slot: int
    """Samples of a slot."""
    calls_per_sample: int
    """Calls of a sample."""
    washout: bool
    """Whether each slot begins with calls that do not count."""
    out_of_time: bool
    """Whether time ran out."""
    seconds: float
    """How long it took, in seconds."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            variants=list(data["variants"]),
            rounds=data["rounds"],
            looks=list(data["looks"]),
            rounds_done=data["rounds_done"],
            enough=data["enough"],
            blocks=data["blocks"],
            samples_per_slot=data["samples_per_slot"],
            calls_per_sample=data["calls_per_sample"],
            washout=data["washout"],
            out_of_time=data["out_of_time"],
            seconds=float(data["seconds"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchRound:
    """A round: fresh instances of all variants of a group."""

    group: int
    """Number of the group."""
    creation_order: list[int | Literal["control"]]
    """Numbers of the variants in the order in which they were made."""
    replanned: list[int | Literal["control"]]
    """Variants whose calls per sample were changed."""
    warmup: list[BenchWarmup]
    """The calls before the blocks."""
    blocks: list[BenchBlock]
    """The blocks."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            group=data["group"],
            creation_order=list(data["creation_order"]),
            replanned=list(data["replanned"]),
            warmup=[BenchWarmup.from_json(item) for item in data["warmup"]],
            blocks=[BenchBlock.from_json(item) for item in data["blocks"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchWarmup:
    """The warm-up of an instance."""

    variant: int | Literal["control"]
    """Number of the variant."""
    make_seconds: float
    """Seconds to make the instance."""
    settled: bool
    """Whether its times settled."""
    seconds: float
    """Seconds of the warm-up."""
    calls: int
    """Number of calls."""
    call_ns: list[float]
    """Nanoseconds of the first 200 calls."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            variant=data["variant"],
            make_seconds=float(data["make_seconds"]),
            settled=data["settled"],
            seconds=float(data["seconds"]),
            calls=data["calls"],
            call_ns=[float(item) for item in data["call_ns"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchBlock:
    """A block: all variants once, in random order."""

    order: list[int | Literal["control"]]
    """Numbers of the variants."""
    slots: list[BenchSlot]
    """The slots in that order."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            order=list(data["order"]),
            slots=[BenchSlot.from_json(item) for item in data["slots"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchSlot:
    """The calls of a variant in a block. Times are in nanoseconds."""

    variant: int | Literal["control"]
    """Number of the variant."""
    start_ns: int
    """Since the start of the measurement."""
    wall_ns: int
    """Duration."""
    cpu_ns: int | None
    """Processor time; null if unknown."""
    involuntary_switches: int | None
    """Number of involuntary context switches; null if unknown."""
    page_faults: int | None
    """Number of page faults; null if unknown."""
    sample_ns: list[int]
    """Time per call of each sample."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            variant=data["variant"],
            start_ns=data["start_ns"],
            wall_ns=data["wall_ns"],
            cpu_ns=data["cpu_ns"],
            involuntary_switches=data["involuntary_switches"],
            page_faults=data["page_faults"],
            sample_ns=list(data["sample_ns"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchShapeChange:
    """Single calls after the inputs of an instance changed, in milliseconds."""

    variant: int
    """Number of the variant."""
    to: str
    """The inputs after the change."""
    from_: str
    """The inputs before the change."""
    failure: str | None
    """Why it was not measured."""
    settled_ms: float | None
    """Before the change."""
    first_ms: float | None
    """The first call after it."""
    second_ms: float | None
    """The second call."""
    settled_again_ms: float | None
    """When times have settled again."""
    calls: int | None
    """Number of calls until then."""
    back_first_ms: float | None
    """The first call after the change back."""
    back_second_ms: float | None
    """The second call after the change back."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            variant=data["variant"],
            to=data["to"],
            from_=data["from"],
            failure=data.get("failure"),
            settled_ms=_optional(data.get("settled_ms"), float),
            first_ms=_optional(data.get("first_ms"), float),
            second_ms=_optional(data.get("second_ms"), float),
            settled_again_ms=_optional(data.get("settled_again_ms"), float),
            calls=data.get("calls"),
            back_first_ms=_optional(data.get("back_first_ms"), float),
            back_second_ms=_optional(data.get("back_second_ms"), float),
        )


@dataclass(frozen=True, kw_only=True)
class BenchTraining:
    """Training steps."""

    optimizer: Literal["sgd", "adam"]
    """The optimizer."""
    learning_rate: float
    """Its learning rate."""
    loss: Literal["mean", "mse", "cross-entropy"]
    """The loss."""
    steps: int
    """Steps after which all is reset."""
    zero_grad_timed: bool
    """Whether zero_grad is timed."""
    variants: list[BenchTrained]
    """The variants that were trained in this process."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            optimizer=data["optimizer"],
            learning_rate=float(data["learning_rate"]),
            loss=data["loss"],
            steps=data["steps"],
            zero_grad_timed=data["zero_grad_timed"],
            variants=[BenchTrained.from_json(item) for item in data["variants"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchTrained:
    """The steps of a variant. Times are medians in milliseconds, present if it was timed."""

    name: str
    """The variant."""
    parameters: int
    """Number of tensors that are trained."""
    weights: int
    """Number of numbers in them."""
    differentiable_graphs: int
    """Number of graphs that LibTorch's autodiff differentiates."""
    losses: list[float]
    """The losses of the first steps."""
    gradient_norms: list[float]
    """The norms of all gradients as one vector."""
    forward_ms: float | None
    """Forward."""
    loss_ms: float | None
    """Loss."""
    backward_ms: float | None
    """Backward."""
    optimizer_ms: float | None
    """Optimizer."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            parameters=data["parameters"],
            weights=data["weights"],
            differentiable_graphs=data["differentiable_graphs"],
            losses=[float(item) for item in data["losses"]],
            gradient_norms=[float(item) for item in data["gradient_norms"]],
            forward_ms=_optional(data.get("forward_ms"), float),
            loss_ms=_optional(data.get("loss_ms"), float),
            backward_ms=_optional(data.get("backward_ms"), float),
            optimizer_ms=_optional(data.get("optimizer_ms"), float),
        )


@dataclass(frozen=True, kw_only=True)
class BenchSavedBaseline:
    """Comparisons with a saved run."""

    file: str
    """Its file."""
    date: str
    """When it was measured."""
    model: str
    """Its model."""
    model_sha1: str
    """SHA-1 of its model; empty if unknown."""
    model_sha1_now: str
    """SHA-1 of the model of this run; empty if unknown."""
    warning: str
    """What such comparisons cannot tell."""
    different_conditions: str
    """Conditions that differ; empty if there are none."""
    comparisons: list[BenchSavedComparison]
    """The variants of both runs."""
    unmatched: list[str]
    """Variants that the saved run does not have."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            file=data["file"],
            date=data["date"],
            model=data["model"],
            model_sha1=data["model_sha1"],
            model_sha1_now=data["model_sha1_now"],
            warning=data["warning"],
            different_conditions=data["different_conditions"],
            comparisons=[BenchSavedComparison.from_json(item) for item in data["comparisons"]],
            unmatched=list(data["unmatched"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchSavedComparison:
    """A variant, now and then."""

    name: str
    """The variant."""
    passes: str
    """Its passes, as text for --passes."""
    median_then_ms: float
    """Median in milliseconds, then."""
    median_now_ms: float
    """Median in milliseconds, now."""
    rounds_then: int
    """Number of rounds, then."""
    rounds_now: int
    """Number of rounds, now."""
    verdict: Literal["IDENTICAL", "FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE"]
    """The result."""
    ratio: float
    """Time divided by the time of the reference: below 1 is faster."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    level: float
    """Confidence level of this interval alone, from 0 to 1."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            passes=data["passes"],
            median_then_ms=float(data["median_then_ms"]),
            median_now_ms=float(data["median_now_ms"]),
            rounds_then=data["rounds_then"],
            rounds_now=data["rounds_now"],
            verdict=data["verdict"],
            ratio=float(data["ratio"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            level=float(data["level"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchAttribution:
    """Which operators the differences come from."""

    rounds: int
    """Number of profiled rounds."""
    blocks: int
    """Number of profiled blocks."""
    seconds: float
    """How long profiling took, in seconds."""
    span_cost_ns: float
    """Nanoseconds that recording an operator takes."""
    failures: list[str]
    """What could not be profiled, one line each."""
    variants: list[BenchProfile]
    """The variants."""
    contrasts: list[BenchAttributed]
    """The comparisons."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            rounds=data["rounds"],
            blocks=data["blocks"],
            seconds=float(data["seconds"]),
            span_cost_ns=float(data["span_cost_ns"]),
            failures=list(data["failures"]),
            variants=[BenchProfile.from_json(item) for item in data["variants"]],
            contrasts=[BenchAttributed.from_json(item) for item in data["contrasts"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchProfile:
    """The operators of a variant. Times are nanoseconds per call of the model."""

    variant: str
    """The variant."""
    measured_ns: float
    """Of a call."""
    attributed_ns: float
    """Of its operators."""
    unattributed_ns: float
    """The rest."""
    profiled_over_plain: float
    """Time of a profiled call divided by that of a plain one."""
    operators: list[BenchOperator]
    """The operators, the longest first."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            variant=data["variant"],
            measured_ns=float(data["measured_ns"]),
            attributed_ns=float(data["attributed_ns"]),
            unattributed_ns=float(data["unattributed_ns"]),
            profiled_over_plain=float(data["profiled_over_plain"]),
            operators=[BenchOperator.from_json(item) for item in data["operators"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchOperator:
    """An operator. Times are nanoseconds per call of the model."""

    operator: str
    """Such as aten::conv2d."""
    ns: float
    """Its time."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if there is none."""
    calls: float
    """Calls per call of the model; 0: not counted."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            operator=data["operator"],
            ns=float(data["ns"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            calls=float(data["calls"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchAttributed:
    """The operators of a comparison. Times are nanoseconds per call of the model."""

    name: str
    """The variant."""
    reference: str
    """What it is compared with."""
    measured_delta_ns: float
    """Difference of the calls."""
    attributed_delta_ns: float
    """Of their operators."""
    unattributed_delta_ns: float
    """The rest."""
    operators: list[BenchOperatorDelta]
    """The operators, the largest differences first."""
    replacements: list[BenchReplacement]
    """Fusion groups, and what they replaced."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            reference=data["reference"],
            measured_delta_ns=float(data["measured_delta_ns"]),
            attributed_delta_ns=float(data["attributed_delta_ns"]),
            unattributed_delta_ns=float(data["unattributed_delta_ns"]),
            operators=[BenchOperatorDelta.from_json(item) for item in data["operators"]],
            replacements=[BenchReplacement.from_json(item) for item in data["replacements"]],
        )


@dataclass(frozen=True, kw_only=True)
class BenchOperatorDelta:
    """An operator of a comparison. Times are nanoseconds per call of the model."""

    operator: str
    """Such as aten::conv2d."""
    reference_ns: float
    """In the reference."""
    ns: float
    """In the variant."""
    delta_ns: float
    """The difference."""
    low: float | None
    """Lower end of its interval; null if there is none."""
    high: float | None
    """Upper end; null if there is none."""
    reference_calls: float
    """Calls in the reference; 0: not counted."""
    calls: float
    """Calls in the variant; 0: not counted."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            operator=data["operator"],
            reference_ns=float(data["reference_ns"]),
            ns=float(data["ns"]),
            delta_ns=float(data["delta_ns"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            reference_calls=float(data["reference_calls"]),
            calls=float(data["calls"]),
        )


@dataclass(frozen=True, kw_only=True)
class BenchReplacement:
    """Fusion groups, and the operators that they replaced."""

    groups: list[str]
    """The groups."""
    groups_delta_ns: float
    """Their time, in nanoseconds per call of the model."""
    operators: list[str]
    """The operators."""
    operators_delta_ns: float
    """The change of their time, in nanoseconds per call of the model."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            groups=list(data["groups"]),
            groups_delta_ns=float(data["groups_delta_ns"]),
            operators=list(data["operators"]),
            operators_delta_ns=float(data["operators_delta_ns"]),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Bench(Output):
    """The output of `tsir bench --json`. `context` and `benchmarks` have google/benchmark's format; everything else
    is under `tsir`.
    """

    context: BenchContext | None
    """Null if nothing was measured."""
    benchmarks: list[BenchRow]
    """Rows for google/benchmark's tools."""
    tsir: BenchReport | BenchSweep
    """A bench at one point, or at several."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            context=_optional(data["context"], BenchContext.from_json),
            benchmarks=[BenchRow.from_json(item) for item in data["benchmarks"]],
            tsir=BenchReport.from_json(data["tsir"]) if "threads" in data["tsir"] else BenchSweep.from_json(data["tsir"]),
        )


@dataclass(frozen=True, kw_only=True)
class BisectState:
    """A state that was tested."""

    passes: int
    """Number of passes that were run."""
    bad: bool
    """Whether the failure shows."""
    what: str
    """What was found."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            passes=data["passes"],
            bad=data["bad"],
            what=data["what"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Bisect(Output):
    """The output of `tsir bisect --json`. The keys from `pass` on are present if a failure was found."""

    schema: Literal["tsir.bisect/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    passes: str
    """The passes, as text for --passes."""
    found: bool
    """Whether there is a failure."""
    tested: list[BisectState]
    """The states that were tested, in the order of the tests."""
    pass_: str | None
    """The first bad pass, with its options."""
    index: int | None
    """Its place among the passes, from 1."""
    before: str | None
    """What was found before it."""
    after: str | None
    """What was found after it."""
    hidden: bool | None
    """Whether a later pass hides the failure."""
    steady: bool | None
    """Whether a second test gave the same result."""
    opt_limit: str | None
    """The pass that LibTorch's own counter of applications was set for, as in PYTORCH_JIT_OPT_LIMIT; null if it was
    not used.
    """
    application: int | None
    """The application of that pass that causes the failure, from 1; null if unknown."""
    application_diff: str | None
    """What it changed, as a unified diff."""
    reproducer: str | None
    """The folder of a reproducer; empty if there is none."""
    see_again: str | None
    """The command that shows the failure."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            passes=data["passes"],
            found=data["found"],
            tested=[BisectState.from_json(item) for item in data["tested"]],
            pass_=data.get("pass"),
            index=data.get("index"),
            before=data.get("before"),
            after=data.get("after"),
            hidden=data.get("hidden"),
            steady=data.get("steady"),
            opt_limit=data.get("opt_limit"),
            application=data.get("application"),
            application_diff=data.get("application_diff"),
            reproducer=data.get("reproducer"),
            see_again=data.get("see_again"),
        )


@dataclass(frozen=True, kw_only=True)
class DiffNode:
    """A node that differs."""

    change: Literal["removed", "added", "changed"]
    """How it differs."""
    where: str
    """The block that holds it; empty for the graph itself."""
    before: str | None
    """The node in the first graph, as text."""
    after: str | None
    """The node in the second graph, as text."""
    details: list[str] | None
    """What changed, one line each."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            change=data["change"],
            where=data["where"],
            before=data.get("before"),
            after=data.get("after"),
            details=_optional(data.get("details"), list),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Diff(Output):
    """The output of `tsir diff --json`."""

    schema: Literal["tsir.diff/1"]
    """The kind and version of this output."""
    before: str
    """The first graph: file, method and passes."""
    after: str
    """The second graph."""
    differ: bool
    """Whether they differ."""
    same_nodes: int
    """Number of nodes that are the same."""
    interface: list[str]
    """Differences of inputs and outputs, one line each."""
    nodes: list[DiffNode]
    """Nodes that differ."""
    attributes: list[str]
    """Attributes of the modules that differ, one line each."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            before=data["before"],
            after=data["after"],
            differ=data["differ"],
            same_nodes=data["same_nodes"],
            interface=list(data["interface"]),
            nodes=[DiffNode.from_json(item) for item in data["nodes"]],
            attributes=list(data["attributes"]),
        )


@dataclass(frozen=True, kw_only=True)
class DumpArchive:
    """The archive as a whole. Sizes are in bytes, before compression."""

    bytes: int
    """Size of the file in bytes."""
    version: int | None
    """Version of the format; null if the archive has none."""
    written_by: str
    """The versions of PyTorch that may have written it."""
    entries: int
    """Number of entries."""
    code_files: int
    """Number of files of code."""
    code_bytes: int
    """Their size in bytes."""
    tensor_files: int
    """Number of entries with the contents of tensors."""
    tensor_bytes: int
    """Their size in bytes."""
    lite_bytecode: bool
    """Whether the archive also holds bytecode for the lite interpreter."""
    extra_files: list[str]
    """Names of files that the author stored beside the module."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            bytes=data["bytes"],
            version=data["version"],
            written_by=data["written_by"],
            entries=data["entries"],
            code_files=data["code_files"],
            code_bytes=data["code_bytes"],
            tensor_files=data["tensor_files"],
            tensor_bytes=data["tensor_bytes"],
            lite_bytecode=data["lite_bytecode"],
            extra_files=list(data["extra_files"]),
        )


@dataclass(frozen=True, kw_only=True)
class DumpModule:
    """What the module is, and what it needs and does."""

    class_: str
    """The qualified name of its class."""
    training: bool | None
    """Whether it is in training mode; null if it does not have the attribute."""
    methods: list[DumpMethod]
    """The methods of the module itself."""
    parameters: list[DumpTensors]
    """The parameters, by dtype and device."""
    buffers: list[DumpTensors]
    """The buffers."""
    other_tensors: list[DumpTensors]
    """Tensors in lists and dicts, and in the states of __setstate__."""
    constants: list[DumpTensors]
    """The constants of the code."""
    submodules: int
    """Number of submodules, at all depths."""
    side_effects: list[DumpEffect]
    """Effects of all methods."""
    traits: list[DumpEffect]
    """What a user of the model may not expect."""
    hooks: list[str]
    """Hooks that are called before and after forward."""
    setstate_classes: list[str]
    """Classes with a __setstate__, which runs when the module is loaded fully."""
    custom_operators: list[str]
    """Operators from outside LibTorch that the code needs."""
    custom_classes: list[str]
    """C++ classes from outside LibTorch that the code needs."""
    bundled_inputs: bool
    """Whether example inputs are bundled with the module."""
    traced_inputs: list[str]
    """The inputs that forward was traced with, as texts such as float32[1,3,16,16]."""
    sizes: str
    """What running two sizes of batch showed about sizes; empty if the model was not run."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            class_=data["class"],
            training=data["training"],
            methods=[DumpMethod.from_json(item) for item in data["methods"]],
            parameters=[DumpTensors.from_json(item) for item in data["parameters"]],
            buffers=[DumpTensors.from_json(item) for item in data["buffers"]],
            other_tensors=[DumpTensors.from_json(item) for item in data["other_tensors"]],
            constants=[DumpTensors.from_json(item) for item in data["constants"]],
            submodules=data["submodules"],
            side_effects=[DumpEffect.from_json(item) for item in data["side_effects"]],
            traits=[DumpEffect.from_json(item) for item in data["traits"]],
            hooks=list(data["hooks"]),
            setstate_classes=list(data["setstate_classes"]),
            custom_operators=list(data["custom_operators"]),
            custom_classes=list(data["custom_classes"]),
            bundled_inputs=data["bundled_inputs"],
            traced_inputs=list(data["traced_inputs"]),
            sizes=data["sizes"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpMethod:
    """A method of the module."""

    name: str
    """Its name."""
    schema: str
    """Its arguments and results, without self."""
    nodes: int
    """Number of nodes in its own graph."""
    inlined_nodes: int | None
    """Number of nodes with all calls inlined; null if that would be too large."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            schema=data["schema"],
            nodes=data["nodes"],
            inlined_nodes=data["inlined_nodes"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpTensors:
    """The tensors of one dtype on one device. Shared memory is counted once."""

    dtype: str
    """Such as float32."""
    device: str
    """Such as cpu."""
    tensors: int
    """Number of tensors."""
    elements: int
    """Number of elements."""
    bytes: int
    """Size in bytes."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            dtype=data["dtype"],
            device=data["device"],
            tensors=data["tensors"],
            elements=data["elements"],
            bytes=data["bytes"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpEffect:
    """Something that the model's code does besides computing its result."""

    operator: str
    """The operator or statement, such as aten::save."""
    effect: str
    """What it does, such as 'writes a file'."""
    place: str
    """FILE:LINE in the source; empty if unknown."""
    conditional: bool
    """Whether it is inside an if or a loop."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            operator=data["operator"],
            effect=data["effect"],
            place=data["place"],
            conditional=data["conditional"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpMethodSchema:
    """A method and its arguments."""

    name: str
    """Such as layer1.forward."""
    schema: str
    """Its arguments and results, without self."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            schema=data["schema"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpMethodSize:
    """A method with its size."""

    name: str
    """Such as layer1.forward."""
    schema: str
    """Its arguments and results, without self."""
    nodes: int
    """Number of nodes in its own graph."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            schema=data["schema"],
            nodes=data["nodes"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpGraph:
    """A graph as text."""

    title: str
    """Such as 'forward, all calls inlined'."""
    method: str
    """The method it belongs to."""
    nodes: int
    """Number of nodes."""
    text: str
    """The graph in LibTorch's format."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            title=data["title"],
            method=data["method"],
            nodes=data["nodes"],
            text=data["text"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpAttribute:
    """An attribute or a constant."""

    name: str
    """Such as fc1.weight."""
    kind: Literal["parameter", "buffer", "attribute", "module", "unset", "constant"]
    """What it is."""
    type: str
    """Its type in TorchScript."""
    device: str
    """Of a tensor; else empty."""
    value: str
    """The value as text, shortened."""
    shared_with: str
    """The first attribute that is the same tensor; empty if there is none."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            kind=data["kind"],
            type=data["type"],
            device=data["device"],
            value=data["value"],
            shared_with=data["shared_with"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpFile:
    """An entry of the archive."""

    name: str
    """Its name."""
    bytes: int
    """Size in bytes, before compression."""
    stored_bytes: int
    """Size in bytes within the archive."""
    compressed: bool
    """Whether it is compressed."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            bytes=data["bytes"],
            stored_bytes=data["stored_bytes"],
            compressed=data["compressed"],
        )


@dataclass(frozen=True, kw_only=True)
class DumpStorage:
    """The memory of one or more tensors."""

    entry: str
    """The entry of the archive; empty if it is not one."""
    bytes: int
    """Size in bytes."""
    seen_bytes: int
    """Bytes that at least one of the tensors shows."""
    tensors: list[str]
    """The tensors, such as 'fc.weight float32[10,4]'."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            entry=data["entry"],
            bytes=data["bytes"],
            seen_bytes=data["seen_bytes"],
            tensors=list(data["tensors"]),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Dump(Output):
    """The output of `tsir dump --json`. Sections that were not requested are absent."""

    schema: Literal["tsir.dump/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    kind: str
    """What the file is, such as 'a TorchScript module'."""
    problem: str | None
    """Why the rest of the file cannot be shown, in one line; null if nothing is missing."""
    archive: DumpArchive | None
    """The zip archive; absent for everything that is given as text."""
    module: DumpModule | None
    """The module; absent for a graph given as text and for a file that cannot be compiled."""
    operators_of: str
    """The method whose operators are counted."""
    operators: dict[str, int]
    """Number of nodes of each kind of operator in that method, with all calls inlined."""
    overloads_of: str | None
    """The method whose overloads are counted, or 'all methods'; with the section ops."""
    overloads: dict[str, int] | None
    """Number of nodes of each overload, such as aten::add.Tensor."""
    schemas: list[DumpMethodSchema] | None
    """The methods of the module and of its submodules; with the section schema."""
    all_methods: list[DumpMethodSize] | None
    """The methods with their sizes; with the section methods."""
    graphs: list[DumpGraph] | None
    """The graphs of the method; with the section graph."""
    code: dict[str, str] | None
    """The source text of each file of code; with the section code."""
    attributes: list[DumpAttribute] | None
    """Parameters, buffers and other attributes; with the section attributes."""
    constant_values: list[DumpAttribute] | None
    """The constants of the code; with the section constants."""
    files: list[DumpFile] | None
    """The entries of the archive; with the section files."""
    storages: list[DumpStorage] | None
    """The memory of tensors; with the section storages."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            kind=data["kind"],
            problem=data["problem"],
            archive=_optional(data.get("archive"), DumpArchive.from_json),
            module=_optional(data.get("module"), DumpModule.from_json),
            operators_of=data["operators_of"],
            operators=dict(data["operators"]),
            overloads_of=data.get("overloads_of"),
            overloads=_optional(data.get("overloads"), dict),
            schemas=_optional(data.get("schemas"), lambda value: [DumpMethodSchema.from_json(item) for item in value]),
            all_methods=_optional(data.get("all_methods"), lambda value: [DumpMethodSize.from_json(item) for item in value]),
            graphs=_optional(data.get("graphs"), lambda value: [DumpGraph.from_json(item) for item in value]),
            code=_optional(data.get("code"), dict),
            attributes=_optional(data.get("attributes"), lambda value: [DumpAttribute.from_json(item) for item in value]),
            constant_values=_optional(data.get("constant_values"), lambda value: [DumpAttribute.from_json(item) for item in value]),
            files=_optional(data.get("files"), lambda value: [DumpFile.from_json(item) for item in value]),
            storages=_optional(data.get("storages"), lambda value: [DumpStorage.from_json(item) for item in value]),
        )


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """A function."""

    function: str
    """Its name."""
    reason: str
    """Why it is not offered."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            function=data["function"],
            reason=data["reason"],
        )


@dataclass(frozen=True, kw_only=True)
class OptPass:
    """What a pass did."""

    pass_: str
    """Its name."""
    use: str
    """Its name with its options."""
    passes: str
    """The passes that reproduce the state after it, as text for --passes."""
    changed: bool
    """Whether it changed the graph."""
    seconds: float
    """How long it took."""
    note: str
    """Its own remark; empty if there is none."""
    nodes_before: int
    """Number of nodes before it."""
    nodes_after: int
    """Number of nodes after it."""
    operators: dict[str, int]
    """The kinds of operators whose number changed: how many were added; negative: removed."""
    report: Any
    """The findings of an analysis. Those of tsir's own analyses are described below, under the names that `allOf`
    gives; a pass of a plugin may report anything.
    """

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            pass_=data["pass"],
            use=data["use"],
            passes=data["passes"],
            changed=data["changed"],
            seconds=float(data["seconds"]),
            note=data["note"],
            nodes_before=data["nodes_before"],
            nodes_after=data["nodes_after"],
            operators=dict(data["operators"]),
            report=data.get("report"),
        )


@dataclass(frozen=True, kw_only=True)
class AliasSets:
    """The findings of print-alias-sets."""

    sets: list[list[str]]
    """Sets of values that may share memory."""
    outside: list[str]
    """Values that may share memory with the inputs, the module and one another."""
    alone: int
    """Number of values with memory of their own."""
    containers: list[AliasContainer]
    """Lists, tuples and dicts with what they may hold."""
    writes: list[AliasWrite]
    """Writes in place."""
    outputs: list[AliasOutput]
    """The outputs of the graph."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            sets=[list(item) for item in data["sets"]],
            outside=list(data["outside"]),
            alone=data["alone"],
            containers=[AliasContainer.from_json(item) for item in data["containers"]],
            writes=[AliasWrite.from_json(item) for item in data["writes"]],
            outputs=[AliasOutput.from_json(item) for item in data["outputs"]],
        )


@dataclass(frozen=True, kw_only=True)
class AliasContainer:
    """A container."""

    value: str
    """Its name."""
    holds: list[str]
    """Values that it may hold."""
    holds_outside: bool
    """Whether it may hold values from outside the graph."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            value=data["value"],
            holds=list(data["holds"]),
            holds_outside=data["holds_outside"],
        )


@dataclass(frozen=True, kw_only=True)
class AliasWrite:
    """A node that writes in place."""

    node: str
    """The node."""
    values: list[str]
    """The values that it writes to."""
    to_outside: bool
    """Whether it may write to memory from outside the graph."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            node=data["node"],
            values=list(data["values"]),
            to_outside=data["to_outside"],
        )


@dataclass(frozen=True, kw_only=True)
class AliasOutput:
    """An output of the graph."""

    value: str
    """Its name."""
    may_be_input: bool
    """Whether it may share memory with an input or the module."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            value=data["value"],
            may_be_input=data["may_be_input"],
        )


@dataclass(frozen=True, kw_only=True)
class Liveness:
    """The findings of print-liveness. Sizes are in bytes."""

    input_bytes: int
    """Of inputs, live for the whole run."""
    weight_bytes: int
    """Of weights, live for the whole run."""
    peak_bytes: int
    """The most bytes of tensors of the graph at one time."""
    peak_node: str | None
    """The node at which that is reached; null if the graph makes no tensors."""
    peak_parts: list[LivenessPart]
    """The tensors at that point, the largest first."""
    unknown_size: list[str]
    """Values that are not counted, because their size is unknown."""
    nodes: list[LivenessNode]
    """The nodes, in order."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            input_bytes=data["input_bytes"],
            weight_bytes=data["weight_bytes"],
            peak_bytes=data["peak_bytes"],
            peak_node=data["peak_node"],
            peak_parts=[LivenessPart.from_json(item) for item in data["peak_parts"]],
            unknown_size=list(data["unknown_size"]),
            nodes=[LivenessNode.from_json(item) for item in data["nodes"]],
        )


@dataclass(frozen=True, kw_only=True)
class LivenessPart:
    """A tensor that is live at the peak."""

    value: str
    """Its name."""
    bytes: int
    """Its size in bytes."""
    operator: str
    """The operator that makes it."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            value=data["value"],
            bytes=data["bytes"],
            operator=data["operator"],
        )


@dataclass(frozen=True, kw_only=True)
class LivenessNode:
    """A node."""

    node: str
    """The node."""
    bytes_during: int
    """Bytes in use while it runs."""
    bytes_after: int
    """Bytes in use after it."""
    alive_after: list[str]
    """Tensors that a later node needs."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            node=data["node"],
            bytes_during=data["bytes_during"],
            bytes_after=data["bytes_after"],
            alive_after=list(data["alive_after"]),
        )


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """The findings of print-shapes."""

    tensors: list[ShapesTensor]
    """All tensors of the graph, in order."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            tensors=[ShapesTensor.from_json(item) for item in data["tensors"]],
        )


@dataclass(frozen=True, kw_only=True)
class ShapesTensor:
    """A tensor."""

    value: str
    """Its name."""
    from_: str
    """The operator that makes it, or 'input'."""
    unknown: str | None
    """Why nothing is known about it."""
    dtype: str | None
    """Such as float32; '?' if it differed."""
    shape: str | None
    """Such as [2, *], where * marks sizes that differed."""
    layout: str | None
    """Such as contiguous."""
    device: str | None
    """Such as cpu."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            value=data["value"],
            from_=data["from"],
            unknown=data.get("unknown"),
            dtype=data.get("dtype"),
            shape=data.get("shape"),
            layout=data.get("layout"),
            device=data.get("device"),
        )


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The findings of print-cost, for one call."""

    flops: float
    """Floating point operations."""
    product_flops: float
    """Those of matrix products, convolutions, attention and recurrent layers."""
    bytes_read: float
    """Bytes that operators read."""
    bytes_written: float
    """Bytes that operators write."""
    flops_per_byte: float
    """Operations per byte; 0 if no bytes move."""
    nodes_not_reached: int
    """Number of nodes in blocks that did not run."""
    nodes_of_unknown_bytes: int
    """Number of nodes with a tensor of unknown size."""
    operators: list[CostOperator]
    """The operators, those with the most operations first."""
    nodes: list[CostNode]
    """The nodes that ran, in order."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            flops=float(data["flops"]),
            product_flops=float(data["product_flops"]),
            bytes_read=float(data["bytes_read"]),
            bytes_written=float(data["bytes_written"]),
            flops_per_byte=float(data["flops_per_byte"]),
            nodes_not_reached=data["nodes_not_reached"],
            nodes_of_unknown_bytes=data["nodes_of_unknown_bytes"],
            operators=[CostOperator.from_json(item) for item in data["operators"]],
            nodes=[CostNode.from_json(item) for item in data["nodes"]],
        )


@dataclass(frozen=True, kw_only=True)
class CostOperator:
    """All nodes of an operator."""

    operator: str
    """Such as aten::conv2d."""
    nodes: int
    """Number of nodes."""
    flops: float
    """Floating point operations."""
    bytes_read: float
    """Bytes read."""
    bytes_written: float
    """Bytes written."""
    nodes_not_counted: int
    """Number of nodes whose operations are not counted."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            operator=data["operator"],
            nodes=data["nodes"],
            flops=float(data["flops"]),
            bytes_read=float(data["bytes_read"]),
            bytes_written=float(data["bytes_written"]),
            nodes_not_counted=data["nodes_not_counted"],
        )


@dataclass(frozen=True, kw_only=True)
class CostNode:
    """A node."""

    node: str
    """The node."""
    operator: str
    """Such as aten::conv2d."""
    runs: int
    """How often it ran."""
    class_: Literal["product", "pointwise", "none"]
    """The class of its formula."""
    flops: float | None
    """Floating point operations of all runs; null if they are not counted."""
    not_counted: str | None
    """Why they are not counted."""
    bytes_read: float
    """Bytes read in all runs."""
    bytes_written: float
    """Bytes written in all runs."""
    bytes_known: bool
    """Whether the sizes of all its tensors are known."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            node=data["node"],
            operator=data["operator"],
            runs=data["runs"],
            class_=data["class"],
            flops=_optional(data["flops"], float),
            not_counted=data.get("not_counted"),
            bytes_read=float(data["bytes_read"]),
            bytes_written=float(data["bytes_written"]),
            bytes_known=data["bytes_known"],
        )


@dataclass(frozen=True, kw_only=True)
class FusionCandidates:
    """The findings of print-fusion-candidates."""

    fusers: list[FusionFuser]
    """The fusers that were tried."""
    nodes: list[FusionNode]
    """The nodes that a fuser may take."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            fusers=[FusionFuser.from_json(item) for item in data["fusers"]],
            nodes=[FusionNode.from_json(item) for item in data["nodes"]],
        )


@dataclass(frozen=True, kw_only=True)
class FusionFuser:
    """A fuser."""

    pass_: str
    """Its pass, such as fuse-onednn-graph."""
    groups: int
    """Number of groups that it forms."""
    failure: str | None
    """Why it could not be tried."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            pass_=data["pass"],
            groups=data["groups"],
            failure=data.get("failure"),
        )


@dataclass(frozen=True, kw_only=True)
class FusionNode:
    """A node, with the verdict of each fuser."""

    node: str
    """The node."""
    operator: str
    """Such as aten::conv2d."""
    fuse_tensor_exprs: FusionVerdict
    """What a fuser does with a node."""
    fuse_onednn_graph: FusionVerdict
    """What a fuser does with a node."""
    fuse_graph: FusionVerdict
    """What a fuser does with a node."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            node=data["node"],
            operator=data["operator"],
            fuse_tensor_exprs=FusionVerdict.from_json(data["fuse-tensor-exprs"]),
            fuse_onednn_graph=FusionVerdict.from_json(data["fuse-onednn-graph"]),
            fuse_graph=FusionVerdict.from_json(data["fuse-graph"]),
        )


@dataclass(frozen=True, kw_only=True)
class FusionVerdict:
    """What a fuser does with a node."""

    fused: bool
    """Whether it takes the node."""
    group: int | None
    """The number of the group, from 1."""
    why_not: str | None
    """Why it does not take the node."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            fused=data["fused"],
            group=data.get("group"),
            why_not=data.get("why_not"),
        )


@dataclass(frozen=True, kw_only=True)
class Differentiability:
    """The findings of print-differentiability."""

    whole_graph: bool
    """Whether the whole graph can be differentiated symbolically."""
    counts: DifferentiabilityCounts
    """Number of nodes by kind of gradient."""
    groups: list[list[str]]
    """The nodes of each group that is differentiated symbolically."""
    groups_unknown: str | None
    """Why the groups are unknown."""
    nodes: list[DifferentiabilityNode]
    """The operators that return tensors, in order."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            whole_graph=data["whole_graph"],
            counts=DifferentiabilityCounts.from_json(data["counts"]),
            groups=[list(item) for item in data["groups"]],
            groups_unknown=data.get("groups_unknown"),
            nodes=[DifferentiabilityNode.from_json(item) for item in data["nodes"]],
        )


@dataclass(frozen=True, kw_only=True)
class DifferentiabilityCounts:
    """Number of nodes by kind of gradient."""

    symbolic: int
    """Differentiated symbolically."""
    autograd: int
    """Left to autograd."""
    cut: int
    """Where gradients stop."""
    none: int
    """Without a gradient."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            symbolic=data["symbolic"],
            autograd=data["autograd"],
            cut=data["cut"],
            none=data["none"],
        )


@dataclass(frozen=True, kw_only=True)
class DifferentiabilityNode:
    """A node."""

    node: str
    """The node."""
    operator: str
    """Such as aten::conv2d."""
    gradient: Literal["symbolic", "autograd", "cut", "none"]
    """The kind of its gradient."""
    why: str | None
    """The reason."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            node=data["node"],
            operator=data["operator"],
            gradient=data["gradient"],
            why=data.get("why"),
        )


@dataclass(frozen=True, kw_only=True)
class Compilable:
    """The finding of is-graph-compilable."""

    compilable: bool
    """Whether all types are as complete as NNC needs them."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            compilable=data["compilable"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Opt(Output):
    """The output of `tsir opt --json`: for each graph of the file, one such object."""

    schema: Literal["tsir.opt/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    method: str
    """The method, or the name of the graph."""
    passes: str
    """The passes that reproduce the result, as text for --passes."""
    ran: list[OptPass]
    """One record for each pass, in order."""
    graph: str
    """The graph after all passes, as text; with a module, the text of the whole module."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            method=data["method"],
            passes=data["passes"],
            ran=[OptPass.from_json(item) for item in data["ran"]],
            graph=data["graph"],
        )


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A pass, or a preset, which stands for several."""

    name: str
    """Its name."""
    aliases: list[str]
    """Other names."""
    function: str
    """The function of LibTorch."""
    header: str | None
    """The header that declares it."""
    kind: Literal["graph", "module", "profiled", "analysis", "preset"]
    """What it works on."""
    needs: list[Literal["module", "eval", "frozen", "inlined", "inputs", "gradients", "profile-nodes", "no-mutation", "observed", "quantized", "mkldnn", "cuda", "cxx-compiler"]]
    """Conditions for the pass to do its work."""
    options: list[PassOption]
    """Its options."""
    changes_numerics: bool | None
    """Whether results may differ by rounding."""
    lowers_precision: bool | None
    """Whether it computes in a type of fewer bits."""
    runs_operators: bool | None
    """Whether it runs operators of the model."""
    savable: bool | None
    """Whether a .pt can hold the result."""
    executable: bool | None
    """Whether the result can be run."""
    keeps_interface: bool | None
    """Whether inputs and outputs stay."""
    idempotent: bool | None
    """Whether a second run changes nothing more."""
    order: str | None
    """When to run it; empty if that does not matter."""
    looks_for: str | None
    """What it looks for."""
    upstream: list[PassDefect] | None
    """Known defects of LibTorch."""
    pipeline: str | None
    """The passes of a preset, as text for --passes."""
    summary: str
    """One line."""
    description: str
    """What it does."""
    example: str | None
    """A graph or a function to show it on; empty if there is none."""
    example_inputs: list[str] | None
    """Inputs for the example."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            aliases=list(data["aliases"]),
            function=data["function"],
            header=data.get("header"),
            kind=data["kind"],
            needs=list(data["needs"]),
            options=[PassOption.from_json(item) for item in data["options"]],
            changes_numerics=data.get("changes_numerics"),
            lowers_precision=data.get("lowers_precision"),
            runs_operators=data.get("runs_operators"),
            savable=data.get("savable"),
            executable=data.get("executable"),
            keeps_interface=data.get("keeps_interface"),
            idempotent=data.get("idempotent"),
            order=data.get("order"),
            looks_for=data.get("looks_for"),
            upstream=_optional(data.get("upstream"), lambda value: [PassDefect.from_json(item) for item in value]),
            pipeline=data.get("pipeline"),
            summary=data["summary"],
            description=data["description"],
            example=data.get("example"),
            example_inputs=_optional(data.get("example_inputs"), list),
        )


@dataclass(frozen=True, kw_only=True)
class PassOption:
    """An option of a pass."""

    name: str
    """Its name."""
    type: Literal["bool", "int", "float", "string", "list"]
    """Its type."""
    default: Any
    """Its default, of that type."""
    help: str
    """One line."""
    choices: list[str]
    """The values that it may have; empty if any."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data["name"],
            type=data["type"],
            default=data["default"],
            help=data["help"],
            choices=list(data["choices"]),
        )


@dataclass(frozen=True, kw_only=True)
class PassDefect:
    """A known defect of LibTorch."""

    issue: str
    """Its report."""
    what: str
    """What happens."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            issue=data["issue"],
            what=data["what"],
        )


@dataclass(frozen=True, kw_only=True)
class MixPart:
    """Inputs of some of the calls."""

    inputs: str
    """All inputs as one text, as --input-set takes them."""
    calls: int
    """Number of calls with them in each cycle."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            inputs=data["inputs"],
            calls=data["calls"],
        )


@dataclass(frozen=True, kw_only=True)
class TuneSettings:
    """Settings of the program that runs the module."""

    executor: Literal["as-is", "profiling", "simple"]
    """How the module is run."""
    threads: int
    """Number of threads within an operator; 0: LibTorch's choice."""
    interop_threads: int
    """Number of threads between operators; 0: LibTorch's choice."""
    profiled_runs: int
    """Number of runs that LibTorch's executor profiles; 0: its default."""
    fusion_strategy: str
    """How often LibTorch's executor compiles fused graphs again for other shapes: STATIC:2,DYNAMIC:10; empty: its
    default.
    """
    onednn_fusion: bool
    """Whether LibTorch's executor fuses with oneDNN Graph."""
    inference_mode: bool
    """Whether c10::InferenceMode is on."""
    flush_denormal: bool
    """Whether denormal numbers are flushed to zero."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            executor=data["executor"],
            threads=data["threads"],
            interop_threads=data["interop_threads"],
            profiled_runs=data["profiled_runs"],
            fusion_strategy=data["fusion_strategy"],
            onednn_fusion=data["onednn_fusion"],
            inference_mode=data["inference_mode"],
            flush_denormal=data["flush_denormal"],
        )


@dataclass(frozen=True, kw_only=True)
class TuneRatio:
    """A ratio from the race."""

    ratio: float
    """The goal's figure divided by that of the module as loaded: below 1 is better."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    rounds: int
    """Number of rounds."""
    level: float
    """Confidence level of the interval, from 0 to 1."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            ratio=float(data["ratio"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            rounds=data["rounds"],
            level=float(data["level"]),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Recipe(Output):
    """The file of `tsir tune --recipe`, for `tsir apply`."""

    schema: Literal["tsir.recipe/1"]
    """The kind and version of this file."""
    made_by: str
    """The tsir that wrote it."""
    date: str
    """Local time, ISO 8601 with offset."""
    model: str
    """The name of the model's file."""
    sha1: str
    """Its SHA-1."""
    method: str
    """The method."""
    goal: Literal["latency", "p99", "throughput", "first-call", "memory"]
    """What was made small."""
    inputs: list[str]
    """The inputs as they were given; empty if they came from a file or from the model."""
    mix: list[MixPart] | None
    """Inputs that calls take in turn; empty if all calls have the same."""
    conditions: dict[str, str]
    """What it holds for."""
    parts: list[str]
    """Parts of the search space, such as freeze; empty: as loaded."""
    passes: str
    """The passes, as text for --passes."""
    settings: TuneSettings
    """Settings of the program that runs the module."""
    savable: bool
    """Whether a .pt can hold the result."""
    compared: bool
    """Whether outputs were compared."""
    drift: float | None
    """The largest absolute difference of outputs."""
    further_inputs: int
    """Number of further sets of inputs on which outputs were compared."""
    confirmed: TuneRatio
    """Measured again."""
    faster: bool
    """Whether that shows it to be faster."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            made_by=data["made_by"],
            date=data["date"],
            model=data["model"],
            sha1=data["sha1"],
            method=data["method"],
            goal=data["goal"],
            inputs=list(data["inputs"]),
            mix=_optional(data.get("mix"), lambda value: [MixPart.from_json(item) for item in value]),
            conditions=dict(data["conditions"]),
            parts=list(data["parts"]),
            passes=data["passes"],
            settings=TuneSettings.from_json(data["settings"]),
            savable=data["savable"],
            compared=data["compared"],
            drift=_optional(data["drift"], float),
            further_inputs=data["further_inputs"],
            confirmed=TuneRatio.from_json(data["confirmed"]),
            faster=data["faster"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Reduce(Output):
    """The output of `tsir reduce --json`."""

    schema: Literal["tsir.reduce/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    output: str
    """The file that was written."""
    nodes_before: int
    """Number of nodes of the start."""
    nodes: int
    """Number of nodes of the result."""
    trials: int
    """Number of trials."""
    kept: int
    """Number of trials that kept the failure."""
    seconds: float
    """How long it took."""
    complete: bool
    """Whether no further reduction is possible."""
    start: str
    """The passes that made the start, as text for --passes."""
    passes: str
    """The passes that fail, as text for --passes."""
    what: str
    """The failure, in one line."""
    subcommand: str
    """The subcommand that shows it."""
    arguments: list[str]
    """The arguments of that subcommand."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            output=data["output"],
            nodes_before=data["nodes_before"],
            nodes=data["nodes"],
            trials=data["trials"],
            kept=data["kept"],
            seconds=float(data["seconds"]),
            complete=data["complete"],
            start=data["start"],
            passes=data["passes"],
            what=data["what"],
            subcommand=data["subcommand"],
            arguments=list(data["arguments"]),
        )


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A table."""

    columns: list[str]
    """Its headings."""
    rows: list[list[str]]
    """Its rows."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            columns=list(data.get("columns", [])),
            rows=[list(item) for item in data.get("rows", [])],
        )


@dataclass(frozen=True, kw_only=True)
class ReportPass:
    """A pass."""

    name: str
    """Its name."""
    use: str
    """Its name with its options."""
    passes: str
    """The passes that reproduce the state after it, as text for --passes."""
    changed: bool
    """Whether it changed the graph."""
    failure: str
    """Why it has no result."""
    seconds: float
    """How long it took."""
    note: str
    """Its own remark."""
    analysis: str
    """The report of an analysis."""
    nodes_before: int
    """Number of nodes before it."""
    nodes_after: int
    """Number of nodes after it."""
    operators: list[tuple[str, int]]
    """Operators whose number changed: name, and how many were added; negative: removed."""
    verdict: str
    """The verdict of verify."""
    verdict_detail: str
    """Its reason."""
    reproduce: str
    """The command that verifies the pass."""
    speed: ReportSpeed | None
    """Against the state before it."""
    speed_from_start: ReportSpeed | None
    """Against the start."""
    profile: list[tuple[str, str]]
    """The time of each operator after it: name and time."""
    diff: str
    """What it changed, as a unified diff."""
    nodes: str
    """What it changed, by structure."""
    before: int
    """Index of the picture before it."""
    after: int
    """Index of the picture after it."""
    partners: list[list[int]]
    """Boxes that are in both pictures: index before, index after, and 1 if their label differs."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            name=data.get("name", ''),
            use=data.get("use", ''),
            passes=data.get("passes", ''),
            changed=data.get("changed", False),
            failure=data.get("failure", ''),
            seconds=float(data.get("seconds", 0)),
            note=data.get("note", ''),
            analysis=data.get("analysis", ''),
            nodes_before=data.get("nodes_before", 0),
            nodes_after=data.get("nodes_after", 0),
            operators=[(item[0], item[1]) for item in data.get("operators", [])],
            verdict=data.get("verdict", ''),
            verdict_detail=data.get("verdict_detail", ''),
            reproduce=data.get("reproduce", ''),
            speed=_optional(data.get("speed"), ReportSpeed.from_json),
            speed_from_start=_optional(data.get("speed_from_start"), ReportSpeed.from_json),
            profile=[(item[0], item[1]) for item in data.get("profile", [])],
            diff=data.get("diff", ''),
            nodes=data.get("nodes", ''),
            before=data.get("before", -1),
            after=data.get("after", -1),
            partners=[list(item) for item in data.get("partners", [])],
        )


@dataclass(frozen=True, kw_only=True)
class ReportSpeed:
    """A measured change of the run time."""

    verdict: str
    """Such as FASTER."""
    text: str
    """The verdict with the speedup and its interval."""
    ratio: float | None
    """Time divided by that of the reference."""
    low: float | None
    """Lower end of the interval."""
    high: float | None
    """Upper end of the interval."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            verdict=data.get("verdict", ''),
            text=data.get("text", ''),
            ratio=_optional(data.get("ratio", 1), float),
            low=_optional(data.get("low", 1), float),
            high=_optional(data.get("high", 1), float),
        )


@dataclass(frozen=True, kw_only=True)
class ReportPicture:
    """A drawing."""

    level: str
    """Its level of detail; absent if everything is drawn."""
    note: str
    """What was left out, or why there is no drawing."""
    boxes: list[ReportBox]
    """Its boxes."""
    frames: list[ReportFrame]
    """Frames around boxes."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            level=data.get("level", ''),
            note=data.get("note", ''),
            boxes=[ReportBox.from_json(item) for item in data.get("boxes", [])],
            frames=[ReportFrame.from_json(item) for item in data.get("frames", [])],
        )


@dataclass(frozen=True, kw_only=True)
class ReportBox:
    """A box."""

    title: str
    """Such as conv2d."""
    op: str
    """Such as aten::conv2d; absent if it is not one operator."""
    text: str
    """The node as text, with its place in the source."""
    kind: str
    """Such as activation."""
    module: str
    """The submodule, such as layer1.0.conv1."""
    values: list[str]
    """Values that it defines."""
    types: list[str]
    """Types as seen in a run."""
    cost: list[tuple[str, str]]
    """Name and figure."""
    frame: int
    """Index of the frame around it."""
    numbers: ReportNumbers | None
    """What a box needs in one call."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            title=data.get("title", ''),
            op=data.get("op", ''),
            text=data.get("text", ''),
            kind=data.get("kind", ''),
            module=data.get("module", ''),
            values=list(data.get("values", [])),
            types=list(data.get("types", [])),
            cost=[(item[0], item[1]) for item in data.get("cost", [])],
            frame=data.get("frame", -1),
            numbers=_optional(data.get("numbers"), ReportNumbers.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class ReportFrame:
    """A frame: a branch, a loop, a fused group, or what is repeated."""

    title: str
    """Its title."""
    text: str
    """The node as text, with its place in the source."""
    parent: int
    """Index of the frame around it."""
    cost: list[tuple[str, str]]
    """Name and figure."""
    numbers: ReportNumbers | None
    """What a box needs in one call."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            title=data.get("title", ''),
            text=data.get("text", ''),
            parent=data.get("parent", -1),
            cost=[(item[0], item[1]) for item in data.get("cost", [])],
            numbers=_optional(data.get("numbers"), ReportNumbers.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class ReportNumbers:
    """What a box needs in one call."""

    time: float
    """Nanoseconds."""
    flops: float
    """Operations."""
    memory: float
    """Bytes read and written."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            time=float(data.get("time", -1)),
            flops=float(data.get("flops", -1)),
            memory=float(data.get("memory", -1)),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Report(Output):
    """The data inside a page of `tsir report`, in the element with the id tsir-data. A key whose value would be its
    default is absent.
    """

    schema: Literal["tsir.report/1"]
    """The kind and version of this data."""
    tool: str
    """The tsir that wrote it, with its LibTorch."""
    file: str
    """The file, without its folder."""
    method: str
    """The method."""
    passes: str
    """The passes, as text for --passes."""
    each: bool
    """Whether each pass ran alone, from the start."""
    date: str
    """When it was written."""
    commands: list[tuple[str, str]]
    """Commands that make the page, or its parts, again: what for, and the command."""
    facts: list[tuple[str, str]]
    """Facts about the machine and the run: name and value."""
    warnings: list[str]
    """Warnings, one line each."""
    bench: ReportTable | None
    """The table of the bench."""
    bench_text: str
    """The whole report of the bench."""
    profile: list[tuple[str, str]]
    """The time of each operator before any pass: name and time."""
    passes_run: list[ReportPass]
    """The passes."""
    pictures: list[ReportPicture]
    """The drawings, which the page holds as elements."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            tool=data.get("tool", ''),
            file=data.get("file", ''),
            method=data.get("method", ''),
            passes=data.get("passes", ''),
            each=data.get("each", False),
            date=data.get("date", ''),
            commands=[(item[0], item[1]) for item in data.get("commands", [])],
            facts=[(item[0], item[1]) for item in data.get("facts", [])],
            warnings=list(data.get("warnings", [])),
            bench=_optional(data.get("bench"), ReportTable.from_json),
            bench_text=data.get("bench_text", ''),
            profile=[(item[0], item[1]) for item in data.get("profile", [])],
            passes_run=[ReportPass.from_json(item) for item in data.get("passes_run", [])],
            pictures=[ReportPicture.from_json(item) for item in data.get("pictures", [])],
        )


@dataclass(frozen=True, kw_only=True)
class RunValue:
    """An output, or something in it."""

    path: str
    """Such as output[0].scores."""
    type: str
    """Tensor, list, tuple, dict, int, float, bool, complex, str, or the name of a class."""
    dtype: str | None
    """Of a tensor, such as float32."""
    shape: list[int] | None
    """Of a tensor."""
    device: str | None
    """Of a tensor, such as cpu."""
    layout: str | None
    """Of a tensor, such as strided."""
    min: float | None
    """The smallest finite element; null if there is none."""
    mean: float | None
    """The mean of the finite elements."""
    max: float | None
    """The largest finite element."""
    nan: int | None
    """Number of elements that are NaN."""
    infinite: int | None
    """Number of elements that are infinite."""
    values: list[str] | None
    """The elements, if there are at most 8."""
    length: int | None
    """Of a container: number of items."""
    value: str | None
    """Of anything else: its value as text."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            path=data["path"],
            type=data["type"],
            dtype=data.get("dtype"),
            shape=_optional(data.get("shape"), list),
            device=data.get("device"),
            layout=data.get("layout"),
            min=_optional(data.get("min"), float),
            mean=_optional(data.get("mean"), float),
            max=_optional(data.get("max"), float),
            nan=data.get("nan"),
            infinite=data.get("infinite"),
            values=_optional(data.get("values"), list),
            length=data.get("length"),
            value=data.get("value"),
        )


@dataclass(frozen=True, kw_only=True)
class RunTimes:
    """The times of the runs."""

    milliseconds: list[float]
    """Of each run, in milliseconds."""
    first_calls: int
    """Number of runs that do not count as settled, because the executor profiles or compiles in them."""
    settled: RunSettled
    """The runs after those. Zeros if there are none."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            milliseconds=[float(item) for item in data["milliseconds"]],
            first_calls=data["first_calls"],
            settled=RunSettled.from_json(data["settled"]),
        )


@dataclass(frozen=True, kw_only=True)
class RunSettled:
    """The runs after those. Zeros if there are none."""

    runs: int
    """Number of runs."""
    min_ms: float
    """The shortest, in milliseconds."""
    median_ms: float
    """The median, in milliseconds."""
    mean_ms: float
    """The mean, in milliseconds."""
    max_ms: float
    """The longest, in milliseconds."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            runs=data["runs"],
            min_ms=float(data["min_ms"]),
            median_ms=float(data["median_ms"]),
            mean_ms=float(data["mean_ms"]),
            max_ms=float(data["max_ms"]),
        )


@dataclass(frozen=True, kw_only=True)
class RunDifference:
    """A run whose outputs differ from those of the first."""

    run: int
    """Its number, from 1."""
    where: str
    """The place in the outputs."""
    what: str
    """The difference."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            run=data["run"],
            where=data["where"],
            what=data["what"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Run(Output):
    """The output of `tsir run --json`."""

    schema: Literal["tsir.run/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    method: str
    """The method, or the name of the graph."""
    passes: str
    """The passes that were run first, as text for --passes."""
    executor: Literal["as-is", "profiling", "simple"]
    """How the model was run."""
    device: str
    """Such as cpu."""
    threads: int
    """Number of threads within an operator."""
    grad: bool
    """Whether autograd was enabled."""
    seed: int
    """Seed of random inputs."""
    outputs: list[RunValue]
    """The outputs of the first run; what they contain follows each container."""
    times: RunTimes
    """The times of the runs."""
    first_different_run: RunDifference | None
    """The first run whose outputs differ from those of the first; null if there is none."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            method=data["method"],
            passes=data["passes"],
            executor=data["executor"],
            device=data["device"],
            threads=data["threads"],
            grad=data["grad"],
            seed=data["seed"],
            outputs=[RunValue.from_json(item) for item in data["outputs"]],
            times=RunTimes.from_json(data["times"]),
            first_different_run=_optional(data["first_different_run"], RunDifference.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class TuneCandidate:
    """A candidate."""

    parts: list[str]
    """Parts of the search space, such as freeze; empty: as loaded."""
    passes: str
    """The passes, as text for --passes."""
    settings: TuneSettings
    """Settings of the program that runs the module."""
    name: str
    """Its name, for people."""
    state: Literal["GOOD", "IDENTICAL", "WRONG", "FAILED", "UNTRIED"]
    """What became of it."""
    detail: str
    """Why it is not GOOD, in one line."""
    compared: bool
    """Whether its outputs were compared."""
    drift: float | None
    """The largest absolute difference of outputs; null if it is not finite."""
    unit: TuneUnit
    """What the passes made. Empty and 0 if it was not tried."""
    savable: bool
    """Whether a .pt can hold it."""
    against_as_loaded: TuneRatio | None
    """From the race; null if it did not take part."""
    median_ns: float
    """The goal's figure in the race: nanoseconds, or bytes for memory; 0 if it did not take part."""
    stopped_early: bool
    """Whether the race went on without it."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            parts=list(data["parts"]),
            passes=data["passes"],
            settings=TuneSettings.from_json(data["settings"]),
            name=data["name"],
            state=data["state"],
            detail=data["detail"],
            compared=data["compared"],
            drift=_optional(data["drift"], float),
            unit=TuneUnit.from_json(data["unit"]),
            savable=data["savable"],
            against_as_loaded=_optional(data["against_as_loaded"], TuneRatio.from_json),
            median_ns=float(data["median_ns"]),
            stopped_early=data["stopped_early"],
        )


@dataclass(frozen=True, kw_only=True)
class TuneUnit:
    """What the passes made. Empty and 0 if it was not tried."""

    key: str
    """Equal for units that execute the same."""
    unsavable: str
    """The first thing in it that a .pt cannot hold; empty if there is none."""
    notes: list[str]
    """Remarks of passes."""
    beyond_host: list[str]
    """What passes did that a program without tsir does not do."""
    open_seconds: float
    """Seconds to open the file and run the passes."""
    first_call_seconds: float
    """Seconds of the calls that profile and compile."""
    peak_bytes: int
    """The most memory of the process, in bytes."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            key=data["key"],
            unsavable=data["unsavable"],
            notes=list(data["notes"]),
            beyond_host=list(data["beyond_host"]),
            open_seconds=float(data["open_seconds"]),
            first_call_seconds=float(data["first_call_seconds"]),
            peak_bytes=data["peak_bytes"],
        )


@dataclass(frozen=True, kw_only=True)
class TuneConfirmation:
    """A candidate, measured again in fresh processes and with fresh inputs."""

    parts: list[str]
    """Parts of the search space, such as freeze; empty: as loaded."""
    passes: str
    """The passes, as text for --passes."""
    settings: TuneSettings
    """Settings of the program that runs the module."""
    name: str
    """Its name, for people."""
    verdict: Literal["IDENTICAL", "FASTER", "SLOWER", "SAME", "SMALL", "INCONCLUSIVE"]
    """The result."""
    ratio: float
    """The goal's figure divided by that of the module as loaded: below 1 is better."""
    low: float | None
    """Lower end of the interval; null if there is none."""
    high: float | None
    """Upper end; null if it is not bounded."""
    level: float
    """Confidence level of the interval, from 0 to 1."""
    rounds: int
    """Number of rounds."""
    median_ns: float
    """The goal's figure: nanoseconds, or bytes for memory."""
    as_loaded_ns: float
    """The same of the module as loaded."""
    further_inputs: int
    """Number of further sets of inputs on which its outputs were compared."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            parts=list(data["parts"]),
            passes=data["passes"],
            settings=TuneSettings.from_json(data["settings"]),
            name=data["name"],
            verdict=data["verdict"],
            ratio=float(data["ratio"]),
            low=_optional(data["low"], float),
            high=_optional(data["high"], float),
            level=float(data["level"]),
            rounds=data["rounds"],
            median_ns=float(data["median_ns"]),
            as_loaded_ns=float(data["as_loaded_ns"]),
            further_inputs=data["further_inputs"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Tune(Output):
    """The output of `tsir tune --json`."""

    schema: Literal["tsir.tune/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    sha1: str
    """Its SHA-1."""
    method: str
    """The method, or the name of the graph."""
    goal: Literal["latency", "p99", "throughput", "first-call", "memory"]
    """What was made small."""
    date: str
    """Local time, ISO 8601 with offset."""
    conditions: dict[str, str]
    """What the result holds for: processor, LibTorch, inputs and so on."""
    mix: list[MixPart]
    """Inputs that calls take in turn; empty if all calls have the same."""
    candidates: list[TuneCandidate]
    """All candidates; the first is the module as loaded."""
    best: TuneConfirmation | None
    """The best, measured again; null if nothing was better."""
    best_savable: TuneConfirmation | None
    """The best that a .pt can hold, measured again; null if nothing was better."""
    notes: list[str]
    """Notes for people, one line each."""
    interrupted: bool
    """Whether the user stopped it."""
    seconds: float
    """How long the search took."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            sha1=data["sha1"],
            method=data["method"],
            goal=data["goal"],
            date=data["date"],
            conditions=dict(data["conditions"]),
            mix=[MixPart.from_json(item) for item in data["mix"]],
            candidates=[TuneCandidate.from_json(item) for item in data["candidates"]],
            best=_optional(data["best"], TuneConfirmation.from_json),
            best_savable=_optional(data["best_savable"], TuneConfirmation.from_json),
            notes=list(data["notes"]),
            interrupted=data["interrupted"],
            seconds=float(data["seconds"]),
        )


@dataclass(frozen=True, kw_only=True)
class UpdateChecksFile:
    """A file."""

    file: str
    """The file as it was given."""
    state: Literal["current", "updated", "out of date", "failed"]
    """What became of it."""
    prefixes: list[str] | None
    """The prefixes whose lines were written."""
    by_hand: list[str] | None
    """The prefixes whose lines were written by hand, and kept."""
    error: str | None
    """Why it failed, in one line."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            file=data["file"],
            state=data["state"],
            prefixes=_optional(data.get("prefixes"), list),
            by_hand=_optional(data.get("by_hand"), list),
            error=data.get("error"),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class UpdateChecks(Output):
    """The output of `tsir update-checks --json`."""

    schema: Literal["tsir.update-checks/1"]
    """The kind and version of this output."""
    files: list[UpdateChecksFile]
    """The files, in the order in which they were given."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            files=[UpdateChecksFile.from_json(item) for item in data["files"]],
        )


@dataclass(frozen=True, kw_only=True)
class VerifyCost:
    """Where the time went, in seconds."""

    opening: float
    """Opening the file, with the passes of --start."""
    start: float
    """Runs of the unmodified model."""
    passes: float
    """The passes alone, and children that crashed or took too long."""
    runs: float
    """Runs of what passes changed."""
    whole: float
    """From the beginning to the end."""
    floor: float
    """The sum of opening, start, passes and runs."""
    at_once: int
    """Number of passes that were verified at the same time."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            opening=float(data["opening"]),
            start=float(data["start"]),
            passes=float(data["passes"]),
            runs=float(data["runs"]),
            whole=float(data["whole"]),
            floor=float(data["floor"]),
            at_once=data["at_once"],
        )


@dataclass(frozen=True, kw_only=True)
class VerifyPass:
    """The verdict on a pass."""

    pass_: str
    """Its name."""
    use: str
    """Its name with its options."""
    passes: str
    """The passes that reproduce the state after it, as text for --passes."""
    before: str
    """The passes that reproduce the state before it, as text for --passes."""
    verdict: Literal["unchanged", "identical", "equal", "differs", "unsteady", "not compared", "refused", "failed", "broken", "timed out", "crashed"]
    """What became of the results."""
    seconds: float
    """How long the pass alone took."""
    run_seconds: float
    """How long all runs of what it changed took."""
    max_absolute: float
    """The largest absolute difference."""
    max_relative: float
    """The largest relative difference."""
    what: str
    """The reason, in one line; empty if there is none."""
    note: str
    """The pass's own remark."""
    remarks: list[str]
    """Strides and shared storage that differ."""
    known: str
    """A known defect of LibTorch, by its report; empty if there is none."""
    reproducer: str
    """The folder of a reproducer; empty if there is none."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            pass_=data["pass"],
            use=data["use"],
            passes=data["passes"],
            before=data["before"],
            verdict=data["verdict"],
            seconds=float(data["seconds"]),
            run_seconds=float(data["run_seconds"]),
            max_absolute=float(data["max_absolute"]),
            max_relative=float(data["max_relative"]),
            what=data["what"],
            note=data["note"],
            remarks=list(data["remarks"]),
            known=data["known"],
            reproducer=data["reproducer"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Verify(Output):
    """The output of `tsir verify --json`."""

    schema: Literal["tsir.verify/1"]
    """The kind and version of this output."""
    file: str
    """The file as it was given."""
    method: str
    """The method as it was given; empty for the default."""
    start: str
    """The passes of --start."""
    each: bool
    """Whether each pass was verified on its own."""
    input_sets: int
    """Number of sets of inputs."""
    calls: int
    """Number of calls on each set."""
    seed: int
    """Seed of the first set."""
    executor: Literal["as-is", "profiling", "simple"]
    """How the model was run."""
    exit_code: int
    """The exit code of the command: 0, 1, 4 or 5."""
    cost: VerifyCost
    """Where the time went, in seconds."""
    passes: list[VerifyPass]
    """One verdict for each pass."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            file=data["file"],
            method=data["method"],
            start=data["start"],
            each=data["each"],
            input_sets=data["input_sets"],
            calls=data["calls"],
            seed=data["seed"],
            executor=data["executor"],
            exit_code=data["exit_code"],
            cost=VerifyCost.from_json(data["cost"]),
            passes=[VerifyPass.from_json(item) for item in data["passes"]],
        )


@dataclass(frozen=True, kw_only=True)
class VersionLibtorch:
    """A LibTorch, and what it was built with. Null: unknown, or without."""

    version: str | None
    """Its version."""
    cuda: str | None
    """Version of CUDA; null for a build without."""
    mkl: str | None
    """Version of MKL; null for a build without."""
    onednn: str | None
    """Version of oneDNN; null for a build without."""
    llvm: bool
    """Whether NNC compiles for CPUs with LLVM."""
    file: str | None
    """The path of libtorch_cpu.so."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            version=data["version"],
            cuda=data["cuda"],
            mkl=data["mkl"],
            onednn=data["onednn"],
            llvm=data["llvm"],
            file=data["file"],
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Version(Output):
    """The output of `tsir --version --json`."""

    schema: Literal["tsir.version/1"]
    """The kind and version of this output."""
    version: str
    """Version of tsir."""
    built_for: str
    """The LibTorch whose headers it was compiled with."""
    libtorch: VersionLibtorch
    """The LibTorch that is loaded."""

    @classmethod
    def from_json(cls, data: dict[str, Any], text: str = "") -> Self:
        return cls(
            raw=data,
            text=text,
            schema=data["schema"],
            version=data["version"],
            built_for=data["built_for"],
            libtorch=VersionLibtorch.from_json(data["libtorch"]),
        )

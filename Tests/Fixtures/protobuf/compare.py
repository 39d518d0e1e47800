"""Compares a protobuf page with text pages, value by value, floats bit for bit.

    compare.py FOLDER     FOLDER has before.txt, page.bin and after.txt, scraped in this order, and metrics_pb2.py

A line that is not the same in both text pages may have changed in between and is left out; nearly all have to be the same.
Prints how many values were the same; ends with 1 at the first that is not.
"""

import struct
import sys

sys.path.insert(0, sys.argv[1])
import metrics_pb2 as pb  # noqa: E402

folder = sys.argv[1]


def families(page):
    """The messages of a delimited page, each with what stands between it and the next: nothing."""
    at = 0
    while at < len(page):
        length = shift = 0
        while True:
            byte = page[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        assert at + length <= len(page), "the page ends within a message"
        family = pb.MetricFamily.FromString(page[at:at + length])
        at += length
        assert not family.UnknownFields() if hasattr(family, "UnknownFields") else True
        yield family


def key(name, pairs):
    return name, tuple(sorted(pairs))


def number(text):
    return {"+Inf": float("inf"), "-Inf": float("-inf"), "NaN": float("nan")}.get(text) or float(text)


def text_samples(path):
    """Name and labels of each line, with its value; and the TYPE and HELP of each family."""
    from prometheus_client.parser import text_string_to_metric_families as parse
    text = open(path, encoding="utf-8", newline="\n").read()
    values, types = {}, {}
    for line in text.split("\n"):
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            types[name] = kind
        elif line and not line.startswith("#"):
            sample = next(sample for family in parse(line + "\n") for sample in family.samples)
            identity = key(sample.name, sample.labels.items())
            assert identity not in values, f"{identity} stands twice"
            values[identity] = number(line.rsplit(" ", 1)[1])
    return values, types


def label(value):
    return str(value) if value != float("inf") else "+Inf"


def quantile(value):
    """As the text page has it: the shortest form, without a fraction where there is none."""
    return str(int(value)) if value == int(value) else str(value)


def protobuf_samples(page):
    values, types, seen = {}, {}, set()
    for family in families(page):
        assert family.metric, f"{family.name} has no series"
        # Prometheus does not expect classic histograms behind native ones, so these are a message of their own.
        native = {metric.histogram.HasField("schema") for metric in family.metric}
        assert len(native) == 1, f"{family.name} has both kinds in one message"
        assert (family.name, *native) not in seen, f"{family.name} stands twice"
        seen.add((family.name, *native))
        types[family.name] = pb.MetricType.Name(family.type).lower()
        for metric in family.metric:
            labels = [(pair.name, pair.value) for pair in metric.label]

            def add(suffix, value, *more):
                identity = key(family.name + suffix, labels + list(more))
                assert identity not in values, f"{identity} stands twice"
                values[identity] = float(value)

            kind = types[family.name]
            assert metric.HasField(kind) and len(metric.ListFields()) == (2 if labels else 1), f"{family.name}: {metric}"
            if kind == "summary":
                for each in metric.summary.quantile:
                    add("", each.value, ("quantile", quantile(each.quantile)))
                add("_count", metric.summary.sample_count)
                add("_sum", metric.summary.sample_sum)
            elif kind == "histogram":
                histogram = metric.histogram
                for each in histogram.bucket:
                    add("_bucket", each.cumulative_count, ("le", label(each.upper_bound)))
                add("_count", histogram.sample_count)
                add("_sum", histogram.sample_sum)
                check_native(family.name, histogram)
            else:
                add("", getattr(metric, kind).value)
    return values, types


def check_native(name, histogram):
    """A native histogram has the observations of the classic one, and the classic buckets fit in between its own."""
    if not histogram.HasField("schema"):
        assert not histogram.positive_span and not histogram.positive_delta
        return
    assert histogram.zero_threshold > 0 and -4 <= histogram.schema <= 3
    lengths = sum(span.length for span in histogram.positive_span)
    assert lengths == len(histogram.positive_delta) <= 160
    buckets, index, count, deltas = [], 0, 0, iter(histogram.positive_delta)
    for place, span in enumerate(histogram.positive_span):
        assert span.length > 0 and (place == 0 or span.offset > 0)
        index += span.offset
        for _ in range(span.length):
            count += next(deltas)
            assert count >= 0
            buckets.append((2 ** (index / 2 ** histogram.schema), count))
            index += 1
    total = histogram.zero_count + sum(count for _, count in buckets)
    assert total == histogram.sample_count, f"{name}: {total} in native buckets, {histogram.sample_count} observed"
    width = 2 ** (1 / 2 ** histogram.schema)
    for bucket in histogram.bucket:
        below = histogram.zero_count + sum(count for bound, count in buckets if bound <= bucket.upper_bound)
        touched = histogram.zero_count + sum(count for bound, count in buckets if bound / width <= bucket.upper_bound)
        assert below <= bucket.cumulative_count <= touched, f"{name}: le {bucket.upper_bound}"


before, types = text_samples(f"{folder}/before.txt")
after, _ = text_samples(f"{folder}/after.txt")
values, kinds = protobuf_samples(open(f"{folder}/page.bin", "rb").read())

bits = lambda value: struct.pack("<d", value)  # noqa: E731
steady = {identity for identity in before if identity in after and bits(before[identity]) == bits(after[identity])}
assert len(steady) > 0.9 * len(before), f"only {len(steady)} of {len(before)} values stayed the same"
for identity in sorted(steady):
    assert identity in values, f"{identity} is not in the protobuf page"
    assert bits(values[identity]) == bits(before[identity]), f"{identity}: {values[identity]!r}, not {before[identity]!r}"
extra = set(values) - set(before) - set(after)
assert not extra, f"only in the protobuf page: {sorted(extra)[:5]}"
for name, kind in types.items():
    if name in kinds:
        assert kinds[name] == kind, f"{name} is a {kinds[name]}, not a {kind}"
    else:
        # A summary without quantiles is two families there.
        assert kind == "summary" and kinds[name + "_sum"] == kinds[name + "_count"] == "untyped", f"no family {name}"
natives = sum(1 for line in families(open(f"{folder}/page.bin", "rb").read()) for metric in line.metric
              if metric.histogram.HasField("schema"))
print(f"{len(steady)} values are the same, {natives} native histograms")

# Two commands are enough for most: `make run` and `make test`. The rest is what they are made of.

SWIFT ?= swift
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
export SIDELONG_REVISION := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
RELEASE := $(BUILD) -c release --static-swift-stdlib --disable-local-rpath

.PHONY: all build run test lint docs golden dashboards fuzz sanitize soak bench image packages tools clean

all: build

## run: install what is missing, build, and run; without REDIS_ADDR against throwaway servers of its own
run: build
	@deploy/demo/run

## build: the release binary at .build/release/sidelong
build: packages
	$(RELEASE) --product sidelong

## test: install what is missing and run every test; the last line is "N passed, N failed"
test: packages tools
	@Tests/run

## lint: the checks of the source alone
lint:
	@deploy/packages test
	@Tests/lint/run

## docs: write the generated files again: docs/configuration.md, docs/metrics.md, deploy/kubernetes/monitoring
docs:
	SIDELONG_WRITE=docs $(SWIFT) test --filter 'DocumentationTests|KubernetesTests.theRulesAreThoseOfPrometheus'

## golden: write the golden page again, after a change of the page that was meant
golden:
	SIDELONG_WRITE=golden $(SWIFT) test --filter GoldenPageTests

## dashboards: write grafana/dashboards again from grafana/source
dashboards:
	grafana/generate

## fuzz: run each fuzz target for MINUTES (10)
MINUTES ?= 10
fuzz: packages
	@Tests/Fuzz/run $$(( $(MINUTES) * 60 ))

## sanitize: every test under AddressSanitizer, then under ThreadSanitizer
sanitize: build tools
	$(SWIFT) build --product sidelong
	@Tests/Sanitize/run address
	@Tests/Sanitize/run thread

## soak: load, faults and scrapes at once for MINUTES, and a verdict on what Sidelong exported of itself meanwhile
soak: build tools
	$(SWIFT) build --product Soak
	SIDELONG_BINARY=$(CURDIR)/.build/release/sidelong .build/debug/Soak $$(( $(MINUTES) * 60 ))

## bench: Sidelong beside the exporters that it stands in for, half an hour; needs root for the capture. With WRITE=1 the
## table in docs/benchmarks.md becomes this run's
bench: image tools
	@deploy/packages bench
	$(SWIFT) build -c release --product PageBenchmark
	$(SWIFT) build -c release --product TrafficBenchmark
	@Tests/Benchmarks/compare $(if $(WRITE),--write)

## image: the container image at .build/image/sidelong.tar, without a registry; needs root
image: build
	@deploy/packages image
	@deploy/image/build

## packages: the C libraries needed to build
packages:
	@deploy/packages build

## tools: servers and checkers needed by the tests
tools:
	@deploy/packages test
	@Tests/tools/valkey
	@Tests/tools/pypi-redis
	@Tests/tools/queue-libraries
	@Tests/tools/newer-databases
	@Tests/tools/checkers

clean:
	$(SWIFT) package clean

"""Benchmarks against the bare framework, as ratios in one run: `make bench`."""

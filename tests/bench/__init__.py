"""Benchmarks: Promptgate beside what else could be done. docs/performance.md says how to run and read them."""

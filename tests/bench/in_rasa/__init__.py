"""Parts of the benchmarks that run in Rasa's environment."""

"""What the tests and the demo share: a recording LLM stand-in, an Envoy to talk through, and plain HTTP clients."""

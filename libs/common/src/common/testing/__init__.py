"""Charter: what the tests of several members need: events, tokens, synthetic persons. Never in production."""

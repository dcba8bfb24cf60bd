"""Charter: what the tests of several members need: events, tokens, synthetic persons. Nothing here runs in production."""

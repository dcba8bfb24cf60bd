"""Charter: records that are no hot path: state, version, scope, event, audit in one place; personal data sealed."""

"""Charter: what the public does itself: apply, look, collect (网上办事)."""

"""Charter: ratings of service and the rectification of bad ones (好差评)."""

"""Charter: the codes of this service and what people call them."""

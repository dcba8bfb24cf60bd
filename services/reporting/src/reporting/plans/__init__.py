"""Plan filing (方案备案): the plans of cities, their versions, and what the province says of them."""

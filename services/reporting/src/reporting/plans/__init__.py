"""Charter: plans of cities: prepared, approved, filed with the province, carried out stage by stage."""

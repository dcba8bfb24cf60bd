"""Problems of implementation, told straight to the province past the hierarchy."""

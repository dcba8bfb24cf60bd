"""Statistics of casework: volumes, time limits, ratings; sheets and open data of dashboards."""

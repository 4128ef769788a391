"""The planner: proposes base grids from units, people and roads, and tells what would change."""

"""The ground of a synthetic district: streets, communities, water and roads."""

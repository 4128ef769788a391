"""The register: addresses, grids, people, entities, buildings; storage, identity, audit."""

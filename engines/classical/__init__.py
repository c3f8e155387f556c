"""The classical floor: fusion rules without weights that every learned method must beat."""

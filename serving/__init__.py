"""The live house: what answers people and machines."""

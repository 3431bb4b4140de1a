"""Commands of the live house, mounted by `vigie`."""

"""Commands of the service, mounted by `vigie`."""

"""The demo's service: simulated records, fictional names, accounts to try, a service started."""

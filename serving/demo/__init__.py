"""The demo's live house: simulated records, fictional names, accounts to try, a service started."""

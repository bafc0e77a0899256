"""Look at files by hand, without ledger, warehouse or clock: what is wrong with them, and what they hold."""

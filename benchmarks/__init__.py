"""Our speed beside that of the programs people use today: `python -m benchmarks NAME`."""

"""What a catalog is: pure values and rules, no I/O, no clock but an argument."""

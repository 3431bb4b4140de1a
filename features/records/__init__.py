"""What a record is: its declaration, its codes."""

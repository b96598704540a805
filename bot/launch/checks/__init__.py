"""What `safety-interview check` looks at, one module for each thing that can be wrong."""
